import { openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MediaFormat } from '../contract/screening.ts';
import { LabelRefusal } from '../engine/labels/writing/change.ts';
import { type Piece, piecesOf } from '../engine/labels/writing/pieces.ts';
import { type ByteSource, bufferSource, descriptorSource } from '../engine/media/bytes.ts';
import type { Sniffed } from '../engine/media/sniffed.ts';
import { type Labelled, madeFile, maxLiteralBytes, type Rendered, type Rendering } from './labelling-protocol.ts';
import { RenderRefusal } from './refusals.ts';
import { pictureLabel } from './render-texts.ts';

/** The file whose metadata is labelled: the one that came, or one with a label drawn, heard or hidden in it. */
export interface Content {
  base: Labelled['base'];
  source: ByteSource;
  /** How the content is made of the base. */
  pieces: Piece[];
  rendered: Rendered | null;
}

/** Puts into the content itself what was asked for. Throws a LabelRefusal where the kind of file has no place for it. */
export async function render(
  { source, workFolder, fd, sandboxed }: Opened,
  { format, kind }: Sniffed,
  rendering: Rendering,
  onProgress: (fraction: number) => void,
): Promise<Content> {
  if (kind === 'image') return renderPicture({ source, workFolder }, format, rendering);
  const { explicit } = rendering;
  if (kind === 'document' || !explicit || workFolder === null) throw new RenderRefusal('media-not-decodable', format);
  const [{ renderStreams }, { reachDescriptor }] = await Promise.all([
    import('./render-streams.ts'),
    import('./reach.ts'),
  ]);
  const reach = await reachDescriptor(fd, sandboxed);
  if (!reach) throw new RenderRefusal('media-not-decodable', format);
  try {
    const head = source.read(0, 16);
    const request = { input: reach.input, head, format, kind, plan: explicit, workFolder, onProgress };
    return { rendered: await renderStreams(request), ...fromWorkFolder(workFolder) };
  } finally {
    reach.end();
  }
}

export interface Opened {
  source: ByteSource;
  workFolder: string | null;
  /** The file behind a descriptor, for tools that open it themselves. */
  fd: number;
  sandboxed: boolean;
}

async function renderPicture(
  { source, workFolder }: { source: ByteSource; workFolder: string | null },
  format: MediaFormat,
  { explicit, identifier }: Rendering,
): Promise<Content> {
  const [{ rewriteImage }, { labelFont }, { faceFinder }, { prepareImages }] = await Promise.all([
    import('../engine/labels/explicit/image.ts'),
    import('../engine/labels/explicit/glyphs.ts'),
    import('../engine/labels/explicit/faces.ts'),
    import('../engine/media/image.ts'),
  ]);
  prepareImages();
  const bytes = source.read(0, source.size);
  if (bytes.length < source.size) throw new LabelRefusal('container-too-large', 'picture');
  const made = await rewriteImage(
    bytes,
    format,
    {
      label: explicit ? pictureLabel(explicit) : null,
      findFaces: explicit ? await faceFinder() : null,
      identifier: identifier === null ? null : BigInt(`0x${identifier}`),
    },
    labelFont(),
  );
  if (made.status === 'refused') throw new RenderRefusal(made.code, made.subject);
  const { drawn } = made;
  return {
    ...put(made.bytes, workFolder),
    rendered: {
      explicit:
        drawn && explicit
          ? {
              kind: explicit.style,
              text: drawn.text,
              heightRatio: drawn.ratio,
              position: drawn.position,
              fromMs: null,
              toMs: null,
            }
          : null,
      identifier,
      lost: [...made.lost, ...(drawn?.remarks ?? [])],
    },
  };
}

/** Small content goes as literal bytes, large content through the work folder. */
function put(bytes: Uint8Array, workFolder: string | null): Pick<Content, 'base' | 'source' | 'pieces'> {
  if (bytes.length <= maxLiteralBytes / 2) return { base: 'input', source: bufferSource(bytes), pieces: [{ bytes }] };
  if (workFolder === null) throw new LabelRefusal('container-too-large', 'picture');
  writeFileSync(join(workFolder, madeFile), bytes, { flag: 'wx' });
  return fromWorkFolder(workFolder);
}

/** What a tool left in the work folder. */
function fromWorkFolder(workFolder: string): Pick<Content, 'base' | 'source' | 'pieces'> {
  const source = descriptorSource(openSync(join(workFolder, madeFile), 'r'));
  return { base: 'made', source, pieces: piecesOf(source.size, []) };
}

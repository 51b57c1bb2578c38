import { openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExplicitPlan } from '../contract/labelling.ts';
import type { MediaFormat } from '../contract/screening.ts';
import { acceptLabelText, labelTexts } from '../engine/labels/explicit/texts.ts';
import { LabelRefusal } from '../engine/labels/writing/change.ts';
import { type Piece, piecesOf } from '../engine/labels/writing/pieces.ts';
import { type ByteSource, bufferSource, descriptorSource } from '../engine/media/bytes.ts';
import type { Sniffed } from '../engine/media/sniffed.ts';
import { type Labelled, madeFile, maxLiteralBytes, type Rendered, type Rendering } from './labelling-protocol.ts';

/** The file whose metadata is labelled: the one that came, or one with a label drawn, heard or hidden in it. */
export interface Content {
  base: Labelled['base'];
  source: ByteSource;
  /** How the content is made of the base. */
  pieces: Piece[];
  rendered: Rendered | null;
}

export type Progress = (step: string, fraction: number) => void;

/** Puts into the content itself what was asked for. Throws a LabelRefusal where the kind of file has no place for it. */
export async function render(
  { source, workFolder }: { source: ByteSource; workFolder: string | null },
  { format, kind }: Sniffed,
  rendering: Rendering,
  _progress: Progress,
): Promise<Content> {
  if (kind !== 'image') throw new LabelRefusal('container-variant', `${kind}: explicit`);
  return renderPicture({ source, workFolder }, format, rendering);
}

async function renderPicture(
  { source, workFolder }: { source: ByteSource; workFolder: string | null },
  format: MediaFormat,
  { explicit, identifier }: Rendering,
): Promise<Content> {
  const [{ rewriteImage }, { labelFont }, { prepareImages }] = await Promise.all([
    import('../engine/labels/explicit/image.ts'),
    import('../engine/labels/explicit/glyphs.ts'),
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
              position: explicit.position,
              fromMs: null,
              toMs: null,
            }
          : null,
      identifier,
      lost: [...made.lost, ...(drawn?.remarks ?? [])],
    },
  };
}

/** What cannot be rendered, with the code of the part that says so. */
export class RenderRefusal extends Error {
  readonly code: string;
  readonly where: string;

  constructor(code: string, where: string) {
    super(code);
    this.code = code;
    this.where = where;
  }
}

function pictureLabel(plan: ExplicitPlan) {
  const { claim, lang, style, text, position } = plan;
  if (style === 'eu-icon') {
    const word = claim === 'edited' ? ('MODIFIED' as const) : ('GENERATED' as const);
    return { kind: 'icon' as const, word, arrangement: 'beside' as const, position };
  }
  return { kind: 'text' as const, texts: textsOf(text, claim, lang), position, avoid: [] };
}

/** The preferred text first, then shorter ones for narrow pictures. */
export function textsOf(own: string | undefined, claim: ExplicitPlan['claim'], lang: ExplicitPlan['lang']) {
  if (own === undefined) return labelTexts[claim][lang];
  const accepted = acceptLabelText(own);
  if (!accepted.accepted) throw new RenderRefusal(accepted.code, own);
  return [accepted.text];
}

/** Small content goes as literal bytes, large content through the work folder. */
function put(bytes: Uint8Array, workFolder: string | null): Pick<Content, 'base' | 'source' | 'pieces'> {
  if (bytes.length <= maxLiteralBytes / 2) return { base: 'input', source: bufferSource(bytes), pieces: [{ bytes }] };
  if (workFolder === null) throw new LabelRefusal('container-too-large', 'picture');
  writeFileSync(join(workFolder, madeFile), bytes, { flag: 'wx' });
  return fromWorkFolder(workFolder);
}

/** What a tool left in the work folder. */
export function fromWorkFolder(workFolder: string): Pick<Content, 'base' | 'source' | 'pieces'> {
  const source = descriptorSource(openSync(join(workFolder, madeFile), 'r'));
  return { base: 'made', source, pieces: piecesOf(source.size, []) };
}

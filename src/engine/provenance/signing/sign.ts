import type { MediaFormat } from '../../../contract/screening.ts';
import type { Piece } from '../../labels/writing/pieces.ts';
import type { ByteSource } from '../../media/bytes.ts';
import { isCrowded } from '../crowded.ts';
import { provenanceFormat } from '../formats.ts';
import { type Library, openLibrary } from '../library.ts';
import { build } from './build.ts';
import { piecesBetween } from './difference.ts';
import { activeLabel } from './jumbf.ts';
import { signingCap } from './limits.ts';
import { type ManifestContent, manifestDefinition, parentLabel } from './manifest.ts';
import { SigningRefusal } from './refusal.ts';
import { type Signing, withSeal } from './seal.ts';

export interface SignRequest {
  source: ByteSource;
  format: MediaFormat;
  content: ManifestContent;
  /** For content that was opened: what was opened. Without one it is the file itself, with the manifest it has. */
  parent?: Parent | undefined;
  signing: Signing;
}

/** A file that another one was made from. */
export interface Parent {
  source: ByteSource;
  format: MediaFormat;
  title?: string;
}

export interface Signed {
  /** The new file, told by the old one. */
  pieces: Piece[];
  /** The manifest store as it stands in the file. */
  manifest: Uint8Array;
  /** Name of the new manifest, `urn:c2pa:…`. */
  label: string;
}

export interface ManifestSigner {
  /** Signs a file and puts the manifest into it. Throws a SigningRefusal; the file itself is never changed. */
  sign(request: SignRequest): Promise<Signed>;
  /** Linear memory of the library in bytes, which never shrinks. */
  memoryBytes(): number;
}

/** Loads the library once per process; `wasmBytes` is `@contentauth/c2pa-wasm/c2pa.wasm`. Nothing is ever fetched. */
export async function openSigner(wasmBytes: Uint8Array<ArrayBuffer>): Promise<ManifestSigner> {
  const library = await openLibrary(wasmBytes);
  return {
    memoryBytes: library.memoryBytes,
    sign: async ({ source, format, content, parent: given, signing }) => {
      const mime = signableMime(source, format);
      const definition = manifestDefinition(content);
      if (content.origin.kind === 'created') await refuseSigned(library, source, mime);
      const parent = content.origin.kind === 'opened' ? ingredientOf(given ?? { source, format }) : null;
      const made = await withSeal(signing, (seal) => build({ definition, mime, source, parent, embed: true, seal }));
      return { pieces: piecesBetween(source, made.asset), manifest: made.manifest, label: activeLabel(made.manifest) };
    },
  };
}

/** The parent as the library takes it in. It is validated on the way, and what was found stands in the ingredient. */
export function ingredientOf({ source, format, title }: Parent): { json: string; mime: string; source: ByteSource } {
  const json = JSON.stringify({
    relationship: 'parentOf',
    label: parentLabel,
    ...(title === undefined ? {} : { title }),
  });
  return { json, mime: signableMime(source, format), source };
}

/** The library's name for the format, when it can sign a file of it and of this size. */
function signableMime(source: ByteSource, mediaFormat: MediaFormat): string {
  const format = provenanceFormat(mediaFormat, source);
  if (!format) throw new SigningRefusal('format-unsupported', mediaFormat);
  const cap = signingCap(mediaFormat);
  if (source.size > cap) throw new SigningRefusal('file-too-large', `${mediaFormat} above ${cap} bytes`);
  if (isCrowded(source, format.container)) throw new SigningRefusal('file-unsignable', 'TooManyParts');
  return format.mime;
}

/** A manifest that says "created" over one that is there would bury it: §18.14.2 wants it opened as a parent. */
async function refuseSigned(library: Library, source: ByteSource, mime: string): Promise<void> {
  const found = await library.read({ source, mime, anchors: [], validate: false });
  if (found.kind === 'store' || found.kind === 'remote') throw new SigningRefusal('already-signed');
  if (found.kind === 'unreadable') throw new SigningRefusal('file-unsignable', found.code);
  if (found.kind === 'failed') throw new SigningRefusal('library-failed');
  if (found.kind === 'unsupported') throw new SigningRefusal('format-unsupported', mime);
}

import type { MediaFormat } from '../../../contract/screening.ts';
import { LabelRefusal } from '../../labels/writing/change.ts';
import type { Piece } from '../../labels/writing/pieces.ts';
import type { ByteSource } from '../../media/bytes.ts';
import { isCrowded } from '../crowded.ts';
import { provenanceFormat } from '../formats.ts';
import { type Library, openLibrary } from '../library.ts';
import { type Place, signInPlace } from './bind.ts';
import { type Ingredient, withDraft } from './build.ts';
import { piecesBetween } from './difference.ts';
import { activeLabel } from './jumbf.ts';
import { signingCap } from './limits.ts';
import { type ManifestContent, manifestDefinition, parentLabel } from './manifest.ts';
import { placeInMovie } from './place-bmff.ts';
import { placeInId3 } from './place-id3.ts';
import { placeInRiff } from './place-riff.ts';
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
    sign: ({ source, format, content, parent: given, signing }) =>
      inOurWords(async () => {
        const mime = mimeOf(source, format);
        const definition = manifestDefinition(content);
        const placeFor = places[format]?.(source) ?? null;
        if (!placeFor) checkSize(source, format, signingCap(format));
        if (content.origin.kind === 'created') await refuseSigned(library, source, mime);
        const parent = content.origin.kind === 'opened' ? ingredientOf(given ?? { source, format }) : null;
        const { pieces, manifest } = await withSeal(signing, async (seal) => {
          if (placeFor) return signInPlace({ source, definition, parent, placeFor, seal });
          const made = await withDraft(definition, parent, (draft) => draft.signInto(source, mime, seal));
          return { pieces: piecesBetween(source, made.asset), manifest: made.manifest };
        });
        return { pieces, manifest, label: activeLabel(manifest) };
      }),
  };
}

/** The containers' own writers refuse in words about labels. */
async function inOurWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LabelRefusal) throw new SigningRefusal('file-unsignable', error.code, { cause: error });
    throw error;
  }
}

/** The parent as the library takes it in. It is validated on the way, and what was found stands in the ingredient. */
export function ingredientOf({ source, format, title }: Parent): Ingredient {
  const json = JSON.stringify({
    relationship: 'parentOf',
    label: parentLabel,
    ...(title === undefined ? {} : { title }),
  });
  return { json, mime: mimeOf(source, format), source };
}

/** Where we put a manifest ourselves, without the library holding the file; null where the library does it. */
const places: { [format in MediaFormat]?: (source: ByteSource) => ((storeBytes: number) => Place) | null } = {
  mp4: placeInMovie,
  mov: placeInMovie,
  m4v: placeInMovie,
  m4a: placeInMovie,
  webp: placeInRiff,
  avi: placeInRiff,
  wav: placeInRiff,
  mp3: placeInId3,
  flac: placeInId3,
};

/** The library's name for the format, when it can read a file of it and of this size. */
function mimeOf(source: ByteSource, mediaFormat: MediaFormat): string {
  const format = provenanceFormat(mediaFormat, source);
  if (!format) throw new SigningRefusal('format-unsupported', mediaFormat);
  // What could not be read back must not be written.
  checkSize(source, mediaFormat, format.capBytes);
  if (isCrowded(source, format.container)) throw new SigningRefusal('file-unsignable', 'TooManyParts');
  if (mediaFormat === 'pdf' && isSignedPdf(source)) throw new SigningRefusal('file-unsignable', 'SignedPdf');
  return format.mime;
}

/** The library writes a PDF anew: a signature that somebody put under its bytes (ISO 32000-1 12.8.1) would no longer hold. */
function isSignedPdf(source: ByteSource): boolean {
  return Buffer.from(source.read(0, source.size)).includes('/ByteRange');
}

function checkSize(source: ByteSource, format: MediaFormat, cap: number): void {
  if (source.size > cap) throw new SigningRefusal('file-too-large', `${format} above ${cap} bytes`);
}

/** A manifest that says "created" over one that is there would bury it: §18.14.2 wants it opened as a parent. */
async function refuseSigned(library: Library, source: ByteSource, mime: string): Promise<void> {
  const found = await library.read({ source, mime, anchors: [], validate: false });
  if (found.kind === 'store' || found.kind === 'remote') throw new SigningRefusal('already-signed');
  if (found.kind === 'unreadable') throw new SigningRefusal('file-unsignable', found.code);
  if (found.kind === 'failed') throw new SigningRefusal('library-failed');
  if (found.kind === 'unsupported') throw new SigningRefusal('format-unsupported', mime);
}

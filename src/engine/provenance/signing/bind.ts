import { createHash, type Hash } from 'node:crypto';
import { type Edit, type Piece, pieceSource, piecesOf } from '../../labels/writing/pieces.ts';
import type { ByteSource } from '../../media/bytes.ts';
import { type Ingredient, withDraft } from './build.ts';
import { SigningRefusal } from './refusal.ts';
import type { Seal } from './seal.ts';

/** Where a manifest store of a certain length goes in a file, and what binds it to the rest. */
export interface Place {
  /** The changes of the file that put the store in. Their lengths hang on the store's length, not on its bytes. */
  edits(store: Uint8Array): Edit[];
  binding: Binding;
}

export interface Binding {
  label: 'c2pa.hash.data' | 'c2pa.hash.bmff.v3';
  /** What the hash leaves out, as the assertion says it. */
  exclusions: object[];
  /** Adds the new file's bytes to the hash, those left out not. */
  hash(file: ByteSource, hash: Hash): void;
}

/**
 * Signs a file without letting the library hold it: the hash is taken here, in pieces, and the place is known. Costs two to four
 * drafts of the manifest, as its length and its place hang on one another, and reads the file once. Any size will do.
 */
export async function signInPlace(request: {
  source: ByteSource;
  definition: string;
  parent: Ingredient | null;
  placeFor: (storeBytes: number) => Place;
  seal: Seal;
}): Promise<{ pieces: Piece[]; manifest: Uint8Array }> {
  const { source, parent, placeFor, seal } = request;
  const first = placeFor(firstGuess);
  const definition = withBinding(request.definition, first.binding.label, assertionOf(first.binding, noHash));
  return withDraft(definition, parent, async (draft) => {
    const blank = { ...seal, close: async () => new Uint8Array(seal.size) };
    let length = firstGuess;
    let place = first;
    for (let drafts = 0; ; drafts += 1) {
      if (drafts === maxDrafts) throw new SigningRefusal('file-unsignable', 'UnsettledLength');
      draft.update(place.binding.label, assertionOf(place.binding, noHash));
      const { length: actual } = await draft.signAlone(blank);
      if (actual === length) break;
      length = actual;
      place = placeFor(length);
    }
    const hash = createHash('sha256');
    place.binding.hash(pieceSource(source, piecesOf(source.size, place.edits(new Uint8Array(length)))), hash);
    draft.update(place.binding.label, assertionOf(place.binding, [...hash.digest()]));
    const manifest = await draft.signAlone(seal);
    if (manifest.length !== length) throw new SigningRefusal('file-unsignable', 'UnsettledLength');
    return { pieces: piecesOf(source.size, place.edits(manifest)), manifest };
  });
}

/** `c2pa.hash.data` (C2PA 2.2 §18.5): everything but the range that the manifest stands in; null where it stands beside. */
export function dataBinding(excluded: { start: number; length: number } | null): Binding {
  return {
    label: 'c2pa.hash.data',
    exclusions: excluded ? [excluded] : [],
    hash: (file, hash) => {
      addRange(hash, file, 0, excluded?.start ?? file.size);
      if (excluded) addRange(hash, file, excluded.start + excluded.length, file.size);
    },
  };
}

/** Adds bytes `from` to `to` of a file, however many. */
export function addRange(hash: Hash, file: ByteSource, from: number, to: number): void {
  for (let at = from; at < to; ) {
    const part = file.read(at, Math.min(readBytes, to - at));
    // A file that shrank meanwhile is another file than the one that was to be signed.
    if (part.length === 0) throw new SigningRefusal('file-unsignable', 'Truncated');
    hash.update(part);
    at += part.length;
  }
}

/** The definition with one assertion more. */
export function withBinding(definition: string, label: string, data: object): string {
  const { assertions, ...rest } = JSON.parse(definition);
  return JSON.stringify({ ...rest, assertions: [...assertions, { label, data, created: true }] });
}

/** Lists of numbers become byte strings in CBOR, where c2pa-rs knows the assertion. */
export function assertionOf({ label, exclusions }: Pick<Binding, 'label' | 'exclusions'>, hash: number[]): object {
  return {
    ...(exclusions.length === 0 ? {} : { exclusions }),
    name: 'jumbf manifest',
    alg: 'sha256',
    hash,
    // Required in the one (§18.5.2), unknown in the other (§18.6.3).
    ...(label === 'c2pa.hash.data' ? { pad: [] } : {}),
  };
}

const firstGuess = 4096;
const maxDrafts = 6;
const readBytes = 4 * 1024 * 1024;
const noHash = new Array<number>(32).fill(0);

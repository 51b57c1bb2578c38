import { type Box, eachBox } from '../../labels/containers/boxes.ts';
import { box, editsOf } from '../../labels/writing/bmff-changes.ts';
import { ascii, be } from '../../labels/writing/numbers.ts';
import type { ByteSource } from '../../media/bytes.ts';
import { addRange, type Binding, type Place } from './bind.ts';
import { SigningRefusal } from './refusal.ts';

/**
 * A `uuid` box behind `ftyp` (C2PA 2.2 §A.5.1), for movies: mp4, mov, m4v, m4a. All offsets that point at media move with it. Null
 * for a file whose boxes do not lead to its end, or without a movie.
 */
export function placeInMovie(source: ByteSource): ((storeBytes: number) => Place) | null {
  const top = [...eachBox(source, 0, source.size)];
  const moov = top.find(({ type }) => type === 'moov');
  const [first] = top;
  const last = top.at(-1);
  if (!moov || !first || !last || last.end !== source.size || last.truncated || top.length > maxTopBoxes) return null;
  const at = first.type === 'ftyp' ? first.end : 0;
  const removals = top
    .filter(({ uuid }) => uuid === c2paUuid)
    .map(({ start, end }) => ({ at: start, remove: end - start, insert: none, within: [] }));
  return () => ({
    edits: (store) =>
      // The new one first: an old one begins where it is put in.
      editsOf(source, { top, moov }, [{ at, remove: 0, insert: manifestBox(store), within: [] }, ...removals]),
    binding: movieBinding,
  });
}

/** `c2pa.hash.bmff.v3` (§18.6): each box of the file with its place before it, but for those that are always left out. */
const movieBinding: Binding = {
  label: 'c2pa.hash.bmff.v3',
  exclusions: [
    { xpath: '/uuid', data: [{ offset: 8, value: bytesOfHex('d8fec3d61b0e483c92975828877ec481') }] },
    { xpath: '/ftyp' },
    { xpath: '/mfra' },
  ],
  hash: (file, hash) => {
    let end = 0;
    for (const each of eachBox(file, 0, file.size)) {
      end = each.end;
      if (isLeftOut(each)) continue;
      hash.update(be(each.start, 8));
      addRange(hash, file, each.start, each.end);
    }
    if (end !== file.size) throw new SigningRefusal('file-unsignable', 'BoxesEndEarly');
  },
};

const c2paUuid = 'd8fec3d61b0e483c92975828877ec481';
const maxTopBoxes = 20_000;
const none = new Uint8Array(0);

function isLeftOut({ type, uuid }: Box): boolean {
  return type === 'ftyp' || type === 'mfra' || uuid === c2paUuid;
}

/** Version and flags, what it is for, and where Merkle trees are: there are none. */
function manifestBox(store: Uint8Array): Uint8Array {
  return box('uuid', new Uint8Array(bytesOfHex(c2paUuid)), be(0, 4), ascii('manifest\0'), be(0, 8), store);
}

function bytesOfHex(hex: string): number[] {
  return [...Buffer.from(hex, 'hex')];
}

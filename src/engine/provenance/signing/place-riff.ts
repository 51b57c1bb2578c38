import { concat, latin1, u32le } from '../../labels/containers/integers.ts';
import { ascii, le } from '../../labels/writing/numbers.ts';
import { chunksIn } from '../../labels/writing/riff-chunks.ts';
import type { ByteSource } from '../../media/bytes.ts';
import { dataBinding, type Place } from './bind.ts';
import { SigningRefusal } from './refusal.ts';

/**
 * A `C2PA` chunk at the end of the RIFF form (C2PA 2.2 §A.3.7), for WebP, AVI and WAV. Nothing before it moves; the library would
 * write the whole form anew and lose the XMP of an AVI.
 */
export function placeInRiff(source: ByteSource): (storeBytes: number) => Place {
  const formEnd = 8 + u32le(source.read(0, 8), 4);
  if (formEnd > source.size) throw new SigningRefusal('file-unsignable', 'Truncated');
  // An index of a long AVI counts into the forms behind the first one.
  if (latin1(source.read(formEnd, 4)) === 'RIFF') throw new SigningRefusal('file-unsignable', 'SeveralForms');
  const chunks = chunksIn(source, { start: 12, end: formEnd, where: 'RIFF', order: 'little' });
  const old = chunks.filter(({ id }) => id === 'C2PA');
  const removals = old.map(({ start, next }) => ({ at: start, remove: next - start, insert: none }));
  const removed = removals.reduce((sum, { remove }) => sum + remove, 0);
  // Chunks begin at even offsets; some writers leave out the last pad byte.
  const gap = (formEnd - removed) % 2;
  return (storeBytes) => {
    const start = formEnd - removed + gap;
    const newEnd = start + 8 + storeBytes + (storeBytes % 2);
    if (newEnd > 0xffffffff) throw new SigningRefusal('file-too-large', 'RIFF');
    const head = concat([new Uint8Array(gap), ascii('C2PA'), le(storeBytes, 4)]);
    return {
      edits: (store) => [
        { at: 4, remove: 4, insert: le(newEnd - 8, 4) },
        ...removals,
        { at: formEnd, remove: 0, insert: concat([head, store, new Uint8Array(storeBytes % 2)]) },
      ],
      binding: dataBinding({ start, length: 8 + storeBytes }),
    };
  };
}

const none = new Uint8Array(0);

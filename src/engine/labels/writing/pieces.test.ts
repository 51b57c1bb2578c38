import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bufferSource } from '../../media/bytes.ts';
import { bytesOf, composed, type Edit, type Piece, pieceSource, piecesOf, sizeOf } from './pieces.ts';

const old = Uint8Array.from({ length: 60 }, (_, index) => index);
const source = bufferSource(old);

const edits = fc
  .array(fc.tuple(fc.nat(12), fc.nat(6), fc.uint8Array({ maxLength: 5 })), { maxLength: 5 })
  .map((list) => {
    let at = 0;
    return list.map(([gap, remove, insert]): Edit => {
      const edit = { at: at + gap, remove, insert };
      at = edit.at + remove;
      return edit;
    });
  })
  .filter((list) => list.every(({ at, remove }) => at + remove <= old.length));

function plainly(bytes: Uint8Array, list: readonly Edit[]): Uint8Array {
  const out = [...bytes];
  for (const { at, remove, insert } of list.toReversed()) out.splice(at, remove, ...insert);
  return Uint8Array.from(out);
}

describe('pieces of a new file', () => {
  it('make what the edits say, in whole and in any part', () => {
    fc.assert(
      fc.property(edits, fc.nat(80), fc.nat(80), (list, offset, length) => {
        const pieces = piecesOf(source.size, list);
        const expected = plainly(old, list);
        expect(bytesOf(source, pieces)).toEqual(expected);
        expect(sizeOf(pieces)).toBe(expected.length);
        expect(pieceSource(source, pieces).read(offset, length)).toEqual(expected.subarray(offset, offset + length));
      }),
    );
  });

  it('of a second change are pieces of the first file', () => {
    const nat = fc.nat(1_000);
    fc.assert(
      fc.property(edits, fc.array(fc.tuple(nat, nat), { maxLength: 4 }), (list, cuts) => {
        const first = piecesOf(source.size, list);
        const between = bytesOf(source, first);
        const second = cuts.flatMap(([a, b]): Piece[] => {
          const from = a % (between.length + 1);
          return [{ from, length: b % (between.length - from + 1) }, { bytes: Uint8Array.of(a & 255) }];
        });
        expect(bytesOf(source, composed(first, second))).toEqual(bytesOf(bufferSource(between), second));
      }),
    );
  });

  it('are not made of edits that overlap or reach out', () => {
    const nothing = new Uint8Array(0);
    expect(() => piecesOf(10, [{ at: 8, remove: 3, insert: nothing }])).toThrow(RangeError);
    expect(() =>
      piecesOf(10, [
        { at: 1, remove: 3, insert: nothing },
        { at: 2, remove: 1, insert: nothing },
      ]),
    ).toThrow(RangeError);
  });
});

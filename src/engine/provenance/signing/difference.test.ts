import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, type Piece } from '../../labels/writing/pieces.ts';
import { bufferSource } from '../../media/bytes.ts';
import { piecesBetween } from './difference.ts';

test('whatever became of a file, the pieces make it', () => {
  const bytes = fc.uint8Array({ maxLength: 30_000 });
  fc.assert(
    fc.property(bytes, bytes, fc.nat(30_000), fc.nat(2_000), fc.nat(), (old, put, at, removed, patched) => {
      const made = new Uint8Array([...old.subarray(0, at), ...put, ...old.subarray(at + removed)]);
      if (made.length > 0) made[patched % made.length] = 7;
      const source = bufferSource(old);
      expect(Buffer.compare(bytesOf(source, piecesBetween(source, made)), made)).toBe(0);
    }),
  );
});

const noise = new Uint8Array(200_000).map((_, index) => (index * index * 31) >> 5);
const manifest = new Uint8Array(3_000).fill(9);
const kept = (pieces: Piece[]) => pieces.reduce((sum, piece) => sum + ('bytes' in piece ? 0 : piece.length), 0);

test.each([
  ['put in near the start', [noise.subarray(0, 40), manifest, noise.subarray(40)]],
  ['appended', [noise, manifest]],
  ['exchanged for a longer one', [noise.subarray(0, 40), manifest, noise.subarray(540)]],
  ['exchanged for a shorter one', [noise.subarray(0, 40), manifest, noise.subarray(9_040)]],
])('a manifest %s: nearly all of the file is told by the old one', (_, parts) => {
  const made = new Uint8Array(Buffer.concat(parts));
  const pieces = piecesBetween(bufferSource(noise), made);
  expect(kept(pieces)).toBeGreaterThan(185_000);
  expect(pieces.length).toBeLessThan(5);
});

test('a size patched at the start and a table patched at the end cost two blocks', () => {
  const made = new Uint8Array(Buffer.concat([noise, manifest]));
  made[5] = (made[5] ?? 0) + 1;
  made[199_000] = (made[199_000] ?? 0) + 1;
  expect(kept(piecesBetween(bufferSource(noise), made))).toBeGreaterThan(190_000);
});

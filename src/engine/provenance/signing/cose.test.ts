import { decode, Tag } from 'cbor2';
import { expect, test } from 'vitest';
import { coseSign1, leastPadding, protectedHeader, toBeSigned, toBeStamped } from './cose.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const header = protectedHeader('es256', [new Uint8Array([1]), new Uint8Array([2])]);
const parts = { header, signature: new Uint8Array(64), token: null };
const bare = coseSign1(parts)?.length ?? 0;

test('the protected header: one certificate stands alone, several in an array (RFC 9360 §2)', () => {
  expect(hex(header)).toBe('a2012618218241014102');
  expect(hex(protectedHeader('ed25519', [new Uint8Array([1])]))).toBe('a2012718214101');
});

test('what is signed and what is stamped, byte by byte', () => {
  const small = new Uint8Array([0xa0]);
  // ["Signature1", h'a0', h'', h'05'] and ["CounterSignature", h'a0', h'', h'4109']: the signature with its own head.
  expect(hex(toBeSigned(small, new Uint8Array([5])))).toBe('846a5369676e61747572653141a0404105');
  expect(hex(toBeStamped(small, new Uint8Array([9])))).toBe('8470436f756e7465725369676e617475726541a040424109');
});

test('a Buffer is a byte string like any other', () => {
  expect(hex(toBeSigned(Buffer.from(header), Buffer.from([5])))).toBe(hex(toBeSigned(header, new Uint8Array([5]))));
});

test('every length from the least padding on is reached to the byte, across all heads of byte strings', () => {
  for (const padding of [...range(leastPadding, 600), ...range(65_530, 65_560)]) {
    const cose = coseSign1(parts, bare + padding);
    expect(cose?.length).toBe(bare + padding);
    const read = cose && decode(cose);
    expect(read instanceof Tag && read.tag).toBe(18);
    const pads = read instanceof Tag && Array.isArray(read.contents) ? Object.entries(read.contents[1]) : [];
    expect(pads.map(([name]) => name)).toEqual(['pad', 'pad2'].slice(0, pads.length));
    for (const [, zeros] of pads) expect(zeros instanceof Uint8Array && zeros.every((byte) => byte === 0)).toBe(true);
  }
});

test('what does not fit is not made to fit', () => {
  expect(coseSign1(parts, bare - 1)).toBeNull();
  expect(coseSign1(parts, bare + 3)).toBeNull();
  expect(coseSign1(parts, bare)?.length).toBe(bare);
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

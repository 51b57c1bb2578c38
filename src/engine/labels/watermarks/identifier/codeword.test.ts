import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksumBits, codewordBits, decodeIdentifier, encodeIdentifier } from './codeword.ts';

describe('a codeword', () => {
  it('gives its identifier back when one bit in five is wrong', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 64n - 1n), fc.integer(), (identifier, seed) => {
        const random = mulberry32(seed);
        const soft = softBits(encodeIdentifier(identifier), random, 1.1);
        const wrong = countWrong(soft, encodeIdentifier(identifier));
        expect(decodeIdentifier(soft)).toEqual({ identifier, bitErrors: wrong });
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('has no twin nearer than sixty bits among identifiers that differ in one bit', () => {
    const word = encodeIdentifier(0x5555aaaa0000ffffn);
    for (let bit = 0n; bit < 64n; bit += 1n) {
      const other = encodeIdentifier(0x5555aaaa0000ffffn ^ (1n << bit));
      expect(word.reduce((sum, value, at) => sum + (value ^ (other[at] ?? 0)), 0)).toBeGreaterThan(60);
    }
  });
});

describe('no codeword', () => {
  it('is found in noise', () => {
    const random = mulberry32(7);
    for (let trial = 0; trial < 500; trial += 1)
      expect(decodeIdentifier(Float64Array.from({ length: codewordBits }, () => gauss(random)))).toBeNull();
  });

  it.each<[string, (bit: number) => number]>([
    ['silence', () => 0],
    ['all ones', () => 1],
    ['all zeros', () => -1],
    ['bits by turns', (bit) => (bit % 2 ? 1 : -1)],
    ['what is no number', () => Number.NaN],
  ])('is found in %s', (_what, of) => {
    expect(decodeIdentifier(Float64Array.from({ length: codewordBits }, (_, bit) => of(bit)))).toBeNull();
  });

  it('passes its checksum by accident more than once in four thousand million times', () => {
    expect(2 ** -checksumBits).toBeLessThan(2.4e-10);
  });
});

function softBits(codeword: Uint8Array, random: () => number, noise: number): Float64Array {
  return Float64Array.from(codeword, (bit) => (bit ? 1 : -1) + noise * gauss(random));
}

function countWrong(soft: Float64Array, codeword: Uint8Array): number {
  return codeword.reduce((sum, bit, at) => sum + ((soft[at] ?? 0) > 0 === (bit === 1) ? 0 : 1), 0);
}

function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

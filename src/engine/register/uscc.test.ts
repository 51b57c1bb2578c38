import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findUsccFault, usccCheckCharacter } from './uscc.ts';

// Made-up codes whose check characters were worked out by hand from the tables of the two standards; no such company is meant.
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

const value = (character: string) => (/\d/.test(character) ? Number(character) : character.charCodeAt(0) - 55);

/** GB 11714-1997 for eight characters, written apart from the code under test. */
function organisationCode(eight: string): string {
  const sum = [3, 7, 9, 10, 5, 8, 4, 2].reduce((total, weight, at) => total + weight * value(eight.charAt(at)), 0);
  const check = 11 - (sum % 11);
  return `${eight}${check === 10 ? 'X' : check === 11 ? '0' : check}`;
}

const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
const eight = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 8, maxLength: 8 });
const sound = fc
  .tuple(fc.constantFrom('91', '92', '93', '52', 'Y1'), digits(6), eight)
  .map(([kind, division, code]) => `${kind}${division}${organisationCode(code)}`)
  .map((first17) => `${first17}${usccCheckCharacter(first17)}`);

test.each([
  // The example that GB 32100-2015 itself works out (A.2).
  ['91350100M000100Y43', null],
  ['9135010OM000100Y43', { reason: 'character', at: 8, character: 'O', instead: '0' }],
  ['91350100M0001I0Y43', { reason: 'character', at: 14, character: 'I', instead: '1' }],
  ['91350100M000100Y4S', { reason: 'character', at: 18, character: 'S', instead: '5' }],
  ['91350100M000100Y4-', { reason: 'character', at: 18, character: '-', instead: null }],
  ['91A50100M000100Y43', { reason: 'division', at: 3, character: 'A' }],
  ['9135010QM000100Y43', { reason: 'division', at: 8, character: 'Q' }],
  ['91350100M000100Y4', { reason: 'length', length: 17 }],
  ['', { reason: 'length', length: 0 }],
  // The last character alone is wrong.
  ['91350100M000100Y44', { reason: 'check-outer', expected: '3', found: '4' }],
  // One within the organisation code is wrong: both sums notice.
  ['91350100M000200Y43', { reason: 'check-inner', from: 9, to: 17 }],
])('%s', (code, fault) => {
  expect(findUsccFault(code)).toEqual(fault);
});

describe('whatever the code', () => {
  test('it holds as it is', () => {
    fc.assert(
      fc.property(sound, (code) => {
        expect(findUsccFault(code)).toBeNull();
      }),
    );
  });

  test('one wrong character at any position is noticed, and the place that is named holds it', () => {
    fc.assert(
      fc.property(sound, fc.nat(17), fc.constantFrom(...alphabet), (code, at, character) => {
        fc.pre(code.charAt(at) !== character);
        const fault = findUsccFault(`${code.slice(0, at)}${character}${code.slice(at + 1)}`);
        if (fault === null) throw new Error('not noticed');
        if (fault.reason === 'division') expect(fault.at).toBe(at + 1);
        else if (fault.reason === 'check-inner') expect(at + 1 >= fault.from && at + 1 <= fault.to).toBe(true);
        else expect(fault.reason).toBe('check-outer');
        // The inner sum is modulo 11: it is blind to characters that lie 11 or 22 apart.
        const unseen = (value(character) - value(code.charAt(at))) % 11 === 0;
        if (fault.reason === 'check-outer') expect(at < 8 || at === 17 || unseen).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('two neighbours that changed places are noticed', () => {
    fc.assert(
      fc.property(sound, fc.nat(16), (code, at) => {
        const [one, other] = [code.charAt(at), code.charAt(at + 1)];
        fc.pre(one !== other);
        expect(findUsccFault(`${code.slice(0, at)}${other}${one}${code.slice(at + 2)}`)).not.toBeNull();
      }),
    );
  });
});

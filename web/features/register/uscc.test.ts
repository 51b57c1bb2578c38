import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findUsccFault as findOnServer } from '../../../src/engine/register/uscc.ts';
import { findUsccFault } from './uscc.ts';

const sound = '91350100M000100Y43'; // the example of GB 32100-2015, A.2

test('the page and the server find the same fault in a whole code', () => {
  const mistyped = fc
    .tuple(fc.nat(17), fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-'))
    .map(([at, character]) => `${sound.slice(0, at)}${character}${sound.slice(at + 1)}`);
  fc.assert(
    fc.property(mistyped, (code) => {
      expect(findUsccFault(code)).toEqual(findOnServer(code));
    }),
    { numRuns: 2000 },
  );
  expect(findUsccFault(sound)).toBeNull();
});

test('a wrong character is named while the code is still being typed', () => {
  expect(findUsccFault('9135O')).toEqual({ reason: 'character', at: 5, character: 'O', instead: '0' });
  expect(findUsccFault('91A')).toEqual({ reason: 'division', at: 3, character: 'A' });
  expect(findUsccFault('91350100')).toEqual({ reason: 'length', length: 8 });
});

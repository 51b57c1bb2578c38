import { describe, expect, it } from 'vitest';
import { decodeProviderCode, validateUscc } from './provider-code.ts';

describe('Unified Social Credit Code', () => {
  it.each([
    // Real codes of companies, from labels and company registers.
    ['91110102MAD55U9H0F', true],
    ['91440300708461136T', true],
    ['91310104MACE0YX639', true],
    ['91110108MA01KP2T5U', true],
    ['91440300MA5FYBFG1P', true],
    ['91110102MAD55U9H0G', false],
    ['91110102MAD55U9H1F', false],
    // Neighbours swapped.
    ['91110102MAD55UH90F', false],
    // I, O, S, V, Z are not in the alphabet.
    ['91110102MAO55U9H0F', false],
    ['91110102mad55u9h0f', false],
    ['91110102MAD55U9H0', false],
    ['91110102MAD55U9H0FF', false],
    ['', false],
    ['一二三四五六七八九十一二三四五六七八', false],
  ])('%s', (code, valid) => {
    expect(validateUscc(code).valid).toBe(valid);
  });

  it('tells which check character it should be', () => {
    expect(validateUscc('91110102MAD55U9H0G')).toMatchObject({
      expectedCheckCharacter: 'F',
      checkCharacter: 'G',
      division: '110102',
    });
  });
});

describe('provider code', () => {
  it('is taken apart', () => {
    expect(decodeProviderCode('001191440300708461136T1XGW3')).toMatchObject({
      wellFormed: true,
      format: '00',
      subject: 'organisation',
      boundBy: 'uscc',
      uscc: { code: '91440300708461136T', valid: true, division: '440300', organisation: '708461136' },
      service: 'generation',
      serviceNumber: 'XGW3',
    });
  });

  it.each([
    ['001191110102MAD55U9H0F00000', { wellFormed: true, service: 'unused' }],
    ['001191110102MAD55U9H0F2ABCD', { wellFormed: true, service: 'propagation' }],
    ['001191110102MAD55U9H0F3ABCD', { wellFormed: false, service: 'other' }],
    ['001191110102MAD55U9H0F1ABC', { wellFormed: false }],
    ['001191110102mad55u9h0f10002', { wellFormed: false, uscc: { valid: false } }],
    ['002191110102MAD55U9H0F10002', { wellFormed: true, subject: 'other' }],
    ['00000000000000000000000000000', { wellFormed: false, subject: 'other' }],
  ])('%s', (code, parts) => {
    expect(decodeProviderCode(code)).toMatchObject(parts);
  });

  it.each(['MiniMax', '豆包', '', '91110102MAD55U9H0F', '0011', `0${'1'.repeat(400)}`])(
    'is a name, not a code: %s',
    (name) => {
      expect(decodeProviderCode(name)).toBeNull();
    },
  );
});

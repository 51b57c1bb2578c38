import { describe, expect, it } from 'vitest';
import { type AigcFields, buildProviderCode, composeAigc, noFields } from './compose.ts';
import { decodeProviderCode } from './provider-code.ts';
import { verifySeal } from './seal.ts';
import { newSealKey, sealKeyFrom, sealLabel } from './sealing.ts';

const uscc = '91110102MAD55U9H0F';
const right: AigcFields = { ...noFields, Label: '1', ContentProducer: `0011${uscc}10002`, ProduceID: '98ae6b12' };

function codes(change: Partial<AigcFields>): string[] {
  const made = composeAigc({ ...right, ...change });
  return 'text' in made ? [] : made.mistakes.map(({ field, code }) => `${field} ${code}`);
}

describe('composing a label', () => {
  it('writes the seven fields in the order of Annex E', () => {
    expect(composeAigc(right)).toEqual({
      text: `{"Label":"1","ContentProducer":"0011${uscc}10002","ProduceID":"98ae6b12","ReservedCode1":"","ContentPropagator":"","PropagateID":"","ReservedCode2":""}`,
    });
  });

  it.each<[Partial<AigcFields>, string[]]>([
    [{ Label: '4' }, ['Label label-value']],
    [{ Label: '' }, ['Label label-value']],
    [{ ContentProducer: '' }, ['ContentProducer field-empty']],
    [{ ProduceID: '' }, ['ProduceID field-empty']],
    [{ ContentProducer: '云上微光' }, ['ContentProducer field-charset']],
    [{ ContentProducer: 'Minimax Agent AI' }, ['ContentProducer field-charset']],
    [{ ProduceID: 'a\tb' }, ['ProduceID field-charset']],
    [{ ProduceID: 'x'.repeat(5000) }, ['ProduceID field-too-long']],
    [{ ContentProducer: uscc }, ['ContentProducer provider-bare-uscc']],
    [{ ContentProducer: `0011${uscc}1000` }, ['ContentProducer provider-code-malformed']],
    [{ ContentProducer: '001191110102MAD55U9H0G10002' }, ['ContentProducer provider-code-uscc']],
    [{ ContentProducer: `0011${uscc}20002` }, ['ContentProducer provider-code-kind']],
    [{ ContentPropagator: 'platform' }, ['PropagateID propagation-incomplete']],
    [{ ReservedCode2: 'x' }, ['ContentPropagator propagation-incomplete', 'PropagateID propagation-incomplete']],
    [{ ContentProducer: '', ProduceID: '', ContentPropagator: 'platform', PropagateID: '7' }, []],
    [{ ContentProducer: '', ContentPropagator: 'platform', PropagateID: '7' }, ['ContentProducer field-empty']],
    [{ ContentProducer: 'ShimmerCloud' }, []],
    [{ ProduceID: '"quoted"\\and{braced}' }, []],
  ])('%j', (change, expected) => {
    expect(codes(change)).toEqual(expected);
  });

  it('builds provider codes that decode to what they were made of', () => {
    const code = buildProviderCode({ uscc, service: 'generation', number: '0002' });
    expect(code).toBe('001191110102MAD55U9H0F10002');
    expect(decodeProviderCode(code ?? '')).toMatchObject({
      wellFormed: true,
      service: 'generation',
      serviceNumber: '0002',
    });
    expect(buildProviderCode({ uscc, service: 'propagation', number: null })).toBe(`0011${uscc}00000`);
    expect(buildProviderCode({ uscc, service: 'propagation', number: 'ab' })).toBeNull();
    expect(buildProviderCode({ uscc: `${uscc.slice(0, 17)}G`, service: 'generation', number: null })).toBeNull();
  });
});

describe('sealing a label', () => {
  const key = newSealKey();
  const sealed = {
    label: right.Label,
    contentProducer: right.ContentProducer,
    produceId: right.ProduceID,
    contentPropagator: '',
    propagateId: '',
  };

  it('is verified by the reader, by the key itself and by a pinned one', () => {
    const text = sealLabel(right, key);
    expect(verifySeal(text, { slot: 'ReservedCode1', ...sealed })).toMatchObject({
      outcome: 'seal-valid',
      signedBytes: 'guide',
      keyForm: 'uncompressed',
    });
    const pin = [{ id: 'ours', publicKeyHex: key.publicKeyHex }];
    expect(verifySeal(text, { slot: 'ReservedCode1', ...sealed }, pin)?.outcome).toBe('seal-valid-pinned');
    expect(verifySeal(text, { slot: 'ReservedCode2', ...sealed })?.outcome).toBe('seal-valid');
    expect(composeAigc({ ...right, ReservedCode1: text })).toHaveProperty('text');
  });

  it('does not hold for another value, nor under another key', () => {
    const text = sealLabel(right, key);
    expect(verifySeal(text, { slot: 'ReservedCode1', ...sealed, produceId: '98ae6b13' })?.outcome).toBe('seal-invalid');
    const forged = text.replace(key.publicKeyHex, newSealKey().publicKeyHex);
    expect(verifySeal(forged, { slot: 'ReservedCode1', ...sealed })?.outcome).toBe('seal-invalid');
  });

  it('takes a private key that is one', () => {
    expect(sealKeyFrom(key.privateKeyHex)).toEqual(key);
    expect(sealKeyFrom('00'.repeat(32))).toBeNull();
    expect(sealKeyFrom('f'.repeat(64))).toBeNull();
    expect(sealKeyFrom('xyz')).toBeNull();
  });
});

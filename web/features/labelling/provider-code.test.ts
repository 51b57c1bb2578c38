import { expect, test } from 'vitest';
import { buildProviderCode, composeAigc, noFields } from '../../../src/engine/labels/aigc/compose.ts';
import { buildCode, findProviderFault } from './provider-code.ts';

const uscc = '91110102MAD55U9H0F';
const texts = [
  ...['Shimmer', '流光', 'a b', '0x12', uscc, `0011${uscc}00000`, `0011${uscc}10001`, `0011${uscc}20001`],
  ...[`0011${uscc.replace('9H', '9G')}10001`, `0011${uscc}1000`, `0011${uscc}100010`, `0011${uscc}1000a`],
  ...[`0011${uscc}30001`, `0021${uscc}10001`, `0012${uscc}10001`, `0111${uscc}10001`, '001234567890123456789012345'],
];

test.each(['generation', 'propagation'] as const)('what the form says of %s is what the server says', (service) => {
  for (const text of texts) {
    const fields = service === 'generation' ? producer(text) : platform(text);
    const composed = composeAigc(fields);
    const [mistake] = 'mistakes' in composed ? composed.mistakes : [];
    expect([text, findProviderFault(text, service)]).toEqual([text, mistake?.code ?? null]);
  }
});

test('a code is built as the server builds it', () => {
  for (const service of ['generation', 'propagation'] as const) {
    for (const number of ['', '0001', 'A1Z9', '1', 'abcd', '流光流光']) {
      const expected = buildProviderCode({ uscc, service, number: number === '' ? null : number });
      expect([number, buildCode(uscc, service, number)]).toEqual([number, expected]);
    }
  }
  expect(buildCode(uscc.replace('F', 'G'), 'generation', '0001')).toBeNull();
});

function producer(text: string) {
  return { ...noFields, Label: '1', ContentProducer: text, ProduceID: '1' };
}

function platform(text: string) {
  return { ...noFields, Label: '1', ContentPropagator: text, PropagateID: '1' };
}

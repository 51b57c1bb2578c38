import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  makeChain,
  signerExtensions,
  type TestChain,
  type TestKey,
} from '../../../../test/signing/make-certificate.ts';
import { checkChain } from './certificates.ts';
import type { SigningRefusalCode } from './refusal.ts';

const good = makeChain();
const now = new Date(Date.now() + 3600_000);
const years = (count: number) => new Date(now.getTime() + count * 365 * 24 * 3600 * 1000);
const [leaf = new Uint8Array(0), between = new Uint8Array(0)] = good.chain;

/** The usual extensions, with one line exchanged or left out. */
function extensionsWith(name: string, line: string | null): string[] {
  const others = signerExtensions.filter((one) => !one.startsWith(`${name} `));
  return line === null ? others : [...others, `${name} = ${line}`];
}
const withExtensions = (name: string, line: string | null) =>
  makeChain({ extensions: extensionsWith(name, line) }).chain;
const withKey = (key: TestKey) => makeChain({ key }).chain;
function outcome(chain: readonly Uint8Array[], at = now): string {
  try {
    return `${checkChain(chain, at).chain.length} certificates`;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'something else';
  }
}

test.each<[what: string, chain: () => readonly Uint8Array[], expected: string]>([
  ['signer and authority', () => [leaf, between], '2 certificates'],
  ['with the root, which is left out', () => [leaf, between, good.rootDer], '2 certificates'],
  ['the signer alone', () => [leaf], '1 certificates'],
  ["C2PA's own purpose", () => withExtensions('extendedKeyUsage', '1.3.6.1.4.1.62558.2.1'), '2 certificates'],
  ['document signing', () => withExtensions('extendedKeyUsage', '1.3.6.1.5.5.7.3.36'), '2 certificates'],
])('%s: may sign', (_, chain, expected) => expect(outcome(chain())).toBe(expected));

test.each<[what: string, chain: () => readonly Uint8Array[], code: SigningRefusalCode]>([
  ['nothing', () => [], 'certificate-unfit'],
  ['no certificate', () => [new Uint8Array(40)], 'certificate-unfit'],
  ['an authority', () => [between], 'certificate-unfit'],
  ['for servers', () => withExtensions('extendedKeyUsage', 'serverAuth'), 'certificate-unfit'],
  [
    'for any purpose',
    () => withExtensions('extendedKeyUsage', 'emailProtection, anyExtendedKeyUsage'),
    'certificate-unfit',
  ],
  [
    'for time stamps too',
    () => withExtensions('extendedKeyUsage', 'emailProtection, timeStamping'),
    'certificate-unfit',
  ],
  ['for no purpose', () => withExtensions('extendedKeyUsage', null), 'certificate-unfit'],
  ['not for signatures', () => withExtensions('keyUsage', 'critical, keyEncipherment'), 'certificate-unfit'],
  ['without key usage', () => withExtensions('keyUsage', null), 'certificate-unfit'],
  ['without its authority named', () => withExtensions('authorityKeyIdentifier', 'none'), 'certificate-unfit'],
  ['a short RSA key', () => withKey('rsa1024'), 'algorithm-unsupported'],
  ['another curve', () => withKey('k256'), 'algorithm-unsupported'],
  ['an RSA key for PSS only, which c2pa-rs cannot read', () => withKey('rsapss'), 'algorithm-unsupported'],
  ['authorities of somebody else', () => [leaf, makeChain().chain[1] ?? leaf], 'chain-broken'],
  ['the wrong way round', () => [between, leaf], 'certificate-unfit'],
  ['a link left out', () => [leaf, good.rootDer], 'chain-broken'],
  [
    'an authority that may not sign certificates',
    () => noAuthority('CA:TRUE', 'digitalSignature').chain,
    'chain-broken',
  ],
  ['no authority at all', () => noAuthority('CA:FALSE', 'digitalSignature').chain, 'chain-broken'],
  ['ten of them', () => Array.from({ length: 10 }, () => leaf), 'certificate-unfit'],
])('%s: refused', (_, chain, code) => expect(outcome(chain())).toBe(code));

test.each<[years: number, expected: string]>([
  [-1, 'certificate-not-yet-valid'],
  [0, '2 certificates'],
  [9, '2 certificates'],
  [11, 'certificate-expired'],
])('in %s years: %s', (count, expected) => expect(outcome(good.chain, years(count))).toBe(expected));

test('an authority that expires before its signer ends both', () => {
  expect(outcome(makeChain({ betweenDays: 30 }).chain, years(1))).toBe('certificate-expired');
});

test('the public key comes with what it can sign', () => {
  expect(checkChain(good.chain, now)).toMatchObject({ algorithms: ['es256'] });
  expect(checkChain(withKey('rsa2048'), now).algorithms).toEqual(['ps256', 'ps384', 'ps512']);
  expect(readFileSync(good.keyFile, 'utf8')).toContain('PRIVATE KEY');
});

function noAuthority(constraints: string, usage: string): TestChain {
  return makeChain({
    between: [
      `basicConstraints = critical, ${constraints}`,
      `keyUsage = critical, ${usage}`,
      'subjectKeyIdentifier = hash',
      'authorityKeyIdentifier = keyid',
    ],
  });
}

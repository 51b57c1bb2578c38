import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeChain, type TestKey } from '../../../../test/signing/make-certificate.ts';
import { secondOpinion } from '../../../../test/signing/second-reader.ts';
import { mediaOf } from '../../../../test/signing/test-media.ts';
import { aiMade, signingWith } from '../../../../test/signing/test-signing.ts';
import { bytesOf } from '../../labels/writing/pieces.ts';
import { bufferSource } from '../../media/bytes.ts';
import { openProvenance } from '../provenance.ts';
import { type SigningAlgorithm, signatureBytes } from './algorithms.ts';
import { openSigner } from './sign.ts';

const wasm = readFileSync('node_modules/@contentauth/c2pa-wasm/pkg/c2pa_bg.wasm');

/** Key, algorithm, bytes of a signature, and what c2pa-ts says: it calls every signature with P-521 false. */
const table: [TestKey, SigningAlgorithm, number, boolean][] = [
  ['p256', 'es256', 64, true],
  ['p384', 'es384', 96, true],
  ['p521', 'es512', 132, false],
  ['rsa2048', 'ps256', 256, true],
  ['rsa2048', 'ps384', 256, true],
  ['rsa3072', 'ps512', 384, true],
  ['ed25519', 'ed25519', 64, true],
];

test.each(table)('a key %s signs %s', async (kind, algorithm, length, secondReaderKnows) => {
  const signer = await openSigner(wasm);
  const reader = await openProvenance(wasm);
  const chain = makeChain({ key: kind });
  const source = bufferSource(await mediaOf('jpeg'));
  const signing = signingWith(chain, algorithm);
  const { pieces } = await signer.sign({ source, format: 'jpeg', content: aiMade, signing });
  const signed = Buffer.from(bytesOf(source, pieces));

  const trust = { anchorsPem: chain.rootPem, tsaAnchorsPem: '', lists: [{ id: 'test', version: '1' }] };
  const { signals } = await reader.read({ source: bufferSource(signed), format: 'jpeg', mime: 'x/y', trust });
  expect(signals.map(({ code }) => code)).toEqual(['c2pa-trusted-ai-generated']);
  const second = await secondOpinion('jpeg', signed);
  expect(second).toMatchObject({ signatureHolds: true, isValid: secondReaderKnows });
  expect(second.chain.map((der) => Buffer.from(der))).toEqual(chain.chain.map((der) => Buffer.from(der)));
  expect(await signing.sign(new Uint8Array(5))).toHaveLength(length);
  expect(signatureBytes(algorithm, second.key)).toBe(length);
});

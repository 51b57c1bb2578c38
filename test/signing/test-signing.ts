import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { algorithms, type SigningAlgorithm, signatureOptions } from '../../src/engine/provenance/signing/algorithms.ts';
import type { ManifestContent } from '../../src/engine/provenance/signing/manifest.ts';
import type { Signing } from '../../src/engine/provenance/signing/seal.ts';
import type { TestChain } from './make-certificate.ts';

/** For tests only: signs with the key of a test chain, in this process. */
export function signingWith(chain: TestChain, algorithm: SigningAlgorithm = 'es256'): Signing {
  const key = createPrivateKey(readFileSync(chain.keyFile));
  return {
    chain: chain.chain,
    algorithm,
    at: new Date(),
    sign: async (message) =>
      new Uint8Array(sign(algorithms[algorithm].hash, message, { key, ...signatureOptions(algorithm) })),
  };
}

export const iptc = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
export const clearmirror = { name: 'Clearmirror', version: '0.1.0' };
const at = new Date('2026-03-01T10:00:00Z');

export const aiMade: ManifestContent = {
  generator: clearmirror,
  title: 'A test',
  origin: {
    kind: 'created',
    sourceType: `${iptc}trainedAlgorithmicMedia`,
    by: { name: 'Test Generator', version: '2.0' },
    at,
  },
  metadata: { 'Iptc4xmpExt:DigitalSourceType': `${iptc}trainedAlgorithmicMedia`, 'dc:creator': ['Clearmirror Tests'] },
  trainingMining: { 'cawg.ai_training': 'notAllowed', 'cawg.data_mining': { constrained: 'ask first' } },
};

export const labelled: ManifestContent = {
  generator: clearmirror,
  origin: { kind: 'opened', by: clearmirror, at },
  steps: [
    { action: 'c2pa.edited', by: clearmirror, at, sourceType: `${iptc}compositeWithTrainedAlgorithmicMedia` },
    { action: 'c2pa.edited.metadata', by: clearmirror, at, description: 'AI label written' },
  ],
};

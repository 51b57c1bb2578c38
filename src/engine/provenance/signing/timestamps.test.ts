import { readFileSync } from 'node:fs';
import { WasmReader } from '@contentauth/c2pa-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeChain } from '../../../../test/signing/make-certificate.ts';
import { makeTimestampAuthority } from '../../../../test/signing/make-timestamps.ts';
import { secondOpinion } from '../../../../test/signing/second-reader.ts';
import { mediaOf } from '../../../../test/signing/test-media.ts';
import { aiMade, signingWith } from '../../../../test/signing/test-signing.ts';
import { bytesOf } from '../../labels/writing/pieces.ts';
import { bufferSource } from '../../media/bytes.ts';
import { openProvenance, type ProvenanceReader } from '../provenance.ts';
import type { Timestamping } from './seal.ts';
import { type ManifestSigner, openSigner } from './sign.ts';

const wasm = readFileSync('node_modules/@contentauth/c2pa-wasm/pkg/c2pa_bg.wasm');
const chain = makeChain();
const authority = makeTimestampAuthority();
let signer: ManifestSigner;
let reader: ProvenanceReader;
beforeAll(async () => {
  signer = await openSigner(wasm);
  reader = await openProvenance(wasm);
});

async function sign(timestamp: Timestamping): Promise<Buffer> {
  const source = bufferSource(await mediaOf('jpeg'));
  const { pieces } = await signer.sign({
    source,
    format: 'jpeg',
    content: aiMade,
    signing: { ...signingWith(chain), timestamp },
  });
  return Buffer.from(bytesOf(source, pieces));
}

/** Status codes of c2pa-rs itself, with both kinds of authorities listed. */
async function statusesOf(signed: Uint8Array): Promise<string[]> {
  const anchors = (kind: string, pem: string) => ({ trust_anchors: pem, trust_uri: kind, trust_kind: kind });
  const settings = {
    verify: { verify_trust: true, remote_manifest_fetch: false, ocsp_fetch: false },
    trust: { anchors: [anchors('manifest', chain.rootPem), anchors('tsa', authority.chain.rootPem)] },
  };
  const found = await WasmReader.fromBytes('image/jpeg', signed, JSON.stringify(settings));
  const { success, informational, failure } = JSON.parse(found.json()).validation_results.activeManifest;
  found.free();
  return [...success, ...informational, ...failure].map(({ code }: { code: string }) => code);
}

test('a stamped manifest: c2pa-rs trusts the time, openssl verifies the token, our reader says valid', async () => {
  const signed = await sign({ stamp: authority.stamp });
  expect(await statusesOf(signed)).toEqual(
    expect.arrayContaining(['timeStamp.validated', 'timeStamp.trusted', 'claimSignature.validated']),
  );
  // c2pa-ts cannot judge this one: it takes what stands in sigTst2 for a whole TimeStampResp, as only sigTst holds it.
  const { token, stamped, signatureHolds } = await secondOpinion('jpeg', signed);
  expect(signatureHolds).toBe(true);
  expect(token && stamped && authority.verifies(stamped, token)).toBe(true);
  expect(token && authority.verifies(Buffer.from('something else'), token)).toBe(false);
  const trust = {
    anchorsPem: chain.rootPem,
    tsaAnchorsPem: authority.chain.rootPem,
    lists: [{ id: 'test', version: '1' }],
  };
  const { signals } = await reader.read({ source: bufferSource(signed), format: 'jpeg', mime: 'x/y', trust });
  expect(signals).toMatchObject([{ code: 'c2pa-trusted-ai-generated', checks: [] }]);
});

test('a stamp over something else is no trusted time', async () => {
  const signed = await sign({ stamp: () => authority.stamp(Buffer.from('another message')) });
  const statuses = await statusesOf(signed);
  expect(statuses).not.toContain('timeStamp.validated');
  expect(statuses).toContain('timeStamp.mismatch');
});

describe('room for the token', () => {
  test('is measured with one more token where nobody knows it', async () => {
    let asked = 0;
    await sign({ stamp: (message) => authority.stamp(message).finally(() => asked++) });
    expect(asked).toBe(2);
  });

  test('is taken as told, and one token is enough', async () => {
    let asked = 0;
    const { length } = await authority.stamp(Buffer.from('x'));
    await sign({ tokenBytes: length, stamp: (message) => authority.stamp(message).finally(() => asked++) });
    expect(asked).toBe(1);
  });

  test('told too small, the signing begins again with more', async () => {
    const signed = await sign({ tokenBytes: 100, stamp: authority.stamp });
    expect(await statusesOf(signed)).toContain('timeStamp.trusted');
  });

  test('with tokens that grow and grow, it is refused', async () => {
    let length = 1000;
    const stamp = async () => {
      length += 1000;
      return new Uint8Array(length);
    };
    await expect(sign({ stamp })).rejects.toMatchObject({ code: 'timestamp-too-large' });
  });

  test('with a monstrous token, it is refused', async () => {
    const stamp = async () => new Uint8Array(1024 * 1024);
    await expect(sign({ stamp })).rejects.toMatchObject({ code: 'timestamp-too-large' });
  });
});

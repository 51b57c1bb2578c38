import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { makeChain } from '../../../../test/signing/make-certificate.ts';
import { makeTimestampAuthority } from '../../../../test/signing/make-timestamps.ts';
import { secondOpinion } from '../../../../test/signing/second-reader.ts';
import { mediaOf } from '../../../../test/signing/test-media.ts';
import { aiMade, labelled, signingWith } from '../../../../test/signing/test-signing.ts';
import { type MediaFormat, mediaFormats } from '../../../contract/screening.ts';
import { bytesOf } from '../../labels/writing/pieces.ts';
import { bufferSource } from '../../media/bytes.ts';
import { provenanceFormat } from '../formats.ts';
import { openSidecarSigner, type SidecarSigner, sidecarTypes } from './sidecar.ts';
import { openSigner } from './sign.ts';

const wasm = readFileSync('node_modules/@contentauth/c2pa-wasm/pkg/c2pa_bg.wasm');
const chain = makeChain();
let signer: SidecarSigner;
beforeAll(async () => {
  signer = await openSidecarSigner(wasm);
});

test('exactly the media formats without a place for a manifest have a sidecar', () => {
  const riff = bufferSource(Buffer.from('RIFF'));
  const without = mediaFormats.filter((format) => provenanceFormat(format, riff) === null);
  expect(Object.keys(sidecarTypes).sort()).toEqual(
    without.filter((format) => format !== 'ooxml' && format !== 'markdown').sort(),
  );
});

test.each<MediaFormat>(['webm', 'mkv', 'flv', 'ogg', 'opus'])(
  '%s: the manifest beside it is valid for it and for nothing else',
  async (format) => {
    const media = await mediaOf(format);
    const { manifest, label } = await signer.sign({
      source: bufferSource(media),
      format,
      content: aiMade,
      signing: signingWith(chain),
    });
    expect(label).toMatch(/^urn:c2pa:/);
    const second = await secondOpinion(format, media, manifest);
    expect(second).toMatchObject({ isValid: true, signatureHolds: true, excluded: '', manifests: 1 });
    expect(second.statuses).toContain('assertion.dataHash.match');
    expect(second.statuses.filter((status) => status === 'assertion.hashedURI.match')).toHaveLength(4);

    media[media.length - 3] = (media[media.length - 3] ?? 0) ^ 1;
    expect((await secondOpinion(format, media, manifest)).statuses).toContain('assertion.dataHash.mismatch!');
    const longer = Buffer.concat([await mediaOf(format), Buffer.from('more')]);
    expect((await secondOpinion(format, longer, manifest)).statuses).toContain('assertion.dataHash.mismatch!');
  },
);

test('a file made from a signed one takes the manifest of that along', async () => {
  const original = bufferSource(await mediaOf('mp4'));
  const embedded = await (await openSigner(wasm)).sign({
    source: original,
    format: 'mp4',
    content: aiMade,
    signing: signingWith(chain),
  });
  const media = await mediaOf('webm');
  const { manifest } = await signer.sign({
    source: bufferSource(media),
    format: 'webm',
    content: labelled,
    parent: { source: bufferSource(bytesOf(original, embedded.pieces)), format: 'mp4', title: 'original.mp4' },
    signing: signingWith(chain),
  });
  const second = await secondOpinion('webm', media, manifest);
  expect(second).toMatchObject({ isValid: true, manifests: 2 });
  expect(second.assertions).toContain('c2pa.ingredient.v3');
});

test('a parent that has no place for a manifest is named all the same', async () => {
  const media = await mediaOf('ogg');
  const { manifest } = await signer.sign({
    source: bufferSource(media),
    format: 'ogg',
    content: labelled,
    signing: signingWith(chain),
  });
  const second = await secondOpinion('ogg', media, manifest);
  expect(second).toMatchObject({ isValid: true, manifests: 1 });
  expect(second.assertions).toContain('c2pa.ingredient.v3');
});

test('with a time stamp', async () => {
  const authority = makeTimestampAuthority();
  const media = await mediaOf('ogg');
  const { manifest } = await signer.sign({
    source: bufferSource(media),
    format: 'ogg',
    content: aiMade,
    signing: { ...signingWith(chain), timestamp: { stamp: authority.stamp } },
  });
  const { token, stamped, signatureHolds } = await secondOpinion('ogg', media, manifest);
  expect(signatureHolds && token && stamped && authority.verifies(stamped, token)).toBe(true);
});

test('refused: formats with a place inside, and a file that shrinks while it is read', async () => {
  const media = await mediaOf('jpeg');
  const request = { content: aiMade, signing: signingWith(chain) };
  await expect(signer.sign({ ...request, source: bufferSource(media), format: 'jpeg' })).rejects.toMatchObject({
    code: 'format-unsupported',
  });
  const shrinking = { size: 100, read: () => new Uint8Array(0) };
  await expect(signer.sign({ ...request, source: shrinking, format: 'webm' })).rejects.toMatchObject({
    code: 'file-unsignable',
  });
});

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeChain } from '../../../../test/signing/make-certificate.ts';
import { secondOpinion } from '../../../../test/signing/second-reader.ts';
import { mediaOf } from '../../../../test/signing/test-media.ts';
import { aiMade, labelled, signingWith } from '../../../../test/signing/test-signing.ts';
import type { MediaFormat } from '../../../contract/screening.ts';
import { bytesOf } from '../../labels/writing/pieces.ts';
import { bufferSource } from '../../media/bytes.ts';
import { openProvenance, type ProvenanceReader } from '../provenance.ts';
import type { ManifestContent } from './manifest.ts';
import type { Signing } from './seal.ts';
import { type ManifestSigner, openSigner, type Parent } from './sign.ts';

const wasm = readFileSync('node_modules/@contentauth/c2pa-wasm/pkg/c2pa_bg.wasm');
const chain = makeChain();
let signer: ManifestSigner;
let reader: ProvenanceReader;
beforeAll(async () => {
  signer = await openSigner(wasm);
  reader = await openProvenance(wasm);
});

async function sign(
  format: MediaFormat,
  media: Buffer,
  options: { content?: ManifestContent; signing?: Signing; parent?: Parent } = {},
): Promise<Buffer> {
  const { content = aiMade, signing = signingWith(chain), parent } = options;
  const source = bufferSource(media);
  const { pieces } = await signer.sign({ source, format, content, parent, signing });
  return Buffer.from(bytesOf(source, pieces));
}

async function read(format: MediaFormat, bytes: Buffer, rootPem = chain.rootPem) {
  const trust = { anchorsPem: rootPem, tsaAnchorsPem: '', lists: [{ id: 'test', version: '1' }] };
  return reader.read({ source: bufferSource(bytes), format, mime: 'x/y', trust });
}
const codes = async (format: MediaFormat, bytes: Buffer, rootPem?: string) =>
  (await read(format, bytes, rootPem)).signals.map(({ code }) => code);

const embedding: MediaFormat[] = [
  ...(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif', 'heic', 'svg'] as const),
  ...(['mp4', 'mov', 'm4a', 'avi', 'wav', 'mp3', 'flac', 'pdf'] as const),
];

describe.each(embedding)('%s', (format) => {
  test('signed: our reader and another implementation find it valid, nothing else is left out of the hash', async () => {
    const media = await mediaOf(format);
    const signed = await sign(format, media);
    expect(await codes(format, signed)).toEqual(['c2pa-trusted-ai-generated']);

    const second = await secondOpinion(format, signed);
    expect(second.statuses.filter((status) => status.endsWith('!'))).toEqual([]);
    expect(second).toMatchObject({ isValid: true, signatureHolds: true, manifests: 1 });
    expect(second.statuses).toContain('claimSignature.validated');
    expect(second.statuses.filter((status) => status.startsWith('assertion.hashedURI'))).toHaveLength(4);
    expect(second.statuses.join(' ')).toMatch(/assertion\.(dataHash|bmffHash)\.match/);
    expect(second.assertions.slice(0, 3)).toEqual(['c2pa.actions.v2', 'cawg.metadata', 'cawg.training-mining']);
    expect(leftOut(format, second)).toBe('the manifest');
  });

  test('changed after signing: both call it invalid', async () => {
    const signed = await sign(format, await mediaOf(format));
    const at = lastMediaByte(format, signed);
    signed[at] = (signed[at] ?? 0) ^ 1;
    expect((await codes(format, signed))[0] ?? 'unreadable').toMatch(/^(c2pa-invalid|unreadable)/);
    expect((await secondOpinion(format, signed)).statuses.join(' ')).toMatch(/(dataHash|bmffHash)\.mismatch!/);
  });

  test('signed again, the first manifest is the parent of the second', async () => {
    const once = await sign(format, await mediaOf(format));
    await expect(sign(format, once)).rejects.toMatchObject({ code: 'already-signed' });
    const twice = await sign(format, once, { content: labelled });
    expect(await codes(format, twice)).toEqual(['c2pa-trusted-ai-edited']);
    const second = await secondOpinion(format, twice);
    expect(second).toMatchObject({ isValid: true, signatureHolds: true, manifests: 2 });
    expect(second.assertions).toContain('c2pa.ingredient.v3');
  });
});

test('an edited file keeps its parent, though nothing of the parent is in its bytes', async () => {
  const original = await sign('png', await mediaOf('png'));
  const edited = await mediaOf('jpeg');
  const signed = await sign('jpeg', edited, {
    content: labelled,
    parent: { source: bufferSource(original), format: 'png', title: 'original.png' },
  });
  const { signals } = await read('jpeg', signed);
  expect(signals.map(({ code }) => code)).toEqual(['c2pa-trusted-ai-edited']);
  expect(JSON.stringify(signals)).toContain('original.png');
  expect(await secondOpinion('jpeg', signed)).toMatchObject({ isValid: true, manifests: 2 });
});

test('a parent without a manifest is a parent all the same', async () => {
  const signed = await sign('jpeg', await mediaOf('jpeg'), { content: labelled });
  expect(await codes('jpeg', signed)).toEqual(['c2pa-trusted-ai-edited']);
  expect(await secondOpinion('jpeg', signed)).toMatchObject({ isValid: true, manifests: 1 });
});

test('a parent that was changed after it was signed stays visibly so', async () => {
  const original = await sign('jpeg', await mediaOf('jpeg'));
  original[original.length - 20] = (original[original.length - 20] ?? 0) ^ 1;
  const signed = await sign('jpeg', await mediaOf('jpeg'), {
    content: labelled,
    parent: { source: bufferSource(original), format: 'jpeg' },
  });
  const { signals } = await read('jpeg', signed);
  expect(JSON.stringify(signals)).toContain('assertion.dataHash.mismatch');
});

describe('refused, with nothing signed', () => {
  test.each<[string, MediaFormat, Buffer, string]>([
    ['a format without a place for a manifest', 'webm', Buffer.from('x'), 'format-unsupported'],
    ['a WAV with longer sizes', 'wav', Buffer.from('RF64 and more'), 'format-unsupported'],
    ['what is no picture', 'png', Buffer.from('no picture at all'), 'file-unsignable'],
    ['nothing', 'jpeg', Buffer.alloc(0), 'format-unsupported'],
    [
      'a PDF with a signature of its own',
      'pdf',
      Buffer.from('%PDF-1.7\n<< /ByteRange [0 1 2 3] >>'),
      'file-unsignable',
    ],
  ])('%s', async (_, format, media, code) => {
    await expect(sign(format, media)).rejects.toMatchObject({ code });
  });

  test('a file beyond what the library can hold', async () => {
    const huge = { size: 64 * 1024 * 1024 + 1, read: () => Buffer.from('\xff\xd8\xff', 'latin1') };
    const request = { source: huge, content: aiMade, signing: signingWith(chain) };
    await expect(signer.sign({ ...request, format: 'jpeg' })).rejects.toMatchObject({ code: 'file-too-large' });
  });

  test('a signature by another key than the certificate names', async () => {
    const stranger = signingWith(makeChain());
    const signing = { ...signingWith(chain), sign: stranger.sign };
    await expect(sign('jpeg', await mediaOf('jpeg'), { signing })).rejects.toMatchObject({ code: 'key-mismatch' });
  });

  test('an algorithm that the key cannot do', async () => {
    const signing: Signing = { ...signingWith(chain), algorithm: 'es384' };
    await expect(sign('jpeg', await mediaOf('jpeg'), { signing })).rejects.toMatchObject({
      code: 'algorithm-unsupported',
    });
  });

  test('and what the signer throws comes through as it is', async () => {
    const broken = new Error('the token was pulled out');
    const signing = { ...signingWith(chain), sign: () => Promise.reject(broken) };
    await expect(sign('jpeg', await mediaOf('jpeg'), { signing })).rejects.toBe(broken);
  });
});

/** Whether what the hash leaves out is the manifest's own part of the container and nothing else. */
function leftOut(format: MediaFormat, { excluded, manifestAt }: { excluded: string; manifestAt: string }): string {
  // Boxes always left out (C2PA 2.2 §18.6.2), and in pictures free space, which the library leaves out too.
  const always = '/uuid /ftyp /mfra';
  if (manifestAt === '/uuid') return [always, `${always} /free /skip`].includes(excluded) ? 'the manifest' : excluded;
  const ranges = excluded.split(' ').map((range) => range.split('+').map(Number));
  const [from = 0, length = 0] = manifestAt.split('+').map(Number);
  const strange = ranges.filter(([start = 0, size = 0]) => start < from || start + size > from + length);
  // TIFF: the number of the tag's bytes in the directory, which is not known before.
  if (format === 'tiff' && strange.length === 1 && strange[0]?.[1] === 4) return 'the manifest';
  return strange.length === 0 ? 'the manifest' : excluded;
}

/** A byte near the end that belongs to the media. */
function lastMediaByte(format: MediaFormat, signed: Buffer): number {
  if (format === 'svg') return signed.lastIndexOf('height="4"/>') + 8;
  if (format === 'pdf') return signed.indexOf('/MediaBox') + 10;
  if (['webp', 'avi', 'wav'].includes(format)) return signed.indexOf('C2PA', 0, 'latin1') - 10;
  if (format === 'tiff') return 100;
  return signed.length - 10;
}

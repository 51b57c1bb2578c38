import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seeded } from '../../../../test/fixtures/provenance/random.ts';
import { makeChain } from '../../../../test/signing/make-certificate.ts';
import { mediaOf } from '../../../../test/signing/test-media.ts';
import { aiMade, labelled, signingWith } from '../../../../test/signing/test-signing.ts';
import type { MediaFormat } from '../../../contract/screening.ts';
import { bytesOf, pieceSource, sizeOf } from '../../labels/writing/pieces.ts';
import { type ByteSource, bufferSource } from '../../media/bytes.ts';
import { openProvenance, type ProvenanceReader } from '../provenance.ts';
import { SigningRefusal } from './refusal.ts';
import { type ManifestSigner, openSigner } from './sign.ts';

const wasm = readFileSync('node_modules/@contentauth/c2pa-wasm/pkg/c2pa_bg.wasm');
const chain = makeChain();
const signing = signingWith(chain);
const folder = mkdtempSync(join(tmpdir(), 'in-place-'));
afterAll(() => rmSync(folder, { recursive: true }));
let signer: ManifestSigner;
let reader: ProvenanceReader;
beforeAll(async () => {
  signer = await openSigner(wasm);
  reader = await openProvenance(wasm);
});

const fixture = (name: string) => readFileSync(new URL(`../../../../test/fixtures/labels-av/${name}`, import.meta.url));
const trust = { anchorsPem: chain.rootPem, tsaAnchorsPem: '', lists: [{ id: 'test', version: '1' }] };
const codes = async (format: MediaFormat, source: ByteSource) =>
  (await reader.read({ source, format, mime: 'x/y', trust })).signals.map(({ code }) => code);

async function sign(format: MediaFormat, media: Buffer, content = aiMade): Promise<Buffer> {
  const source = bufferSource(media);
  const { pieces } = await signer.sign({ source, format, content, signing });
  return Buffer.from(bytesOf(source, pieces));
}

/** What exiftool reads besides the manifest, and what ffmpeg plays. */
function heard(name: string, bytes: Buffer): string[] {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  const said = execFileSync('exiftool', ['-s', '-G1', '-a', '-ee', file], { maxBuffer: 64 * 1024 * 1024 }).toString();
  const kept = said
    .split('\n')
    .filter(
      (line) =>
        !/^\[(System|File|ExifTool|JUMBF|CBOR|JSON|C2PA|Composite|ID3v2_.)\]|MediaDataOffset|\[\w+\] +Item|GeneralEncapsulated/.test(
          line,
        ),
    );
  const played = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-f', 'framemd5', '-'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return [...kept, played.toString()];
}

describe('nothing else of the file changes', () => {
  test.each<[string, MediaFormat]>([
    ['xmp.avi', 'avi'],
    ['info.avi', 'avi'],
    ['xmp.wav', 'wav'],
    ['bext.wav', 'wav'],
    ['id3v23.mp3', 'mp3'],
    ['id3v24.mp3', 'mp3'],
    ['appended.mp3', 'mp3'],
    ['comment.flac', 'flac'],
    ['plain.mp4', 'mp4'],
    ['long-sizes.mp4', 'mp4'],
    ['fragmented.mp4', 'mp4'],
    ['text.mov', 'mov'],
    ['itunes.m4a', 'm4a'],
  ])('%s', async (name, format) => {
    const media = fixture(name);
    const once = await sign(format, media);
    expect(await codes(format, bufferSource(once))).toEqual(['c2pa-trusted-ai-generated']);
    const twice = await sign(format, once, labelled);
    expect(await codes(format, bufferSource(twice))).toEqual(['c2pa-trusted-ai-edited']);
    expect(heard(name, twice)).toEqual(heard(name, media));
  });
});

test.each<MediaFormat>(['wav', 'avi', 'webp', 'mp3', 'flac', 'mp4'])(
  '%s: manifests of odd and of even length, just below and above the lengths where numbers grow',
  async (format) => {
    const media = await mediaOf(format);
    for (const length of [1, 2, 300, 65_000, 65_001, 66_000]) {
      const signed = await sign(format, media, { ...aiMade, title: 'x'.repeat(length) });
      expect(await codes(format, bufferSource(signed))).toEqual(['c2pa-trusted-ai-generated']);
    }
  },
);

test('a movie of 600 MB costs the library no memory', async () => {
  const movie = await mediaOf('mp4');
  const mediaBytes = 600 * 1000 * 1000;
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + mediaBytes);
  header.write('mdat', 4);
  const start = Buffer.concat([movie, header]);
  const zeros = new Uint8Array(4 * 1024 * 1024);
  const source: ByteSource = {
    size: start.length + mediaBytes,
    read: (offset, length) => {
      const to = Math.min(offset + length, start.length + mediaBytes);
      if (offset < start.length) return start.subarray(offset, Math.min(to, start.length));
      return zeros.subarray(0, Math.min(zeros.length, Math.max(0, to - offset)));
    },
  };
  const before = signer.memoryBytes();
  const { pieces } = await signer.sign({ source, format: 'mp4', content: aiMade, signing });
  expect(sizeOf(pieces)).toBeGreaterThan(source.size);
  expect(pieces.reduce((sum, piece) => sum + ('bytes' in piece ? piece.bytes.length : 0), 0)).toBeLessThan(20_000);
  expect(signer.memoryBytes() - before).toBeLessThan(16 * 1024 * 1024);
  // Read back as far as that costs nothing: our reader's own test validates files of a gigabyte.
  const signed = pieceSource(source, pieces);
  expect(Buffer.from(signed.read(0, 8192)).includes('c2pa.hash.bmff.v3')).toBe(true);
});

test.each<[string, MediaFormat]>([
  ['plain.mp4', 'mp4'],
  ['fragmented.mp4', 'mp4'],
  ['info.avi', 'avi'],
  ['bext.wav', 'wav'],
  ['id3v24.mp3', 'mp3'],
])('%s with broken bytes is signed or refused, and nothing else', async (name, format) => {
  const media = fixture(name);
  const random = seeded(name.length);
  for (let round = 0; round < 30; round += 1) {
    const broken = Buffer.from(media);
    // Where the structure is: lengths and names at the start and at the end.
    for (let flips = 0; flips < 4; flips += 1) {
      const near = random(Math.min(600, broken.length));
      broken[random(10) < 7 ? near : broken.length - 1 - near] = random(256);
    }
    const outcome = await sign(format, broken).catch((error: unknown) => error);
    expect(outcome instanceof SigningRefusal || Buffer.isBuffer(outcome)).toBe(true);
    if (outcome instanceof SigningRefusal) expect(outcome.code).not.toBe('library-failed');
    // Whatever was signed is valid: a broken file is as much its signer's as a whole one.
    else if (Buffer.isBuffer(outcome)) {
      const found = await codes(format, bufferSource(outcome));
      expect(found.filter((code) => code.startsWith('c2pa-invalid'))).toEqual([]);
    }
  }
});

describe('refused, as the manifest would break something', () => {
  test.each<[string, MediaFormat, Buffer, string]>([
    ['a tag that is unsynchronised', 'mp3', fixture('unsynchronised.mp3'), 'UnsynchronisedTag'],
    [
      'an AVI of several forms',
      'avi',
      Buffer.concat([fixture('label.avi'), Buffer.from('RIFF\x04\0\0\0AVIX')]),
      'SeveralForms',
    ],
    ['a WAV that ends early', 'wav', fixture('bext.wav').subarray(0, -100), 'Truncated'],
  ])('%s', async (_, format, media, detail) => {
    await expect(sign(format, media)).rejects.toMatchObject({ code: 'file-unsignable', detail });
  });

  test('a file larger than our reader validates', async () => {
    const source = { size: 1024 ** 3 + 1, read: () => Buffer.from('RIFF') };
    await expect(signer.sign({ source, format: 'wav', content: aiMade, signing })).rejects.toMatchObject({
      code: 'file-too-large',
    });
  });
});

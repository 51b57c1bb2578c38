import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emailProtection, makeAuthority, makeCertificate } from '../../../test/fixtures/provenance/certificates.ts';
import { signMedia } from '../../../test/fixtures/provenance/sign.ts';
import { type MediaFormat, mediaFormats } from '../../contract/screening.ts';
import { bufferSource } from '../media/bytes.ts';
import { provenanceFormat } from './formats.ts';
import { openProvenance, type ProvenanceReader } from './provenance.ts';

const root = makeAuthority({ organisation: 'Test', commonName: 'Root' });
const signer = makeCertificate(root, { organisation: 'Test', commonName: 'Signer' }, { purpose: emailProtection });
const work = mkdtempSync(join(tmpdir(), 'formats-'));
const picture = () => sharp({ create: { width: 32, height: 24, channels: 3, background: '#336699' } });

/** Media of each format that we have a maker for: all but HEIC, which nothing here encodes. */
const makers: Partial<Record<MediaFormat, () => Promise<Buffer> | Buffer>> = {
  jpeg: () => picture().jpeg().toBuffer(),
  png: () => picture().png().toBuffer(),
  webp: () => picture().webp().toBuffer(),
  gif: () => picture().gif().toBuffer(),
  tiff: () => picture().tiff().toBuffer(),
  avif: () => picture().avif().toBuffer(),
  svg: () =>
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4"/></svg>'),
  mp4: () => encoded('mp4', video),
  mov: () => encoded('mov', video),
  m4v: () => encoded('mp4', video),
  avi: () => encoded('avi', video),
  wav: () => encoded('wav', sound),
  mp3: () => encoded('mp3', sound),
  m4a: () => encoded('m4a', sound),
  flac: () => encoded('flac', sound),
  pdf: () => Buffer.from(emptyPage),
};
const video = ['-f', 'lavfi', '-i', 'testsrc=size=32x24:rate=5:duration=1', '-pix_fmt', 'yuv420p'];
const sound = ['-f', 'lavfi', '-i', 'sine=duration=0.5'];

const emptyPage = `%PDF-1.4
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Kids [3 0 R] /Count 1 >>
endobj
3 0 obj
<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] >>
endobj
xref
0 4
0000000000 65535 f 
0000000009 00000 n 
0000000058 00000 n 
0000000115 00000 n 
trailer
<< /Size 4 /Root 1 0 R >>
startxref
184
%%EOF
`;

let reader: ProvenanceReader;
beforeAll(async () => {
  reader = await openProvenance(readFileSync('node_modules/@contentauth/c2pa-wasm/pkg/c2pa_bg.wasm'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

test.each(mediaFormats.filter((format) => makers[format]))(
  '%s: signed, valid; changed, invalid; plain, none',
  async (format) => {
    const media = await makers[format]?.();
    const known = provenanceFormat(format, plainStart);
    if (!media || !known) throw new Error('no media of this format');
    const signed = await signMedia({
      media,
      mime: known.mime,
      signer,
      definition: {
        assertions: [
          {
            label: 'c2pa.actions.v2',
            data: {
              actions: [{ action: 'c2pa.created', digitalSourceType: 'http://c2pa.org/digitalsourcetype/empty' }],
            },
          },
        ],
      },
    });
    const read = (bytes: Buffer) =>
      reader.read({
        source: bufferSource(bytes),
        format,
        mime: 'x/y',
        trust: { anchorsPem: root.pem, tsaAnchorsPem: '', lists: [{ id: 'test', version: '1' }] },
      });
    expect((await read(signed)).signals).toMatchObject([
      { code: 'c2pa-trusted-unspecified', place: { location: `${known.container}.c2pa` } },
    ]);
    // In ISO base media a free box may come and go; more media data may not.
    const longer = Buffer.concat([signed, Buffer.from('\0\0\0\x09mdat!', 'latin1')]);
    expect((await read(longer)).signals[0]?.code ?? 'unreadable').toMatch(/^(c2pa-invalid-|unreadable)/);
    expect(await read(media)).toEqual({ present: false, signals: [], findings: [] });
  },
);

test('heic is read as the library names it, formats without an embedding are not read', () => {
  expect(provenanceFormat('heic', plainStart)).toMatchObject({ mime: 'image/heic', container: 'heif' });
  const unread = mediaFormats.filter((format) => provenanceFormat(format, plainStart) === null);
  expect(unread).toEqual(['mkv', 'webm', 'flv', 'mpegts', 'ogg', 'opus', 'aac', 'ooxml', 'markdown']);
});

function encoded(ending: string, args: string[]): Buffer {
  const file = join(work, `media.${ending}`);
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...args, file]);
  return readFileSync(file);
}

test('a WAV with longer sizes is not called broken RIFF', () => {
  const wav = (start: string) => provenanceFormat('wav', bufferSource(Buffer.from(start)));
  expect([wav('RIFF')?.mime, wav('RF64'), wav('BW64'), wav('riff')]).toEqual(['audio/wav', null, null, null]);
});

const plainStart = bufferSource(Buffer.from('RIFF'));

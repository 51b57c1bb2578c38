import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Container,
  damageAndWrite,
  digitalSourceType,
  expectAnyLabel,
  label,
  labelsOf,
  longLabel,
  oldLabel,
  oneLabel,
  otherTags,
  pixelsOf,
  tagsOf,
  viaExiftool,
  written,
} from '../../../../test/labelled-pictures.ts';
import { bufferSource } from '../../media/bytes.ts';
import { readWebp } from '../containers/webp.ts';
import { LabelRefusal } from './change.ts';
import { writeWebp } from './webp.ts';

const container: Container = { format: 'webp', extension: 'webp', writer: writeWebp, reader: readWebp };
const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../../test/fixtures/labels-images', name));
const write = (bytes: Uint8Array, aigc: string | null = label) =>
  written(writeWebp, bytes, { aigc, digitalSourceType });
const files: Record<string, Buffer> = {};

beforeAll(async () => {
  const noise = sharp({
    create: {
      width: 61,
      height: 43,
      channels: 3,
      background: '#a08060',
      noise: { type: 'gaussian', mean: 120, sigma: 40 },
    },
  });
  files['lossy'] = await noise.clone().webp().toBuffer();
  files['lossless'] = await noise.clone().webp({ lossless: true }).toBuffer();
  files['lossless with alpha'] = await noise.clone().ensureAlpha(0.5).webp({ lossless: true }).toBuffer();
  files['lossy with alpha'] = await noise.clone().ensureAlpha(0.5).webp().toBuffer();
  files['icc and exif'] = await noise
    .clone()
    .withMetadata({ icc: 'p3', exif: { IFD0: { Artist: 'Somebody' } } })
    .webp()
    .toBuffer();
  files['other xmp'] = viaExiftool(files['lossy'], ['-XMP-dc:Title=Lake', '-XMP-dc:Creator=Somebody']);
  files['labelled exif'] = viaExiftool(files['lossy'], [`-EXIF:UserComment=${oldLabel}`, '-EXIF:Artist=Somebody']);
  files['animated'] = execFileSync(
    'ffmpeg',
    '-v error -f lavfi -i testsrc=size=64x48:rate=5:duration=1 -c:v libwebp_anim -loop 0 -f webp -'.split(' '),
  );
});

describe('a label in a WebP', () => {
  it('is read by exiftool and by our reader; pixels, frames and all other metadata stay', async () => {
    const before = Object.values(files);
    const after = before.map((bytes) => write(bytes));
    const [told, tells] = [tagsOf('webp', before), tagsOf('webp', after)];
    for (const [index, name] of Object.keys(files).entries()) {
      const [one, other] = [before[index] as Buffer, after[index] as Buffer];
      expect(labelsOf(container, other), name).toEqual(oneLabel());
      expect(tells[index]?.['XMP-TC260:Aigc'], name).toBe(label);
      expect(tells[index]?.['XMP-iptcExt:DigitalSourceType'], name).toBe(digitalSourceType);
      // What the header of the extended format says again.
      const ignored =
        /^(RIFF:(Copy1:)?(WebP_Flags|ImageWidth|ImageHeight|VP8Version|(Horizontal|Vertical)Scale|AlphaIsUsed)|File:FileType|ExifIFD:UserComment)$/;
      expect(otherTags(tells[index] ?? {}, ignored), name).toEqual(otherTags(told[index] ?? {}, ignored));
      expect(tells[index]?.['RIFF:ImageWidth'], name).toBe(told[index]?.['RIFF:ImageWidth']);
      expect(await pixelsOf(other), name).toEqual(await pixelsOf(one));
      const [wanted, got] = [
        await sharp(one, { animated: true }).metadata(),
        await sharp(other, { animated: true }).metadata(),
      ];
      expect([got.pages, got.delay, got.loop, got.hasAlpha], name).toEqual([
        wanted.pages,
        wanted.delay,
        wanted.loop,
        wanted.hasAlpha,
      ]);
      expect(got.xmpAsString, name).toContain(label);
      expect(other.readUInt32LE(4), name).toBe(other.length - 8);
      expect(write(other), name).toEqual(other);
    }
  });

  it('takes the place of every older one', () => {
    for (const name of ['xmp', 'exif', 'xmp-unannounced']) {
      const bytes = fixture(`webp-${name}.webp`);
      expect(labelsOf(container, bytes), name).toHaveLength(1);
      expect(labelsOf(container, write(bytes)), name).toEqual(oneLabel());
      expect(labelsOf(container, write(bytes, null)), name).toEqual([]);
    }
    const other = files['other xmp'] as Buffer;
    const bytes = withChunks(other, [
      [
        'XMP ',
        `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description AIGC='${oldLabel}'/></rdf:RDF>`,
      ],
      ['aigc', oldLabel],
      ['ABCD', `some words about {"AIGC":{"Label":"1"}} in files`],
    ]);
    expect(labelsOf(container, bytes)).toHaveLength(2);
    const after = write(bytes);
    expect(labelsOf(container, after)).toEqual(oneLabel());
    expect(after.includes('some words about {"AIGC"')).toBe(true);
    expect(after.readUInt32LE(4)).toBe(after.length - 8);
    expect(write(withChunks(other, [['aigc', oldLabel]]))).toEqual(write(other));
  });

  it('is written again without growth, and its chunk goes with it', async () => {
    const plain = files['icc and exif'] as Buffer;
    expect(write(write(plain, longLabel))).toEqual(write(plain));
    expect(written(writeWebp, write(plain), { aigc: null, digitalSourceType: null })).toEqual(plain);
    const simple = files['lossless'] as Buffer;
    const gone = written(writeWebp, write(simple), { aigc: null, digitalSourceType: null });
    expect(labelsOf(container, gone)).toEqual([]);
    expect(gone[20]).toBe(0);
    expect(await pixelsOf(gone)).toEqual(await pixelsOf(simple));
    expect(write(gone)).toEqual(write(simple));
    expect(written(writeWebp, simple, { aigc: null })).toEqual(simple);
  });

  it('stands behind EXIF, padded, and bytes behind the end stay there', () => {
    const file = files['icc and exif'] as Buffer;
    const trailing = Buffer.concat([file, Buffer.from('\0\x01\x02 not a chunk')]);
    const after = write(trailing);
    expect(after.indexOf('XMP ')).toBeGreaterThan(after.indexOf('EXIF'));
    expect(after.subarray(-trailing.length + file.length)).toEqual(trailing.subarray(file.length));
    expect(after.readUInt32LE(4) + 8).toBe(after.length - (trailing.length - file.length));
  });

  it('is refused where the file would be larger than its header can say, or breaks off', () => {
    const file = files['lossy'] as Buffer;
    expect(() => write(file.subarray(0, -3))).toThrow(LabelRefusal);
    const header = Buffer.from(file);
    header.writeUInt32LE(0xffff_fff6, 4);
    const chunk = Buffer.alloc(8);
    chunk.write('JUNK');
    chunk.writeUInt32LE(0xffff_fff6 + 8 - file.length - 8, 4);
    const size = 0xffff_fff6 + 8;
    const head = bufferSource(Buffer.concat([header, chunk]));
    const huge = {
      size,
      read: (at: number, length: number) =>
        at >= head.size ? new Uint8Array(Math.min(length, size - at, 8)) : head.read(at, length),
    };
    expect(() => writeWebp(huge, { aigc: label })).toThrow(new LabelRefusal('no-room', 'RIFF'));
  });

  it('holds any value the standard allows', () => {
    expectAnyLabel(container, files['lossy'] as Buffer, (found, wanted) => expect(found).toEqual(wanted));
  });

  it('is refused, or right, in a damaged file', () => {
    const check = (found: unknown, wanted: unknown) => expect(found).toEqual(wanted);
    for (const bytes of [
      files['labelled exif'] as Buffer,
      write(files['other xmp'] as Buffer),
      files['lossless'] as Buffer,
    ]) {
      expect(damageAndWrite(container, bytes, check)).toBeGreaterThan(20);
      expect(damageAndWrite(container, bytes, check, { reach: 60 })).toBeGreaterThan(20);
    }
  });
});

function withChunks(webp: Buffer, chunks: readonly [id: string, data: string][]): Buffer {
  const made = chunks.map(([id, data]) => {
    const head = Buffer.alloc(8);
    head.write(id, 'latin1');
    head.writeUInt32LE(data.length, 4);
    return Buffer.concat([head, Buffer.from(data), Buffer.alloc(data.length % 2)]);
  });
  const whole = Buffer.concat([webp, ...made]);
  whole.writeUInt32LE(whole.length - 8, 4);
  return whole;
}

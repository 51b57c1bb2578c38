import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Container,
  damageAndWrite,
  digitalSourceType,
  expectAnyLabel,
  framesOf,
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
import { readPng } from '../containers/png.ts';
import { LabelRefusal } from './change.ts';
import { writePng } from './png.ts';

const container: Container = { format: 'png', extension: 'png', writer: writePng, reader: readPng };
const fixtures = join(import.meta.dirname, '../../../../test/fixtures/labels-images');
const fixture = (name: string) => readFileSync(join(fixtures, name));
const write = (bytes: Uint8Array, aigc: string | null = label) => written(writePng, bytes, { aigc, digitalSourceType });
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
  files['plain'] = await noise.clone().png().toBuffer();
  files['sixteen bits'] = await noise.clone().toColourspace('rgb16').png().toBuffer();
  files['alpha'] = await noise.clone().ensureAlpha(0.5).png({ progressive: true }).toBuffer();
  files['palette'] = await noise.clone().png({ palette: true, colours: 16 }).toBuffer();
  files['icc and exif'] = await noise
    .clone()
    .withMetadata({ icc: 'p3', exif: { IFD0: { Artist: 'Somebody' } } })
    .png()
    .toBuffer();
  files['other xmp'] = viaExiftool(files['plain'], ['-XMP-dc:Title=Lake', '-XMP-dc:Creator=Somebody', '-PNG:Author=A']);
  files['labelled exif'] = viaExiftool(files['plain'], [`-EXIF:UserComment=${oldLabel}`, '-EXIF:Artist=Somebody']);
  files['animated'] = fixture('apng-text.png');
});

describe('a label in a PNG', () => {
  it('is read by exiftool and by our reader; pixels and all other metadata stay', async () => {
    const names = Object.keys(files);
    const before = Object.values(files);
    const after = before.map((bytes) => write(bytes));
    const tagsBefore = tagsOf('png', before);
    const tagsAfter = tagsOf('png', after);
    for (const [index, name] of names.entries()) {
      const [one, other] = [before[index] as Buffer, after[index] as Buffer];
      expect(labelsOf(container, other), name).toEqual(oneLabel());
      const [told, tells] = [tagsBefore[index] ?? {}, tagsAfter[index] ?? {}];
      expect(tells['XMP-TC260:Aigc'], name).toBe(label);
      expect(tells['XMP-iptcExt:DigitalSourceType'], name).toBe(digitalSourceType);
      const ignored = /^(PNG:AIGC|ExifIFD:UserComment)$/;
      expect(otherTags(tells, ignored), name).toEqual(otherTags(told, ignored));
      expect(await pixelsOf(other), name).toEqual(await pixelsOf(one));
      expect(framesOf('png', other), name).toBe(framesOf('png', one));
      expect(write(other), name).toEqual(other);
    }
  });

  it('takes the place of every older one', () => {
    const names = 'xmp xmp-compressed text text-wrapped ztxt itxt exif raw-profile trailer checksum'.split(' ');
    for (const name of names) {
      const bytes = fixture(`png-${name}.png`);
      expect(labelsOf(container, bytes), name).toHaveLength(1);
      expect(labelsOf(container, write(bytes)), name).toEqual(oneLabel());
      const gone = write(bytes, null);
      expect(labelsOf(container, gone), name).toEqual([]);
      expect(labelsOf(container, write(gone)), name).toEqual(oneLabel());
    }
  });

  it('is written again without growth, and leaves nothing behind when it goes', () => {
    const plain = files['plain'] as Buffer;
    const long = write(plain, longLabel);
    expect(labelsOf(container, long)).toEqual(oneLabel(longLabel));
    expect(write(long)).toEqual(write(plain));
    expect(written(writePng, long, { aigc: null, digitalSourceType: null })).toEqual(plain);
    expect(written(writePng, plain, { aigc: null })).toEqual(plain);
  });

  it('leaves one packet with it and none in other packets, chunks and profiles', () => {
    const packet = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:T="http://www.tc260.org.cn/ns/AIGC/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="a" T:AIGC='${oldLabel}'/></rdf:RDF></x:xmpmeta>`;
    const hex = Buffer.from(packet).toString('hex').replace(/.{72}/g, '$&\n');
    const bytes = withChunks(files['plain'] as Buffer, [
      chunk('tEXt', `Raw profile type xmp\0\nxmp\n${String(packet.length).padStart(8)}\n${hex}\n`),
      chunk('iTXt', `XML:com.adobe.xmp\0\0\0\0\0${packet}`),
      chunk('zTXt', Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\0'), deflateSync(Buffer.from(packet))])),
      chunk('zTXt', Buffer.concat([Buffer.from('AIGC\0\0'), deflateSync(Buffer.from(oldLabel))])),
      chunk('tEXt', `Comment\0A lake in spring, said the painter ${oldLabel} and went on`),
      chunk('tEXt', `Comment\0They write {"AIGC":{"Label":"1"}} into files`),
      chunk('xyZw', oldLabel),
      chunk('bnAr', `\xff\xd8\0\x80${oldLabel}\0\x01`),
    ]);
    const after = write(bytes);
    expect(labelsOf(container, after)).toEqual(oneLabel());
    const text = after.toString('latin1');
    expect(text.split('XML:com.adobe.xmp')).toHaveLength(3);
    expect(text.includes('A lake in spring, said the painter '), 'A lake in spring, said the painter ').toBe(true);
    expect(
      text.includes('They write {"AIGC":{"Label":"1"}} into files'),
      'They write {"AIGC":{"Label":"1"}} into files',
    ).toBe(true);
    expect(text.includes('xyZw'), 'xyZw').toBe(false);
    expect(text.includes('bnAr'), 'bnAr').toBe(true);
    expect(text.includes('"older"'), '"older"').toBe(false);
    expect(text.indexOf('iTXt')).toBeLessThan(text.indexOf('IDAT'));
  });

  it('is cut out of other properties, and takes the place of a packet that is no XML', () => {
    const quoted = oldLabel.replaceAll('"', '&quot;');
    const text = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="${quoted}" dc:format="a &amp; b"><dc:description>A lake ${oldLabel} in spring</dc:description><dc:title><![CDATA[${oldLabel}]]></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>`;
    const plain = files['plain'] as Buffer;
    for (const packet of [text, oldLabel]) {
      const bytes = withChunks(plain, [chunk('iTXt', `XML:com.adobe.xmp\0\0\0\0\0${packet}`)]);
      expect(labelsOf(container, bytes).length).toBeGreaterThan(0);
      const after = write(bytes);
      expect(labelsOf(container, after)).toEqual(oneLabel());
      expect(after.includes('older')).toBe(false);
      expect(labelsOf(container, write(bytes, null))).toEqual([]);
      expect(after.includes('a &amp; b')).toBe(packet === text);
      expect(after.includes('in spring</dc:description>')).toBe(packet === text);
    }
  });

  it('is refused where a packet is broken, or larger than readers read', () => {
    const plain = files['plain'] as Buffer;
    const withPacket = (packet: string) => withChunks(plain, [chunk('iTXt', `XML:com.adobe.xmp\0\0\0\0\0${packet}`)]);
    const broken = withPacket('<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>');
    expect(() => write(broken)).toThrow(new LabelRefusal('container-damaged', 'iTXt[0]'));
    const huge = withPacket(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${' '.repeat(2 ** 20)}</x:xmpmeta>`);
    expect(() => write(huge)).toThrow(new LabelRefusal('container-too-large', 'iTXt[0]'));
    const bomb = Buffer.concat([Buffer.from('AIGC\0\0'), deflateSync(Buffer.alloc(2 ** 25))]);
    expect(labelsOf(container, write(withChunks(plain, [chunk('zTXt', bomb)])))).toEqual(oneLabel());
    const many = withChunks(
      plain,
      Array.from({ length: 6000 }, () => chunk('tEXt', `AIGC\0${oldLabel}`)),
    );
    expect(() => write(many)).toThrow(new LabelRefusal('container-too-large', 'png'));
  });

  it('comes before the picture data even where the old packet did not', () => {
    const labelled = write(files['plain'] as Buffer);
    const at = labelled.indexOf('iTXt') - 4;
    const end = at + 12 + labelled.readUInt32BE(at);
    const late = Buffer.concat([
      labelled.subarray(0, at),
      labelled.subarray(end, -12),
      labelled.subarray(at, end),
      labelled.subarray(-12),
    ]);
    expect(write(late, longLabel)).toEqual(write(files['plain'] as Buffer, longLabel));
  });

  it('holds any value the standard allows', () => {
    expectAnyLabel(container, files['other xmp'] as Buffer, (found, wanted) => expect(found).toEqual(wanted));
  });

  it('is refused, or right, in a damaged file', () => {
    const check = (found: unknown, wanted: unknown) => expect(found).toEqual(wanted);
    for (const bytes of [
      files['labelled exif'] as Buffer,
      write(files['other xmp'] as Buffer),
      fixture('png-raw-profile.png'),
    ]) {
      expect(damageAndWrite(container, bytes, check, { reach: Math.min(bytes.length, 1500) })).toBeGreaterThan(20);
    }
  });
});

function chunk(type: string, data: string | Buffer): Buffer {
  const body = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
  const whole = Buffer.alloc(body.length + 12);
  whole.writeUInt32BE(body.length, 0);
  whole.write(type, 4, 'latin1');
  body.copy(whole, 8);
  whole.writeUInt32BE(crc32(body, crc32(type)), body.length + 8);
  return whole;
}

/** The chunks in front of the last one. */
function withChunks(png: Buffer, chunks: readonly Buffer[]): Buffer {
  return Buffer.concat([png.subarray(0, -12), ...chunks, png.subarray(-12)]);
}

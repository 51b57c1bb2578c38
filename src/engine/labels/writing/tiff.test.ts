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
  tagsOf,
  viaExiftool,
  written,
} from '../../../../test/labelled-pictures.ts';
import { bufferSource } from '../../media/bytes.ts';
import { readTiff } from '../containers/tiff.ts';
import { LabelRefusal } from './change.ts';
import { be, le } from './numbers.ts';
import { writeTiff } from './tiff.ts';

const container: Container = { format: 'tiff', extension: 'tif', writer: writeTiff, reader: readTiff };
const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../../test/fixtures/labels-images', name));
const write = (bytes: Uint8Array, aigc: string | null = label) =>
  written(writeTiff, bytes, { aigc, digitalSourceType });
const rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"';
const labelled = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ${rdf}><rdf:Description AIGC='${oldLabel}'/></rdf:RDF></x:xmpmeta>`;
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
  files['plain'] = await noise.clone().tiff({ compression: 'none' }).toBuffer();
  files['jpeg inside'] = await noise.clone().tiff({ compression: 'jpeg' }).toBuffer();
  files['sixteen bits'] = await noise.clone().toColourspace('rgb16').tiff({ compression: 'lzw' }).toBuffer();
  files['alpha'] = await noise
    .clone()
    .ensureAlpha(0.5)
    .tiff({ compression: 'deflate', predictor: 'horizontal' })
    .toBuffer();
  files['one bit'] = await noise
    .clone()
    .toColourspace('b-w')
    .tiff({ bitdepth: 1, compression: 'ccittfax4' })
    .toBuffer();
  files['pyramid of tiles'] = await noise
    .clone()
    .tiff({ tile: true, tileWidth: 16, tileHeight: 16, pyramid: true })
    .toBuffer();
  files['bigtiff'] = await noise.clone().tiff({ bigtiff: true }).toBuffer();
  files['icc and exif'] = await noise
    .clone()
    .withMetadata({ icc: 'p3', exif: { IFD0: { Artist: 'Somebody' } } })
    .tiff()
    .toBuffer();
  files['other xmp'] = viaExiftool(files['plain'], ['-XMP-dc:Title=Lake', '-XMP-dc:Creator=Somebody']);
  files['labelled exif'] = viaExiftool(files['plain'], [`-EXIF:UserComment=${oldLabel}`, '-EXIF:Artist=Somebody']);
  for (const order of ['II', 'MM'] as const) {
    for (const big of [false, true]) {
      files[`two pages ${order} ${big ? 'big' : ''}`] = tiff({ order, big, pages: [{}, { xmp: labelled }] });
      files[`packet ${order} ${big ? 'big' : ''}`] = tiff({ order, big, pages: [{ xmp: labelled }, {}] });
    }
  }
});

/** All pages: nothing of a TIFF's pictures may change. */
async function pagesOf(bytes: Buffer): Promise<Buffer[]> {
  const { pages = 1 } = await sharp(bytes).metadata();
  return Promise.all(
    Array.from({ length: pages }, (_, page) => sharp(bytes, { page }).raw({ depth: 'ushort' }).toBuffer()),
  );
}

describe('a label in a TIFF', () => {
  it('is read by exiftool and by our reader; all pages and all other metadata stay', async () => {
    const before = Object.values(files);
    const after = before.map((bytes) => write(bytes));
    const [told, tells] = [tagsOf('tif', before), tagsOf('tif', after)];
    for (const [index, name] of Object.keys(files).entries()) {
      const [one, other] = [before[index] as Buffer, after[index] as Buffer];
      expect(labelsOf(container, other), name).toEqual(oneLabel());
      expect(tells[index]?.['XMP-TC260:Aigc'], name).toBe(label);
      expect(tells[index]?.['XMP-iptcExt:DigitalSourceType'], name).toBe(digitalSourceType);
      const ignored =
        /^(ExifIFD:UserComment|IFD[01]:ApplicationNotes|XMP-.*:(AIGC|Aigc)|ExifTool:(Validate|.*Warning))$/;
      expect(otherTags(tells[index] ?? {}, ignored), name).toEqual(otherTags(told[index] ?? {}, ignored));
      expect(warningsOf(told[index] ?? {}), name).toEqual(expect.arrayContaining(warningsOf(tells[index] ?? {})));
      expect(await pagesOf(other), name).toEqual(await pagesOf(one));
      expect((await sharp(other).metadata()).xmpAsString, name).toContain(label);
      expect(write(other), name).toEqual(other);
    }
  });

  it('takes the place of every older one', () => {
    for (const name of ['tiff-xmp', 'tiff-description', 'tiff-second-page', 'bigtiff-xmp']) {
      const bytes = fixture(`${name}.tif`);
      expect(labelsOf(container, bytes).length, name).toBeGreaterThan(0);
      expect(labelsOf(container, write(bytes)), name).toEqual(oneLabel());
      expect(labelsOf(container, write(bytes, null)), name).toEqual([]);
    }
  });

  it('stands in the old place where it fits; else the old bytes become zeros', () => {
    const room = `${labelled.replace('</x:xmpmeta>', '')}</x:xmpmeta>${' '.repeat(2000)}`;
    const file = tiff({ order: 'MM', big: false, pages: [{ xmp: room }, {}] });
    const inPlace = write(file);
    expect(inPlace.length).toBe(file.length);
    const grown = write(inPlace, longLabel.replace('777', '7'.repeat(2000)));
    expect(grown.length).toBeGreaterThan(file.length);
    const at = file.indexOf('<x:xmpmeta');
    expect(grown.subarray(at, at + room.length).every((byte) => byte === 0)).toBe(true);
  });

  it('is written again without growth, and leaves next to nothing behind when it goes', () => {
    for (const name of ['plain', 'bigtiff', 'two pages MM ']) {
      const once = write(files[name] as Buffer);
      expect(write(write(once, longLabel)), name).toEqual(once);
      const gone = written(writeTiff, once, { aigc: null, digitalSourceType: null });
      expect(labelsOf(container, gone), name).toEqual([]);
      expect(gone.includes('xmpmeta') && name === 'plain', name).toBe(false);
      expect(write(gone), name).toEqual(once);
    }
    const plain = files['plain'] as Buffer;
    expect(written(writeTiff, plain, { aigc: null })).toEqual(plain);
  });

  it('stays out of the bytes of another page that shares the packet', () => {
    const file = tiff({ order: 'II', big: false, pages: [{ xmp: labelled }, { xmp: 'shared' }] });
    const after = write(file);
    expect(labelsOf(container, after)).toEqual(oneLabel());
    expect(after.includes('"older"')).toBe(false);
    expect(labelsOf(container, written(writeTiff, file, { aigc: null }))).toEqual([]);
  });

  it('is refused where offsets would not reach it, or the directory is cut off', () => {
    const file = tiff({ order: 'II', big: false, pages: [{}] });
    const small = bufferSource(file);
    const source = { size: 0xffff_fff0, read: small.read };
    expect(() => writeTiff(source, { aigc: label })).toThrow(new LabelRefusal('no-room', 'IFD0/XMP'));
    expect(() => write(file.subarray(0, file.length - 2))).toThrow(LabelRefusal);
    expect(() => write(file.subarray(0, 9))).toThrow(LabelRefusal);
  });

  it('holds any value the standard allows', () => {
    expectAnyLabel(container, files['other xmp'] as Buffer, (found, wanted) => expect(found).toEqual(wanted));
  });

  it('is refused, or right, in a damaged file', () => {
    const check = (found: unknown, wanted: unknown) => expect(found).toEqual(wanted);
    const tails = ['labelled exif', 'two pages MM ', 'packet II big'].map((name) => files[name] as Buffer);
    for (const bytes of [...tails, fixture('tiff-description.tif')]) {
      expect(damageAndWrite(container, bytes, check)).toBeGreaterThan(20);
      expect(damageAndWrite(container, bytes, check, { reach: 60 })).toBeGreaterThan(5);
    }
  });
});

/** What exiftool says about the name of the file and the resolution that the pages made here lack is not about the label. */
function warningsOf(tags: Record<string, unknown>): string[] {
  return Object.entries(tags).flatMap(([name, value]) =>
    /^ExifTool:.*Warning$/.test(name) && !/Missing required|wrong extension/.test(String(value)) ? [String(value)] : [],
  );
}

/** Grey pages of four pixels, directories at the end. The packet of a page may be `shared` with the first. */
function tiff({ order, big, pages }: { order: 'II' | 'MM'; big: boolean; pages: readonly { xmp?: string }[] }): Buffer {
  const n = order === 'II' ? le : be;
  const width = big ? 8 : 4;
  const parts: Uint8Array[] = [Buffer.from(order), n(big ? 43 : 42, 2), ...(big ? [n(8, 2), n(0, 2)] : [])];
  let size = big ? 16 : 8;
  const bodies: Uint8Array[] = [];
  const add = (bytes: Uint8Array) => {
    const at = size;
    const padded = Buffer.concat([bytes, new Uint8Array((8 - (bytes.length % 8)) % 8)]);
    bodies.push(padded);
    size += padded.length;
    return at;
  };
  const first = { at: 0, bytes: 0 };
  const placed = pages.map(({ xmp }, page) => {
    const pixels = add(new Uint8Array([10 + page, 80, 160, 240]));
    if (xmp === undefined || xmp === 'shared') return { pixels, packet: xmp === undefined ? null : first };
    const packet = { at: add(Buffer.from(xmp)), bytes: Buffer.byteLength(xmp) };
    if (page === 0) Object.assign(first, packet);
    return { pixels, packet };
  });
  const directories = placed.map(({ pixels, packet }) => {
    const short = (tag: number, value: number) => [n(tag, 2), n(3, 2), n(1, width), n(value, 2), n(0, width - 2)];
    const entries = [
      ...[short(256, 2), short(257, 2), short(258, 8), short(259, 1), short(262, 1)],
      ...[[n(273, 2), n(4, 2), n(1, width), n(pixels, 4), n(0, width - 4)], short(277, 1), short(278, 2)],
      [n(279, 2), n(4, 2), n(1, width), n(4, 4), n(0, width - 4)],
      ...(packet ? [[n(700, 2), n(1, 2), n(packet.bytes, width), n(packet.at, width)]] : []),
    ];
    return Buffer.concat([n(entries.length, big ? 8 : 2), ...entries.flat()]);
  });
  const starts: number[] = [];
  let next = size;
  for (const directory of directories) {
    starts.push(next);
    next += directory.length + width;
  }
  const chained = directories.flatMap((directory, index) => [directory, n(starts[index + 1] ?? 0, width)]);
  return Buffer.concat([...parts, n(starts[0] ?? 0, width), ...bodies, ...chained]);
}

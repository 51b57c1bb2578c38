import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
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
import { bufferSource } from '../../media/bytes.ts';
import { findLabels } from '../aigc/find.ts';
import { readHeif } from '../containers/bmff.ts';
import { type Box, eachBox } from '../containers/boxes.ts';
import { box } from './bmff-changes.ts';
import { LabelRefusal } from './change.ts';
import { writeAvif, writeHeif } from './heif.ts';
import { gathered, heifMeta, spansOf } from './heif-items.ts';
import { ascii, be } from './numbers.ts';
import { pieceSource, piecesOf } from './pieces.ts';

const avif: Container = { format: 'avif', extension: 'avif', writer: writeAvif, reader: readHeif };
const heic: Container = { format: 'heic', extension: 'heic', writer: writeHeif, reader: readHeif };
const write = (bytes: Uint8Array, aigc: string | null = label) =>
  written(writeAvif, bytes, { aigc, digitalSourceType });
const all = { aigc: null, digitalSourceType: null };
const rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"';
const packet = (inner: string) =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ${rdf}><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" ${inner}/></rdf:RDF></x:xmpmeta>`;
const labelled = packet(`AIGC='${oldLabel}'`);
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
  const options = { effort: 0, quality: 40 };
  files['plain'] = await noise.clone().avif(options).toBuffer();
  files['ten bits'] = await noise
    .clone()
    .avif({ ...options, bitdepth: 10 })
    .toBuffer();
  files['alpha, lossless'] = await noise.clone().ensureAlpha(0.5).avif({ effort: 0, lossless: true }).toBuffer();
  files['icc and exif'] = await noise
    .clone()
    .withMetadata({ icc: 'p3', exif: { IFD0: { Artist: 'Somebody' } } })
    .avif(options)
    .toBuffer();
  files['sharp xmp'] = await noise.clone().withXmp(packet('dc:format="a"')).avif(options).toBuffer();
  files['other xmp'] = viaExiftool(files['plain'], ['-XMP-dc:Title=Lake', '-XMP-dc:Creator=Somebody']);
  files['labelled exif'] = viaExiftool(files['plain'], [`-EXIF:UserComment=${oldLabel}`, '-EXIF:Artist=Somebody']);
  files['ffmpeg'] = ffmpeg('-frames:v 1 -still-picture 1');
  files['sequence'] = ffmpeg('');
});

function ffmpeg(options: string): Buffer {
  // The muxer goes back to write sizes, which a pipe cannot.
  const folder = mkdtempSync(join(tmpdir(), 'clearmirror-test-'));
  try {
    const name = join(folder, 'made.avif');
    const input = '-v error -y -f lavfi -i testsrc=size=64x48:rate=5:duration=1 -c:v libaom-av1 -cpu-used 8 -crf 40';
    execFileSync('ffmpeg', `${input} ${options} ${name}`.split(' ').filter(Boolean));
    return readFileSync(name);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What every item holds, by the tables of the file. */
function itemsIn(bytes: Buffer): { id: number; type: string; bytes: string }[] {
  const source = bufferSource(bytes);
  const meta = [...eachBox(source, 0, source.size)].find(({ type }) => type === 'meta');
  if (!meta) throw new Error('no meta box');
  const tables = heifMeta(source, meta);
  return tables.items.flatMap(({ id, type, contentType }) => {
    const location = tables.locations.locations.find((each) => each.id === id);
    const spans = location ? spansOf(tables, location, source.size) : null;
    const data = spans ? Buffer.from(gathered(source, spans)).toString('latin1') : '';
    return /rdf/.test(contentType) ? [] : [{ id, type, bytes: data }];
  });
}

describe('a label in an AVIF', () => {
  it('is read by exiftool and by our reader; pixels, frames and all other metadata stay', async () => {
    const before = Object.values(files);
    const after = before.map((bytes) => write(bytes));
    const [told, tells] = [tagsOf('avif', before), tagsOf('avif', after)];
    for (const [index, name] of Object.keys(files).entries()) {
      const [one, other] = [before[index] as Buffer, after[index] as Buffer];
      expect(labelsOf(avif, other), name).toEqual(oneLabel());
      expect(tells[index]?.['XMP-TC260:Aigc'], name).toBe(label);
      expect(tells[index]?.['XMP-iptcExt:DigitalSourceType'], name).toBe(digitalSourceType);
      const ignored = /^(ExifIFD:UserComment|.*:MediaData(Offset|Size)?)$/;
      expect(otherTags(tells[index] ?? {}, ignored), name).toEqual(otherTags(told[index] ?? {}, ignored));
      if (name === 'sequence') expect(framesOf('avif', other), name).toBe(framesOf('avif', one));
      else {
        expect(await pixelsOf(other), name).toEqual(await pixelsOf(one));
        const meta = await sharp(other).metadata();
        expect(meta.xmpAsString, name).toContain(label);
        expect(meta.icc, name).toEqual((await sharp(one).metadata()).icc);
      }
      if (name !== 'labelled exif') expect(itemsIn(other), name).toEqual(itemsIn(one));
      expect(write(other), name).toEqual(other);
    }
  });

  it('takes the place of one in an EXIF comment', () => {
    const after = write(files['labelled exif'] as Buffer);
    expect(after.includes('"older"')).toBe(false);
    expect(after.includes('Somebody')).toBe(true);
  });

  it('is written again without growth, and leaves nothing behind when it goes', () => {
    for (const name of ['plain', 'icc and exif', 'ffmpeg', 'sequence']) {
      const plain = files[name] as Buffer;
      expect(write(write(plain, longLabel)), name).toEqual(write(plain));
      const gone = written(writeAvif, write(plain), all);
      expect(labelsOf(avif, gone), name).toEqual([]);
      expect(write(gone), name).toEqual(write(plain));
      expect(written(writeAvif, plain, all), name).toEqual(plain);
      // Where the file had references already, not even an empty box stays.
      expect(gone.equals(plain), name).toBe(true);
    }
  });

  it('stays in the place of an older packet that has room', () => {
    const roomy = packet('dc:format="a"') + ' '.repeat(3000);
    const file = heif({ xmp: roomy });
    expect(write(file).length).toBe(file.length);
    const tight = heif({ xmp: packet('dc:format="a"') });
    const moved = write(tight);
    expect(moved.length).toBeGreaterThan(tight.length);
    expect(moved.toString('latin1').split('dc:format')).toHaveLength(2);
    expect(write(moved, longLabel).length).toBe(moved.length + longLabel.length - label.length);
  });

  it('is refused without a meta box, with a cut one, and where the packet is protected', () => {
    const file = files['plain'] as Buffer;
    expect(() => write(file.subarray(0, -3))).toThrow(LabelRefusal);
    expect(() => write(file.subarray(0, 60))).toThrow(LabelRefusal);
    const noMeta = Buffer.concat([box('ftyp', ascii('msf1'), be(0, 4)), box('mdat', be(0, 9))]);
    expect(() => write(noMeta)).toThrow(new LabelRefusal('container-variant', 'meta'));
    expect(() => write(heif({ xmp: labelled, protection: 1 }))).toThrow(
      new LabelRefusal('container-encrypted', 'meta/item[3]'),
    );
  });

  it('holds any value the standard allows', () => {
    expectAnyLabel(avif, files['plain'] as Buffer, (found, wanted) => expect(found).toEqual(wanted));
  });

  it('is refused, or right, in a damaged file', () => {
    const check = (found: unknown, wanted: unknown) => expect(found).toEqual(wanted);
    const targets = [files['labelled exif'] as Buffer, write(files['plain'] as Buffer), files['sequence'] as Buffer];
    for (const bytes of targets) {
      expect(damageAndWrite(avif, bytes, check)).toBeGreaterThan(10);
      expect(damageAndWrite(avif, bytes, check, { reach: 700 })).toBeGreaterThan(5);
    }
  });
});

describe('a label in a HEIF container', () => {
  const layouts: Record<string, Layout> = {
    'version 0': {},
    'version 1': { version: 1, indexBytes: 4 },
    'version 2, numbers of 32 bits': { version: 2, wideIds: true },
    bases: { baseBytes: 4 },
    'bases alone': { baseBytes: 8, offsetBytes: 0 },
    'offsets and lengths of 64 bits': { version: 1, offsetBytes: 8, lengthBytes: 8 },
    'data in idat': { version: 1, idat: true },
    'a last box without a size': { openEnd: true },
    'a last box with a size of 64 bits': { largeEnd: true },
    'the meta box behind the data': { metaLast: true },
    'bytes behind the last box': { trailing: '\xff\xd9\xff\xd9\0\0\0\0 no box' },
    'a packet in two pieces': { xmp: labelled, pieces: 2 },
    'an old packet': { xmp: labelled },
    'a packed packet': { xmp: labelled, packed: true },
    'a packet about something else': { xmp: packet('dc:format="depth"'), about: 2 },
    'a labelled packet about something else': { xmp: labelled, about: 2 },
  };

  it.each(Object.entries(layouts))('keeps all items where they can be found: %s', (_, layout) => {
    const file = heif(layout);
    const after = written(writeHeif, file, { aigc: label, digitalSourceType });
    expect(labelsOf(heic, after)).toEqual(oneLabel());
    expect(itemsIn(after)).toEqual(itemsIn(file));
    expect(readHeif(bufferSource(after)).findings).toEqual(readHeif(bufferSource(file)).findings);
    expect(after.includes('"older"')).toBe(false);
    const long = written(writeHeif, after, { aigc: longLabel });
    expect(itemsIn(long)).toEqual(itemsIn(file));
    expect(labelsOf(heic, long)).toEqual(oneLabel(longLabel));
    const gone = written(writeHeif, long, all);
    expect(labelsOf(heic, gone)).toEqual([]);
    expect(itemsIn(gone)).toEqual(itemsIn(file));
    expect(gone.length).toBeLessThanOrEqual(file.length + 8 + label.length);
  });

  it('is read by exiftool in all of them, without a new warning', () => {
    const names = Object.keys(layouts);
    const before = Object.values(layouts).map(heif);
    const tags = tagsOf('heic', [...before, ...before.map((file) => written(writeHeif, file, { aigc: label }))]);
    for (const [index, name] of names.entries()) {
      const [told, tells] = [tags[index] ?? {}, tags[index + names.length] ?? {}];
      expect(tells['XMP-TC260:Aigc'], name).toBe(label);
      expect(warnings(told), name).toEqual(expect.arrayContaining(warnings(tells)));
    }
  });

  it('finds room for offsets beyond four gigabytes', () => {
    const file = heif({ largeEnd: true });
    const size = 5 * 2 ** 30;
    const mdat = file.indexOf('mdat') - 4;
    file.writeBigUInt64BE(BigInt(size - mdat), mdat + 8);
    const head = bufferSource(file);
    const read = (at: number, length: number) => {
      const whole = new Uint8Array(Math.max(0, Math.min(length, size - at, 65_536)));
      whole.set(head.read(at, whole.length));
      return whole;
    };
    const edits = writeHeif({ size, read }, { aigc: label });
    const changed = pieceSource({ size, read }, piecesOf(size, edits));
    expect(changed.size).toBeGreaterThan(size);
    expect(findLabels(readHeif(changed)).map(({ raw }) => raw)).toEqual([label]);
    const meta = heifMeta(changed, [...eachBox(changed, 0, changed.size)].find(({ type }) => type === 'meta') as Box);
    expect(meta.locations.offsetBytes).toBe(8);
    const [first] = meta.locations.locations.map((location) => spansOf(meta, location, changed.size) ?? []);
    expect(Buffer.from(gathered(changed, first ?? [])).toString()).toBe('the primary picture');
  });

  it('replaces labels in boxes beside the items', () => {
    const uuid = box('uuid', Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex'), Buffer.from(labelled));
    const file = Buffer.concat([heif({}), uuid, box('aigc', Buffer.from(oldLabel))]);
    expect(labelsOf(heic, file)).toHaveLength(2);
    const after = written(writeHeif, file, { aigc: label });
    expect(labelsOf(heic, after)).toEqual(oneLabel());
    expect(itemsIn(after)).toEqual(itemsIn(file));
  });

  it('is refused, or right, in a damaged file', () => {
    const check = (found: unknown, wanted: unknown) => expect(found).toEqual(wanted);
    for (const layout of [
      { xmp: labelled },
      { version: 1, idat: true } as const,
      { version: 2, wideIds: true } as const,
    ])
      expect(damageAndWrite(heic, heif(layout), check)).toBeGreaterThan(10);
  });
});

function warnings(tags: Record<string, unknown>): string[] {
  return Object.entries(tags).flatMap(([name, value]) => (/^ExifTool:.*Warning$/.test(name) ? [String(value)] : []));
}

interface Layout {
  version?: 0 | 1 | 2;
  offsetBytes?: 0 | 4 | 8;
  lengthBytes?: 4 | 8;
  baseBytes?: 0 | 4 | 8;
  indexBytes?: 0 | 4;
  wideIds?: boolean;
  /** Whether the second item stands in `idat`. */
  idat?: boolean;
  openEnd?: boolean;
  largeEnd?: boolean;
  metaLast?: boolean;
  trailing?: string;
  xmp?: string;
  /** The item that the packet describes. */
  about?: number;
  pieces?: 1 | 2;
  packed?: boolean;
  protection?: number;
}

/** A file with a primary picture, another item, and perhaps a packet as the third; no real pictures in it. */
function heif(layout: Layout): Buffer {
  const {
    version = 0,
    offsetBytes = 4,
    lengthBytes = 4,
    baseBytes = 0,
    indexBytes = 0,
    about = 1,
    pieces = 1,
  } = layout;
  const xmp = layout.xmp === undefined ? null : Buffer.from(layout.xmp);
  const stored = xmp && layout.packed ? deflateSync(xmp) : xmp;
  const idBytes = layout.wideIds ? 4 : 2;
  const data = [Buffer.from('the primary picture'), Buffer.from('another item'), ...(stored ? [stored] : [])];
  const inIdat = (index: number) => layout.idat === true && index === 1;
  const infe = (id: number, type: string, protection: number, ...more: Uint8Array[]) =>
    box(
      'infe',
      be(layout.wideIds ? 0x0300_0000 : 0x0200_0000, 4),
      be(id, idBytes),
      be(protection, 2),
      ascii(type),
      ...more,
    );
  const mime = ascii(`\0application/rdf+xml\0${layout.packed ? 'deflate\0' : ''}`);
  const infes = [
    ...[infe(1, 'hvc1', 0, be(0, 1)), infe(2, 'grid', 0, be(0, 1))],
    ...(xmp ? [infe(3, 'mime', layout.protection ?? 0, mime)] : []),
  ];
  const ilocIds = version < 2 ? 2 : 4;
  const locations = (dataAt: number) => {
    let at = dataAt;
    return data.map((bytes, index) => {
      const start = inIdat(index) ? 0 : at;
      at += inIdat(index) ? 0 : bytes.length;
      const parts = pieces === 2 && index === 2 ? [bytes.subarray(0, 30), bytes.subarray(30)] : [bytes];
      const base = baseBytes > 0 ? (offsetBytes === 0 ? start : start - 5) : 0;
      const extents = parts.map((part, number) => {
        const offset = start - base + (number === 1 ? 30 : 0);
        return Buffer.concat([
          be(0, version === 0 ? 0 : indexBytes),
          be(offset, offsetBytes),
          be(part.length, lengthBytes),
        ]);
      });
      const method = version === 0 ? [] : [be(inIdat(index) ? 1 : 0, 2)];
      return Buffer.concat([
        ...[be(index + 1, ilocIds), ...method, be(0, 2)],
        ...[be(inIdat(index) ? 0 : base, baseBytes), be(extents.length, 2), ...extents],
      ]);
    });
  };
  const meta = (dataAt: number) =>
    box(
      'meta',
      be(0, 4),
      box('hdlr', be(0, 8), ascii('pict'), be(0, 8), be(0, 5)),
      box('pitm', be(0, 4), be(1, 2)),
      box('iinf', be(layout.wideIds ? 0x0100_0000 : 0, 4), be(infes.length, layout.wideIds ? 4 : 2), ...infes),
      box(
        'iloc',
        be(version, 1),
        be(0, 3),
        be(offsetBytes * 16 + lengthBytes, 1),
        be(baseBytes * 16 + indexBytes, 1),
        be(data.length, ilocIds),
        ...locations(dataAt),
      ),
      ...(layout.idat ? [box('idat', data[1] ?? be(0, 1))] : []),
      ...(xmp ? [box('iref', be(0, 4), box('cdsc', be(3, 2), be(1, 2), be(about, 2)))] : []),
    );
  const body = Buffer.concat(data.filter((_, index) => !inIdat(index)));
  const ftyp = box('ftyp', ascii('heic'), be(0, 4), ascii('mif1heic'));
  const headerBytes = layout.largeEnd ? 16 : 8;
  const size = layout.openEnd ? 0 : headerBytes + body.length;
  const header = layout.largeEnd ? [be(1, 4), ascii('mdat'), be(size, 8)] : [be(size, 4), ascii('mdat')];
  const mdat = Buffer.concat([...header, body]);
  const dataAt = ftyp.length + headerBytes + (layout.metaLast ? 0 : meta(0).length);
  const boxes = layout.metaLast ? [ftyp, mdat, meta(dataAt)] : [ftyp, meta(dataAt), mdat];
  return Buffer.concat([...boxes, Buffer.from(layout.trailing ?? '', 'latin1')]);
}

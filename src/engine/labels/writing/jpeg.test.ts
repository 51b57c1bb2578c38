import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { newFolder } from '../../../../test/new-folder.ts';
import { bufferSource } from '../../media/bytes.ts';
import { readAigcLabels } from '../aigc/aigc.ts';
import { readJpeg } from '../containers/jpeg.ts';
import { readIptc } from '../iptc.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { writeJpeg } from './jpeg.ts';
import { bytesOf, piecesOf } from './pieces.ts';

const label = '{"Label":"1","ContentProducer":"001191110102MAD55U9H0F10002","ProduceID":"98ae6b12"}';
const digitalSourceType = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
let plain = Buffer.alloc(0);
let rich = Buffer.alloc(0);

beforeAll(async () => {
  const picture = sharp({ create: { width: 64, height: 48, channels: 3, background: '#a08060' } });
  plain = await picture.clone().jpeg().toBuffer();
  const made = await picture.clone().withMetadata({ density: 300 }).jpeg({ progressive: true }).toBuffer();
  const tags = [
    ...['-q', '-XMP-dc:Title=Lake', '-EXIF:Artist=Somebody', '-IPTC:City=Nowhere'],
    ...['-EXIF:UserComment={"AIGC":{"Label":"2","ContentProducer":"x","ProduceID":"y"}}', '-Comment=kept'],
  ];
  rich = execFileSync('exiftool', [...tags, '-o', '-', '-'], { input: made });
});

function write(bytes: Uint8Array, change: LabelChange): Buffer {
  const source = bufferSource(bytes);
  return Buffer.from(bytesOf(source, piecesOf(source.size, writeJpeg(source, change))));
}

const objects = (bytes: Uint8Array) =>
  readAigcLabels(readJpeg(bufferSource(bytes)), 'jpeg').map(
    ({ evidence }) => (evidence as { object?: unknown }).object,
  );

function exif(bytes: Uint8Array): Record<string, string> {
  const file = join(newFolder(), 'checked.jpg');
  writeFileSync(file, bytes);
  return JSON.parse(execFileSync('exiftool', ['-j', '-G1', '-a', file], { encoding: 'utf8' }))[0];
}

const pixels = (bytes: Uint8Array) => sharp(bytes).raw().toBuffer();

describe('a label in a JPEG', () => {
  it('is read by exiftool and by our reader, and the pixels stay', async () => {
    for (const before of [plain, rich]) {
      const after = write(before, { aigc: label, digitalSourceType });
      expect(objects(after)).toEqual([JSON.parse(label)]);
      expect(readIptc(readJpeg(bufferSource(after))).map(({ claim }) => claim)).toEqual(['ai-generated']);
      const read = exif(after);
      expect(read['XMP-TC260:Aigc']).toBe(label);
      expect(read['XMP-iptcExt:DigitalSourceType']).toBe(digitalSourceType);
      expect(await pixels(after)).toEqual(await pixels(before));
    }
  });

  it('takes the place of one in an EXIF comment; all else stays', () => {
    expect(objects(rich)).toHaveLength(1);
    const read = exif(write(rich, { aigc: label }));
    expect(read).toMatchObject({
      'XMP-dc:Title': 'Lake',
      'IFD0:Artist': 'Somebody',
      'IPTC:City': 'Nowhere',
      'File:Comment': 'kept',
      'IFD0:XResolution': 300,
    });
    expect(read['ExifIFD:UserComment']).toBe('');
    expect(read['ExifTool:Warning']).toBeUndefined();
  });

  it('is written again without a trace of the first, and taken out again', () => {
    const once = write(plain, { aigc: '{"Label":"3"}' });
    const twice = write(once, { aigc: label, digitalSourceType });
    expect(objects(twice)).toEqual([JSON.parse(label)]);
    expect(twice.includes('"3"')).toBe(false);
    expect(write(twice, { aigc: null, digitalSourceType: null })).toEqual(plain);
  });

  it('goes with the segment that held nothing else', () => {
    const body = Buffer.from('AIGC{"Label":"1","ContentProducer":"a","ProduceID":"b"}');
    const segment = Buffer.concat([Buffer.from([0xff, 0xeb, 0, body.length + 2]), body]);
    const bytes = Buffer.concat([plain.subarray(0, 2), segment, plain.subarray(2)]);
    expect(objects(bytes)).toHaveLength(1);
    expect(write(bytes, { aigc: null })).toEqual(plain);
    expect(objects(write(bytes, { aigc: label }))).toEqual([JSON.parse(label)]);
  });

  it('needs room in its segment', () => {
    const filler = 'x'.repeat(65_200);
    const packet = `http://ns.adobe.com/xap/1.0/\0<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:a="urn:a" a:b="${filler}"/></rdf:RDF>`;
    const head = Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, 0]);
    head.writeUInt16BE(packet.length + 2, 4);
    const bytes = Buffer.concat([head, Buffer.from(packet), plain.subarray(2)]);
    expect(() => write(bytes, { aigc: label })).toThrow(new LabelRefusal('no-room', 'APP1'));
  });

  it('holds any value the standard allows', () => {
    const value = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) });
    fc.assert(
      fc.property(value, value, (producer, id) => {
        const object = { Label: '1', ContentProducer: `p${producer}`, ProduceID: `i${id}` };
        expect(objects(write(plain, { aigc: JSON.stringify(object) }))).toEqual([object]);
      }),
      { numRuns: 150 },
    );
  });

  it('either refuses a damaged file or leaves one label in it', () => {
    fc.assert(
      fc.property(fc.nat(700), fc.uint8Array({ maxLength: 6 }), fc.nat(12), (at, inserted, removed) => {
        const bytes = Buffer.concat([rich.subarray(0, at), inserted, rich.subarray(at + removed)]);
        try {
          const after = write(bytes, { aigc: label });
          expect(objects(after)).toContainEqual(JSON.parse(label));
        } catch (error) {
          if (!(error instanceof LabelRefusal)) throw error;
        }
      }),
      { numRuns: 400, seed: 3 },
    );
  });
});

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  changed,
  exifRead,
  label,
  labelsOf,
  longerLabel,
  made,
  mediaOf,
  outcome,
  packetsOf,
  picture,
  probed,
  sourceType,
  tone,
} from '../../../../test/av-writing.ts';
import { judgePlace } from '../aigc/places.ts';
import { writeAvi } from './avi.ts';
import { LabelRefusal } from './change.ts';
import { ascii, le } from './numbers.ts';
import { chunk } from './riff-chunks.ts';

const both = [...picture, ...tone, '-c:v', 'mjpeg', '-c:a', 'pcm_s16le'];
const tagged = ['-metadata', 'title=Lake', '-metadata', 'comment=made for a test'];
const layouts: [name: string, change: (bytes: Buffer) => Buffer, args: string[]][] = [
  ['with descriptions and room', (bytes) => bytes, [...both, ...tagged]],
  ['without descriptions', (bytes) => bytes, [...both, '-fflags', '+bitexact', '-flags', '+bitexact']],
  ['without room', withoutJunk, [...both, ...tagged]],
  ['in two parts, without room', (bytes) => withSecondPart(withoutJunk(bytes)), [...both, ...tagged]],
];

describe.each(layouts)('an AIGC label in an AVI file %s', (_name, change, args) => {
  let before: Buffer = Buffer.alloc(0);
  beforeAll(() => {
    before = change(made('avi', ...args));
  });

  it('is read by our reader and exiftool, is updated and goes, and nothing else changes', async () => {
    const first = changed(writeAvi, before, { aigc: label, digitalSourceType: sourceType });
    const second = changed(writeAvi, first, { aigc: longerLabel });
    const none = changed(writeAvi, second, { aigc: null, digitalSourceType: null });

    const media = mediaOf(before, 'avi');
    expect(media.complaints).toBe('0 \n0 ');
    const told = probed(before, 'avi');
    for (const [bytes, text] of [
      [first, label],
      [second, longerLabel],
    ] as const) {
      expect(await labelsOf(bytes, 'avi')).toEqual([{ at: 'avi.info', text }]);
      const {
        tags: { AIGC: _label, ...tags },
        rest,
      } = probed(bytes, 'avi');
      expect({ tags, rest }).toEqual(told);
      // Where pictures stand is written in indexes.
      expect(bytes.indexOf('movi')).toBe(before.indexOf('movi'));
    }
    expect(packetsOf(first, 'avi')).toBe(media.hashes);
    expect(mediaOf(second, 'avi')).toEqual(media);
    expect(judgePlace('avi', 'avi.info', 'AIGC')).toBe('place-named');
    const read = exifRead(second, 'avi', '-U', '-b');
    expect(read['RIFF:Unknown_AIGC']).toContain(longerLabel);
    expect(read['XMP-iptcExt:DigitalSourceType']).toBe(sourceType);
    expect(await labelsOf(none, 'avi')).toEqual([]);
    expect(packetsOf(none, 'avi')).toBe(media.hashes);
    expect(probed(none, 'avi')).toEqual(told);
    // Nothing piles up at the end.
    expect(changed(writeAvi, second, { aigc: longerLabel }).length).toBe(second.length);
  });
});

describe('the label of an AVI file', () => {
  it('is read by ffprobe where it stands before the pictures', () => {
    const before = made('avi', ...both);
    expect(probed(changed(writeAvi, before, { aigc: label }), 'avi').tags['AIGC']).toBe(label);
  });

  it.each(['info.avi', 'label.avi', 'xmp.avi'])('is the only one afterwards: %s', async (name) => {
    const before = readFileSync(`test/fixtures/labels-av/${name}`);
    const after = changed(writeAvi, before, { aigc: label });
    expect(await labelsOf(after, 'avi')).toEqual([{ at: 'avi.info', text: label }]);
    expect(await labelsOf(changed(writeAvi, before, { aigc: null }), 'avi')).toEqual([]);
    expect(mediaOf(after, 'avi')).toEqual(mediaOf(before, 'avi'));
  });

  const riff = (body: Uint8Array) => Buffer.concat([ascii('RIFF'), le(body.length + 4, 4), ascii('AVI '), body]);

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'container-damaged'],
    ['no pictures', riff(chunk('LIST', ascii('hdrl'))), 'container-damaged'],
    ['pictures cut off', riff(chunk('LIST', ascii('movi0123'))).subarray(0, 26), 'container-damaged'],
    [
      'no size',
      Buffer.concat([ascii('RIFF'), le(0, 4), ascii('AVI '), chunk('LIST', ascii('movi'))]),
      'container-variant',
    ],
    [
      'descriptions that are none',
      riff(Buffer.concat([chunk('LIST', ascii('INFO\x01\x02\x03\x04\x05\x06\x07\x08')), chunk('LIST', ascii('movi'))])),
      'container-damaged',
    ],
  ])('is refused: %s', (_name, bytes, code) => {
    expect(() => changed(writeAvi, bytes, { aigc: label })).toThrow(LabelRefusal);
    expect(() => changed(writeAvi, bytes, { aigc: label })).toThrow(code);
  });

  it('is refused, or is read by our reader as asked, however the file is damaged', async () => {
    const originals = ['info.avi', 'label.avi', 'xmp.avi'].map((name) =>
      readFileSync(`test/fixtures/labels-av/${name}`),
    );
    const character = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
    // Around the header lists, and around what stands behind the pictures.
    const place = fc.oneof(
      ...[
        [0, 0.01],
        [0.48, 0.56],
        [0.97, 1],
      ].map(([min = 0, max = 1]) => fc.double({ min, max, noNaN: true })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...originals),
        fc.string({ unit: character, minLength: 1 }),
        fc.array(fc.tuple(place, fc.nat(255)), { maxLength: 6 }),
        fc.option(place, { freq: 3 }),
        async (original, text, mutations, cut) => {
          const bytes = Buffer.from(original);
          for (const [at, byte] of mutations) bytes[Math.floor(at * (bytes.length - 1))] = byte;
          const file = cut === null ? bytes : bytes.subarray(0, Math.floor(cut * bytes.length));
          const aigc = JSON.stringify({ Label: '1', ContentProducer: text, ProduceID: text });
          const found = await outcome(writeAvi, file, { aigc }, 'avi');
          if (found !== 'refused') expect(found).toEqual([aigc]);
          if (mutations.length === 0 && cut === null) expect(found).toEqual([aigc]);
        },
      ),
      { numRuns: 400 },
    );
  });
});

/** Its filling becomes a chunk that nobody may take for free space. */
function withoutJunk(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const movie = copy.indexOf('movi');
  for (let at = copy.indexOf('JUNK'); at >= 0 && at < movie; at = copy.indexOf('JUNK', at))
    copy.write('kept', at, 'latin1');
  return copy;
}

/** A second RIFF chunk, as OpenDML continues a long film. */
function withSecondPart(bytes: Buffer): Buffer {
  const body = Buffer.concat([ascii('AVIX'), chunk('LIST', ascii('movi'))]);
  return Buffer.concat([bytes, ascii('RIFF'), le(body.length, 4), body]);
}

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
  probed,
  sourceType,
  tone,
} from '../../../../test/av-writing.ts';
import { judgePlace } from '../aigc/places.ts';
import { concat } from '../containers/integers.ts';
import { LabelRefusal } from './change.ts';
import { ascii, le } from './numbers.ts';
import { chunk } from './riff-chunks.ts';
import { writeWav } from './wav.ts';

const tagged = ['-metadata', 'title=Lake', '-metadata', 'comment=made for a test'];
const layouts: [name: string, ending: string, args: string[]][] = [
  ['with a list of descriptions', 'wav', [...tone, ...tagged]],
  ['of an odd number of bytes', 'wav', [...tone, '-c:a', 'pcm_u8', '-af', 'atrim=end_sample=77777']],
  ['with a broadcast extension', 'wav', [...tone, ...tagged, '-write_bext', '1']],
  ['with sizes of 64 bits', 'wav', [...tone, ...tagged, '-rf64', 'always']],
  ['as Wave64', 'w64', tone],
];

describe.each(layouts)('an AIGC label in a sound file %s', (_name, ending, args) => {
  let before = Buffer.alloc(0);
  beforeAll(() => {
    before = made(ending, ...args);
  });

  it('is read by our reader and exiftool, is updated and goes, and nothing else changes', async () => {
    const first = changed(writeWav, before, { aigc: label, digitalSourceType: sourceType });
    const second = changed(writeWav, first, { aigc: longerLabel });
    const none = changed(writeWav, second, { aigc: null, digitalSourceType: null });

    const media = mediaOf(before, ending);
    const told = probed(before, ending);
    expect(media.complaints).toBe('0 \n0 ');
    for (const [bytes, text] of [
      [first, label],
      [second, longerLabel],
    ] as const) {
      expect(await labelsOf(bytes, 'wav')).toEqual([{ at: 'wav.aigc', text }]);
      expect(probed(bytes, ending)).toEqual(told);
    }
    expect(packetsOf(first, ending)).toBe(media.hashes);
    expect(mediaOf(second, ending)).toEqual(media);
    expect(judgePlace('wav', 'wav.aigc', 'AIGC')).toBe('place-named');
    // Wave64 has no place for XMP, and exiftool does not read it.
    if (ending === 'w64') expect(second.includes('DigitalSourceType')).toBe(false);
    else {
      const read = exifRead(second, ending, '-U', '-b');
      expect(read['RIFF:Unknown_AIGC']).toContain(longerLabel);
      expect(read['XMP-iptcExt:DigitalSourceType']).toBe(sourceType);
    }
    expect(await labelsOf(none, 'wav')).toEqual([]);
    expect(none.equals(before)).toBe(true);
  });
});

describe('the label of a sound file', () => {
  it.each(['aigc.wav', 'xmp.wav', 'bext.wav', 'long.wav', 'sony.w64'])(
    'is the only one afterwards: %s',
    async (name) => {
      const before = readFileSync(`test/fixtures/labels-av/${name}`);
      const after = changed(writeWav, before, { aigc: label });
      expect(await labelsOf(after, 'wav')).toEqual([{ at: 'wav.aigc', text: label }]);
      expect(await labelsOf(changed(writeWav, before, { aigc: null }), 'wav')).toEqual([]);
      expect(mediaOf(after, 'wav')).toEqual(mediaOf(before, 'wav'));
    },
  );

  const old = '{"Label":"1","ContentProducer":"x","ProduceID":"y"}';
  const format = chunk('fmt ', concat([le(1, 2), le(1, 2), le(8_000, 4), le(8_000, 4), le(1, 2), le(8, 2)]));
  const samples = chunk('data', new Uint8Array(800).fill(128));

  it('leaves descriptions alone that only talk about something else', async () => {
    const info = chunk(
      'LIST',
      concat([
        ascii('INFO'),
        chunk('INAM', ascii('Lake')),
        chunk('AIGC', ascii(old)),
        chunk('ICMT', ascii(`by hand {"AIGC":${old}} ok`)),
      ]),
    );
    const before = riff(concat([format, info, samples]));
    const after = changed(writeWav, before, { aigc: label });
    expect(await labelsOf(after, 'wav')).toEqual([{ at: 'wav.aigc', text: label }]);
    expect(probed(after, 'wav').tags).toMatchObject({ title: 'Lake', comment: expect.stringMatching(/^by hand +ok$/) });
    expect(mediaOf(after, 'wav')).toEqual(mediaOf(before, 'wav'));
  });

  it('stands before the samples of a stream that was never told its length', async () => {
    const before = riff(concat([format, ascii('data'), le(0xffffffff, 4), new Uint8Array(800).fill(128)]), 0xffffffff);
    const after = changed(writeWav, before, { aigc: label });
    expect(await labelsOf(after, 'wav')).toEqual([{ at: 'wav.aigc', text: label }]);
    expect(mediaOf(after, 'wav').hashes).toBe(mediaOf(before, 'wav').hashes);
    expect(changed(writeWav, after, { aigc: null }).equals(before)).toBe(true);
  });

  it('counts a pad byte that the file forgot', async () => {
    const odd = concat([format, ascii('data'), le(801, 4), new Uint8Array(801).fill(128)]);
    for (const rest of [new Uint8Array(0), new Uint8Array(1)]) {
      const before = concat([riff(odd), rest]);
      const after = changed(writeWav, before, { aigc: label });
      expect(after.readUInt32LE(4)).toBe(after.length - 8);
      expect(after.length % 2).toBe(0);
      expect(await labelsOf(after, 'wav')).toEqual([{ at: 'wav.aigc', text: label }]);
    }
  });

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'container-damaged'],
    ['samples cut off', riff(concat([format, samples])).subarray(0, 500), 'container-damaged'],
    [
      'a chunk longer than the file',
      riff(concat([format, ascii('data'), le(5_000, 4), new Uint8Array(80)])),
      'container-damaged',
    ],
    ['a stream without samples', riff(format, 0), 'container-variant'],
    [
      'sizes of 64 bits without their table',
      concat([ascii('RF64'), le(0xffffffff, 4), ascii('WAVE'), format, samples]),
      'container-damaged',
    ],
  ])('is refused: %s', (_name, bytes, code) => {
    expect(() => changed(writeWav, bytes, { aigc: label })).toThrow(LabelRefusal);
    expect(() => changed(writeWav, bytes, { aigc: label })).toThrow(code);
  });

  it('is refused, or is read by our reader as asked, however the file is damaged', async () => {
    const originals = ['aigc.wav', 'xmp.wav', 'long.wav', 'sony.w64'].map((name) =>
      readFileSync(`test/fixtures/labels-av/${name}`),
    );
    const character = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
    const place = fc.oneof(fc.double({ min: 0, max: 0.05, noNaN: true }), fc.double({ min: 0.7, max: 1, noNaN: true }));
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
          const found = await outcome(writeWav, file, { aigc }, 'wav');
          if (found !== 'refused') expect(found).toEqual([aigc]);
          if (mutations.length === 0 && cut === null) expect(found).toEqual([aigc]);
        },
      ),
      { numRuns: 400 },
    );
  });
});

function riff(body: Uint8Array, size = body.length + 4): Buffer {
  return Buffer.concat([ascii('RIFF'), le(size, 4), ascii('WAVE'), body]);
}

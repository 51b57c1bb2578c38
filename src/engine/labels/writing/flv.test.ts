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
import { concat, u16be } from '../containers/integers.ts';
import { type AmfSpan, amfValues } from './amf-spans.ts';
import { LabelRefusal } from './change.ts';
import { writeFlv } from './flv.ts';
import { ascii, be } from './numbers.ts';

const both = [...picture, ...tone, '-c:v', 'flv', '-g', '5', '-c:a', 'pcm_s16le', '-ar', '44100'];
const tagged = ['-metadata', 'title=Lake', '-metadata', 'comment=made for a test'];
const layouts: [name: string, args: string[]][] = [
  ['plain', [...both, ...tagged]],
  ['with an index of key frames', [...both, ...tagged, '-flvflags', 'add_keyframe_index']],
  ['labelled before', [...both, '-metadata', 'AIGC={"AIGC":{"Label":"2","ContentProducer":"x","ProduceID":"y"}}']],
  ['without metadata', [...both, '-flvflags', 'no_metadata']],
];

describe.each(layouts)('an AIGC label in an FLV file: %s', (_name, args) => {
  let before: Buffer = Buffer.alloc(0);
  beforeAll(() => {
    before = made('flv', ...args);
  });

  it('is read by three readers, is updated and goes, and nothing else changes', async () => {
    const first = changed(writeFlv, before, { aigc: label, digitalSourceType: sourceType });
    const second = changed(writeFlv, first, { aigc: longerLabel });
    const none = changed(writeFlv, second, { aigc: null, digitalSourceType: null });

    const media = mediaOf(before, 'flv');
    expect(media.complaints).toBe('0 \n0 ');
    const told = probed(before, 'flv');
    const { AIGC: _old, ...tags } = told.tags;
    for (const [bytes, text] of [
      [first, label],
      [second, longerLabel],
    ] as const) {
      expect(await labelsOf(bytes, 'flv')).toEqual([{ at: 'flv.onmetadata', text }]);
      expect(probed(bytes, 'flv')).toEqual({
        tags: { ...tags, ...lastKeyFrame(tags, bytes.length - before.length), AIGC: text },
        rest: told.rest,
      });
      expect(mistakesIn(bytes)).toEqual([]);
    }
    expect(packetsOf(first, 'flv')).toBe(media.hashes);
    expect(mediaOf(second, 'flv')).toEqual(media);
    expect(judgePlace('flv', 'flv.onmetadata', 'AIGC')).toBe('place-named');
    expect(Object.values(exifRead(second, 'flv'))).toContain(longerLabel);
    expect(await labelsOf(none, 'flv')).toEqual([]);
    expect(packetsOf(none, 'flv')).toBe(media.hashes);
    expect(probed(none, 'flv')).toEqual({
      tags: { ...tags, ...lastKeyFrame(tags, none.length - before.length) },
      rest: told.rest,
    });
    expect(mistakesIn(none)).toEqual([]);
  });
});

describe('the label of an FLV file', () => {
  it.each(['script.flv', 'strings.flv', 'object.flv'])('is the only one afterwards: %s', async (name) => {
    const before = readFileSync(`test/fixtures/labels-av/${name}`);
    const after = changed(writeFlv, before, { aigc: label });
    expect(await labelsOf(after, 'flv')).toEqual([{ at: 'flv.onmetadata', text: label }]);
    expect(await labelsOf(changed(writeFlv, before, { aigc: null }), 'flv')).toEqual([]);
    expect(mediaOf(after, 'flv')).toEqual(mediaOf(before, 'flv'));
  });

  it('has the source type beside it where the file has an XMP packet', () => {
    const before = readFileSync('test/fixtures/labels-av/object.flv');
    const after = changed(writeFlv, before, { aigc: label, digitalSourceType: sourceType });
    expect(exifRead(after, 'flv')['XMP-iptcExt:DigitalSourceType']).toBe(sourceType);
  });

  const header = concat([ascii('FLV'), Uint8Array.of(1, 5), be(9, 4), be(0, 4)]);
  const tag = (type: number, body: Uint8Array) =>
    concat([Uint8Array.of(type), be(body.length, 3), new Uint8Array(7), body, be(11 + body.length, 4)]);
  const name = concat([Uint8Array.of(2), be(10, 2), ascii('onMetaData')]);

  it('is a long string where it must be, in an object without an end mark', async () => {
    const before = concat([
      header,
      tag(18, concat([name, Uint8Array.of(3), be(1, 2), ascii('a'), Uint8Array.of(1, 1)])),
    ]);
    const long = label.replace('"PropagateID":""', `"PropagateID":"${'a'.repeat(70_000)}"`);
    const after = changed(writeFlv, before, { aigc: long });
    expect(await labelsOf(after, 'flv')).toEqual([{ at: 'flv.onmetadata', text: long }]);
  });

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'container-damaged'],
    ['metadata cut off', concat([header, tag(18, name)]).subarray(0, 30), 'container-damaged'],
    ['metadata that are none', concat([header, tag(18, Uint8Array.of(99, 1))]), 'container-damaged'],
    ['metadata that say nothing', concat([header, tag(18, concat([name, Uint8Array.of(5)]))]), 'container-damaged'],
    ['encrypted metadata', concat([header, tag(18 + 32, name)]), 'container-encrypted'],
    [
      'metadata without room',
      concat([
        header,
        tag(18, concat([name, Uint8Array.of(3, 0, 1, 97, 12), be(16_777_180, 4), new Uint8Array(16_777_180)])),
      ]),
      'no-room',
    ],
  ])('is refused: %s', (_name, bytes, code) => {
    expect(() => changed(writeFlv, bytes, { aigc: label })).toThrow(LabelRefusal);
    expect(() => changed(writeFlv, bytes, { aigc: label })).toThrow(code);
  });

  it('is refused, or is read by our reader as asked, however the file is damaged', async () => {
    const originals = ['script.flv', 'strings.flv', 'object.flv'].map((file) =>
      readFileSync(`test/fixtures/labels-av/${file}`),
    );
    const character = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
    const place = fc.oneof(fc.double({ min: 0, max: 0.1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
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
          const found = await outcome(writeFlv, file, { aigc }, 'flv');
          if (found !== 'refused') expect(found).toEqual([aigc]);
          if (mutations.length === 0 && cut === null) expect(found).toEqual([aigc]);
        },
      ),
      { numRuns: 400 },
    );
  });
});

/** Among the descriptions, and yet a place in the file: it moves with what stands behind the metadata. */
function lastKeyFrame(tags: { [name: string]: string }, growth: number): { [name: string]: string } {
  const { lastkeyframelocation: before } = tags;
  return before === undefined ? {} : { lastkeyframelocation: String(Number(before) + growth) };
}

/** What a strict reader would complain about: sizes behind tags, and places in the metadata where nothing begins. */
function mistakesIn(bytes: Buffer): string[] {
  const mistakes: string[] = [];
  const starts = new Set<number>();
  const scripts: AmfSpan[] = [];
  let at = 13;
  while (at < bytes.length) {
    starts.add(at);
    const length = ((bytes[at + 1] ?? 0) << 16) | u16be(bytes, at + 2);
    const end = at + 11 + length;
    if (bytes[at] === 18) scripts.push(...amfValues(bytes.subarray(at + 11, end), 'script'));
    if (bytes.readUInt32BE(end) !== 11 + length) mistakes.push(`size behind the tag at ${at}`);
    at = end + 4;
  }
  const one = (span: AmfSpan | undefined, key: string) =>
    span?.properties?.find((property) => property.key === key)?.value;
  const metadata = scripts.find(({ properties }) => properties);
  const size = one(metadata, 'filesize')?.value;
  if (typeof size === 'number' && size !== bytes.length) mistakes.push(`filesize ${size}`);
  const positions = one(one(metadata, 'keyframes'), 'filepositions')?.items ?? [];
  for (const { value } of positions)
    if (typeof value !== 'number' || !starts.has(value)) mistakes.push(`position ${value}`);
  return mistakes;
}

import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
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
import type { MediaFormat } from '../../../contract/screening.ts';
import { bufferSource } from '../../media/bytes.ts';
import { judgePlace } from '../aigc/places.ts';
import { elementHeaderAt } from '../containers/ebml.ts';
import { bigEndian, concat } from '../containers/integers.ts';
import { LabelRefusal } from './change.ts';
import { crc32Id, type Element, element, elementsIn, master, unsigned, voidElement } from './ebml-elements.ts';
import { writeMatroska } from './matroska.ts';
import { readSeekHead, seekHeadBytes } from './matroska-positions.ts';
import { ascii } from './numbers.ts';

const codecs = ['-c:v', 'libvpx', '-b:v', '100k', '-deadline', 'realtime', '-g', '5', '-c:a', 'libopus'];
const both = [...picture, ...tone, ...codecs];
const tagged = ['-metadata', 'title=Lake', '-metadata', 'ARTIST=Somebody', '-metadata:s:a:0', 'language=deu'];
const old = ['-metadata', 'AIGC={"AIGC":{"Label":"2","ContentProducer":"x","ProduceID":"y"}}'];

type Layout = [name: string, ending: string, format: MediaFormat, args: string[]];
const layouts: Layout[] = [
  ['index at the end', 'mkv', 'mkv', [...both, ...tagged]],
  ['labelled by ffmpeg', 'mkv', 'mkv', [...both, ...tagged, ...old]],
  ['index first, with room behind it', 'mkv', 'mkv', [...both, '-cues_to_front', '1', '-reserve_index_space', '4000']],
  ['index first, without room', 'mkv', 'mkv', [...both, '-cues_to_front', '1', '-reserve_index_space', '130']],
  ['no tags at all', 'webm', 'webm', [...both, '-fflags', '+bitexact', '-flags', '+bitexact']],
  ['live', 'webm', 'webm', [...both, ...tagged, '-f', 'webm', '-live', '1']],
  ['sound', 'mkv', 'mkv', [...tone, '-c:a', 'flac', ...tagged]],
];

describe.each(layouts)('an AIGC label in a Matroska file: %s', (_name, ending, format, args) => {
  let before = Buffer.alloc(0);
  beforeAll(() => {
    before = made(ending, ...args);
  });

  it('is read by three readers, is updated and goes, and nothing else changes', async () => {
    const first = changed(writeMatroska, before, { aigc: label, digitalSourceType: sourceType });
    const second = changed(writeMatroska, first, { aigc: longerLabel });
    const none = changed(writeMatroska, second, { aigc: null });

    const media = mediaOf(before, ending);
    expect(media.complaints).toBe('0 \n0 ');
    const told = probed(before, ending);
    const { AIGC: _old, ...tags } = told.tags;
    for (const [bytes, text] of [
      [first, label],
      [second, longerLabel],
    ] as const) {
      expect(await labelsOf(bytes, format)).toEqual([{ at: 'matroska.tags', text }]);
      expect(probed(bytes, ending)).toEqual({ tags: { ...tags, AIGC: text }, rest: told.rest });
      expect(mistakesIn(bytes)).toEqual([]);
    }
    expect(packetsOf(first, ending)).toBe(media.hashes);
    expect(mediaOf(second, ending)).toEqual(media);
    expect(judgePlace(format, 'matroska.tags', 'AIGC')).toBe('place-named');
    expect(exifRead(second, ending)).toMatchObject({ 'Matroska:Aigc': longerLabel });

    expect(await labelsOf(none, format)).toEqual([]);
    expect(packetsOf(none, ending)).toBe(media.hashes);
    expect(probed(none, ending)).toEqual({ tags, rest: told.rest });
    expect(mistakesIn(none)).toEqual([]);
  });
});

describe('positions in a Matroska file', () => {
  const ids = { seekHead: 0x114d9b74, info: 0x1549a966, cues: 0x1c53bb6b, cluster: 0x1f43b675, tags: 0x1254c367 };
  const tag = (name: string, text: string) =>
    element(
      0x7373,
      concat([
        element(0x63c0, concat([])),
        element(0x67c8, concat([element(0x45a3, ascii(name)), element(0x4487, ascii(text))])),
      ]),
    );

  /** Tags behind the clusters, as mkvmerge writes them, and a cluster that stands just where its position takes one byte. */
  function build({ room, knows = true }: { room: number; knows?: boolean }): Buffer {
    const info = element(ids.info, element(0x7ba9, ascii('Lake')));
    const tags = master(ids.tags, concat([tag('ARTIST', 'Somebody'), tag('AIGC', '{"Label":"2"}')]), true);
    const cluster = (at: number) =>
      element(
        ids.cluster,
        concat([element(0xe7, unsigned(0)), element(0xa7, unsigned(at)), element(0xa3, ascii('\x81\0\0\x80media'))]),
      );
    const cues = (...at: number[]) =>
      master(
        ids.cues,
        concat(
          at.map((each) =>
            element(
              0xbb,
              concat([
                element(0xb3, unsigned(0)),
                element(0xb7, concat([element(0xf7, unsigned(1)), element(0xf1, unsigned(each))])),
              ]),
            ),
          ),
        ),
        true,
      );
    const head = (info: number, cues: number, tags: number) =>
      seekHeadBytes({
        hasChecksum: true,
        entries: [
          [ids.info, info],
          [ids.cues, cues],
          [ids.tags, tags],
        ].map(([id = 0, position = 0]) => ({ id, position, width: 1 })),
      });
    let at = { info: 0, cues: 0, first: 0, second: 0, tags: 0 };
    for (let round = 0; ; round += 1) {
      const parts = [
        head(at.info, at.cues, at.tags),
        room > 0 ? voidElement(room) : concat([]),
        info,
        cues(at.first, at.second),
        cluster(at.first),
        cluster(at.second),
        tags,
      ];
      const starts = parts.map((_part, index) => concat(parts.slice(0, index)).length);
      const [, , infoAt = 0, cuesAt = 0, first = 0, second = 0, tagsAt = 0] = starts;
      const next = { info: infoAt, cues: cuesAt, first, second, tags: tagsAt };
      if (JSON.stringify(next) === JSON.stringify(at)) {
        const body = concat(parts);
        const size = knows
          ? element(0x18538067, body, 8)
          : concat([unsigned(0x18538067), Uint8Array.of(0x01, 255, 255, 255, 255, 255, 255, 255), body]);
        return Buffer.concat([element(0x1a45dfa3, element(0x4282, ascii('matroska'))), size]);
      }
      at = next;
      if (round > 10) throw new Error('no such file');
    }
  }

  it.each([
    ['nothing to spare', build({ room: 0 })],
    ['room for the tags', build({ room: 500 })],
    ['a little room', build({ room: 40 })],
    ['a segment of unknown size', build({ room: 0, knows: false })],
  ])('all point at what they pointed at before: %s', async (_name, before) => {
    expect(mistakesIn(before)).toEqual([]);
    const after = changed(writeMatroska, before, { aigc: longerLabel });
    expect(mistakesIn(after)).toEqual([]);
    expect(await labelsOf(after, 'mkv')).toEqual([{ at: 'matroska.tags', text: longerLabel }]);
    expect(after.includes('Somebody')).toBe(true);
    expect(after.indexOf(longerLabel)).toBeLessThan(after.indexOf('media'));
    const none = changed(writeMatroska, after, { aigc: null });
    expect(mistakesIn(none)).toEqual([]);
    expect(await labelsOf(none, 'mkv')).toEqual([]);
  });

  it.each(['tags.mkv', 'sound.mka', 'tags.webm', 'live.webm'])(
    '%s: one label, wherever there was one before',
    async (name) => {
      const before = readFileSync(`test/fixtures/labels-av/${name}`);
      expect(await labelsOf(changed(writeMatroska, before, { aigc: label }), 'mkv')).toEqual([
        { at: 'matroska.tags', text: label },
      ]);
      expect(await labelsOf(changed(writeMatroska, before, { aigc: null }), 'mkv')).toEqual([]);
    },
  );

  it('takes labels out of titles, tags of tracks and nested tags, and keeps the checksums right', async () => {
    const nested = '{"Label":"1","ContentProducer":"x","ProduceID":"y"}';
    const title = `Lake {"AIGC":${nested}} at dawn`;
    const before = made(
      'mkv',
      ...both,
      '-metadata',
      `title=${title}`,
      '-metadata:s:v:0',
      `AIGC=${nested}`,
      '-metadata:s:a:0',
      `AIGC=${nested}`,
    );
    const after = changed(writeMatroska, before, { aigc: label });
    expect(await labelsOf(after, 'mkv')).toEqual([{ at: 'matroska.tags', text: label }]);
    expect(mistakesIn(after)).toEqual([]);
    expect(probed(after, 'mkv').tags['title']).toMatch(/^Lake +at dawn$/);
  });
});

describe('Matroska files that the label cannot be written to', () => {
  const header = element(0x1a45dfa3, element(0x4282, ascii('matroska')));
  const cases: [name: string, bytes: Uint8Array, code: string][] = [
    ['no segment', header, 'container-damaged'],
    ['nothing', new Uint8Array(0), 'container-damaged'],
    [
      'a segment cut off',
      concat([header, element(0x18538067, new Uint8Array(100))]).subarray(0, 60),
      'container-damaged',
    ],
    [
      'a checksum over everything',
      concat([header, master(0x18538067, element(0x1549a966, new Uint8Array(0)), true)]),
      'container-variant',
    ],
    [
      'tags that are none',
      concat([header, element(0x18538067, element(0x1254c367, ascii('no element')))]),
      'container-damaged',
    ],
  ];

  it.each(cases)('are refused: %s', (_name, bytes, code) => {
    expect(() => changed(writeMatroska, bytes, { aigc: label })).toThrow(LabelRefusal);
    expect(() => changed(writeMatroska, bytes, { aigc: label })).toThrow(code);
  });

  it('are refused, or are read by our reader as asked, however they are damaged', async () => {
    const originals = ['tags.mkv', 'sound.mka', 'tags.webm', 'live.webm'].map((name) =>
      readFileSync(`test/fixtures/labels-av/${name}`),
    );
    const character = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
    // The head of a file is where it is fragile.
    const place = fc.oneof(fc.double({ min: 0, max: 0.15, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
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
          const found = await outcome(writeMatroska, file, { aigc }, 'mkv');
          if (found !== 'refused') expect(found).toEqual([aigc]);
          if (mutations.length === 0 && cut === null) expect(found).toEqual([aigc]);
        },
      ),
      { numRuns: 400 },
    );
  });
});

/** What a strict reader would complain about: positions that point at something else, and wrong checksums. */
function mistakesIn(bytes: Uint8Array): string[] {
  const source = bufferSource(bytes);
  const mistakes: string[] = [];
  const header = elementHeaderAt(source, 0);
  const segmentAt = header ? header.bodyStart + (header.size ?? 0) : 0;
  const segment = elementHeaderAt(source, segmentAt);
  if (!segment) return ['no segment'];
  const end = segment.size === null ? bytes.length : segment.bodyStart + segment.size;
  if (end !== bytes.length) mistakes.push(`segment ends at ${end} of ${bytes.length}`);
  const idAt = (position: number) => elementHeaderAt(source, segment.bodyStart + position)?.id;
  for (let at = segment.bodyStart; at < end; ) {
    const each = elementHeaderAt(source, at);
    // The clusters of a live file have no size; nothing behind the first one is looked at.
    if (!each || each.size === null) break;
    const whole: Element = { id: each.id, start: at, bodyStart: each.bodyStart, end: each.bodyStart + each.size };
    if (each.id === 0x114d9b74) {
      for (const { id, position } of readSeekHead(bytes, whole).entries)
        if (idAt(position) !== id) mistakes.push(`seek ${id.toString(16)}`);
    }
    if (each.id === 0x1c53bb6b) checkCues(whole);
    if (each.id === 0x1f43b675) checkCluster(whole);
    const [first] =
      whole.end > whole.bodyStart && each.id !== 0xec ? elementsIn(source, each.bodyStart, whole.end, '') : [];
    if (
      first?.id === crc32Id &&
      crc32(bytes.subarray(first.end, whole.end)) !== Buffer.from(bytes).readUInt32LE(first.bodyStart)
    ) {
      mistakes.push(`checksum of ${each.id.toString(16)}`);
    }
    at = whole.end;
  }
  return mistakes;

  function checkCues(parent: Element): void {
    for (const child of elementsIn(source, parent.bodyStart, parent.end, '')) {
      if (child.id === 0xbb || child.id === 0xb7) checkCues(child);
      if (child.id === 0xf1 && idAt(bigEndian(bytes.subarray(child.bodyStart, child.end))) !== 0x1f43b675)
        mistakes.push('cue');
    }
  }

  function checkCluster(cluster: Element): void {
    for (const child of elementsIn(source, cluster.bodyStart, cluster.end, '')) {
      const says = bigEndian(bytes.subarray(child.bodyStart, child.end));
      if (child.id === 0xa7 && says !== cluster.start - (segment?.bodyStart ?? 0)) mistakes.push('cluster position');
    }
  }
}

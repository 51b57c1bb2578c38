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
import type { MediaFormat } from '../../../contract/screening.ts';
import { type ByteSource, bufferSource } from '../../media/bytes.ts';
import { judgePlace } from '../aigc/places.ts';
import { boxAt, eachBox } from '../containers/boxes.ts';
import { writeBmff } from './bmff.ts';
import { box } from './bmff-changes.ts';
import { LabelRefusal } from './change.ts';
import { ascii, be } from './numbers.ts';
import { bytesOf, pieceSource, piecesOf } from './pieces.ts';

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '5', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
const both = [...picture, ...tone, ...x264];
const tagged = ['-metadata', 'title=Lake', '-metadata', 'comment=made for a test', '-metadata:s:a:0', 'language=deu'];
const old = ['-metadata', 'AIGC={"AIGC":{"Label":"2","ContentProducer":"x","ProduceID":"y"}}'];

type Layout = [name: string, ending: string, format: MediaFormat, args: string[]];
const layouts: Layout[] = [
  ['moov at the end', 'mp4', 'mp4', [...both, ...tagged]],
  ['moov first', 'mp4', 'mp4', [...both, ...tagged, '-movflags', '+faststart']],
  ['fragmented', 'mp4', 'mp4', [...both, '-movflags', '+frag_keyframe+empty_moov']],
  [
    'fragments with an index',
    'mp4',
    'mp4',
    [...both, '-movflags', '+frag_keyframe+empty_moov+default_base_moof+global_sidx'],
  ],
  ['labelled by ffmpeg', 'mp4', 'mp4', [...both, ...tagged, ...old, '-movflags', '+faststart+use_metadata_tags']],
  ['QuickTime', 'mov', 'mov', [...both, ...tagged, '-movflags', '+faststart']],
  ['QuickTime labelled by ffmpeg', 'mov', 'mov', [...both, ...old, '-movflags', '+use_metadata_tags']],
  ['sound', 'm4a', 'm4a', [...tone, '-c:a', 'aac', ...tagged, '-movflags', '+faststart']],
  ['iTunes video', 'm4v', 'm4v', [...both, ...tagged]],
];

describe.each(layouts)('an AIGC label in a file: %s', (_name, ending, format, args) => {
  let before = Buffer.alloc(0);
  beforeAll(() => {
    before = made(ending, ...args);
  });

  it('is read by three readers, is updated and goes, and nothing else changes', async () => {
    const first = changed(writeBmff, before, { aigc: label, digitalSourceType: sourceType });
    const second = changed(writeBmff, first, { aigc: longerLabel });
    const none = changed(writeBmff, second, { aigc: null, digitalSourceType: null });

    const media = mediaOf(before, ending);
    expect(media.complaints).toBe('0 \n0 ');
    const told = probed(before, ending);
    const { AIGC: _old, ...tags } = told.tags;
    for (const [bytes, text] of [
      [first, label],
      [second, longerLabel],
    ] as const) {
      expect(await labelsOf(bytes, format)).toEqual([{ at: 'bmff.moov.udta.meta.mdta', text }]);
      expect(probed(bytes, ending)).toEqual({ tags: { ...tags, AIGC: text }, rest: told.rest });
    }
    expect(packetsOf(first, ending)).toBe(media.hashes);
    expect(mediaOf(second, ending)).toEqual(media);
    expect(judgePlace(format, 'bmff.moov.udta.meta.mdta', 'AIGC')).toBe('place-named');

    const read = exifRead(second, ending, '-Keys:all', '-XMP:all', '-QuickTime:Warning');
    expect(read['Keys:AIGC']).toBe(longerLabel);
    expect(read['XMP-iptcExt:DigitalSourceType']).toBe(sourceType);
    expect(Object.keys(read).filter((name) => /warning|error/i.test(name))).toEqual([]);

    expect(await labelsOf(none, format)).toEqual([]);
    expect(packetsOf(none, ending)).toBe(media.hashes);
    expect(probed(none, ending)).toEqual({ tags, rest: told.rest });
  });
});

describe('the place of an AIGC label', () => {
  const folder = 'test/fixtures/labels-av';
  const files = [
    ...['aigc-box.mp4', 'file-meta.mp4', 'fragmented.mp4', 'freeform.m4a', 'itunes.m4a', 'keyless.mp4', 'lists.mp4'],
    ...['long-sizes.mp4', 'moov-meta.mov', 'text.mov', 'track.mp4', 'two-movies.mp4', 'xmp.mov', 'xmp.mp4'],
  ];

  it.each(files)('is the only one afterwards, wherever there was one before: %s', async (name) => {
    const before = readFileSync(`${folder}/${name}`);
    const after = changed(writeBmff, before, { aigc: label });
    expect(await labelsOf(after, 'mp4')).toEqual([{ at: 'bmff.moov.udta.meta.mdta', text: label }]);
    expect(await labelsOf(changed(writeBmff, before, { aigc: null }), 'mp4')).toEqual([]);
  });

  it.each(['aigc-box.mp4', 'file-meta.mp4', 'long-sizes.mp4', 'two-movies.mp4', 'xmp.mp4'])(
    'leaves sound and pictures as they are: %s',
    (name) => {
      const before = readFileSync(`${folder}/${name}`);
      expect(packetsOf(changed(writeBmff, before, { aigc: label }), 'mp4')).toBe(packetsOf(before, 'mp4'));
    },
  );

  it('leaves a file that never had a label as it was once the label is taken back', () => {
    for (const name of ['plain.mp4', 'sound.mp4', 'itunes.m4a']) {
      const before = readFileSync(`${folder}/${name}`);
      const after = changed(writeBmff, changed(writeBmff, before, { aigc: label }), { aigc: null });
      expect(after.equals(before)).toBe(true);
    }
  });

  it('takes free space behind the movie, so that media stays where it is', () => {
    const start = made('mp4', ...both, '-movflags', '+faststart');
    const moov = top(bufferSource(start)).find(({ type }) => type === 'moov');
    const at = moov?.end ?? 0;
    for (const [size, grows] of [
      [4_000, false],
      [20, true],
    ] as const) {
      // Room for a free box, made by a change that moves what stands behind.
      const free = box('free', new Uint8Array(size - 8));
      const roomy = withMovedChunks(start, at, free);
      const after = changed(writeBmff, roomy, { aigc: label });
      expect(after.length > roomy.length).toBe(grows);
      expect(mediaOf(after, 'mp4')).toEqual(mediaOf(start, 'mp4'));
    }
  });

  it('corrects chunk offsets, and gives them 64 bits where 32 are no longer enough', () => {
    // Four gigabytes that nobody has to hold: zeros between the head of the file and its last bytes.
    const chunks = [0xfffffff0, 5_000];
    const track = (table: Uint8Array) => box('trak', box('mdia', box('minf', box('stbl', table))));
    const moov = box(
      'moov',
      track(box('stco', be(0, 4), be(2, 4), ...chunks.map((chunk) => be(chunk, 4)))),
      track(box('co64', be(0, 4), be(1, 4), be(0x1_0000_1000, 8))),
      track(box('stco', be(0, 4), be(1, 4), be(5_000, 4))),
    );
    const head = Buffer.concat([
      box('ftyp', ascii('isom'), be(0, 4)),
      moov,
      be(1, 4),
      ascii('mdat'),
      be(0x1_0000_2000, 8),
    ]);
    const source = sparse(head, head.length - 16 + 0x1_0000_2000);
    const after = pieceSource(source, piecesOf(source.size, writeBmff(source, { aigc: label })));
    const growth = after.size - source.size;
    const movie = top(after).find(({ type }) => type === 'moov');
    const tables = movie ? Buffer.from(after.read(movie.start, movie.end - movie.start)) : Buffer.alloc(0);
    expect(
      tables.indexOf(
        Buffer.concat([ascii('co64'), be(0, 4), be(2, 4), be(0xfffffff0 + growth, 8), be(5_000 + growth, 8)]),
      ),
    ).toBeGreaterThan(0);
    expect(
      tables.indexOf(Buffer.concat([ascii('co64'), be(0, 4), be(1, 4), be(0x1_0000_1000 + growth, 8)])),
    ).toBeGreaterThan(0);
    expect(tables.indexOf(Buffer.concat([ascii('stco'), be(0, 4), be(1, 4), be(5_000 + growth, 4)]))).toBeGreaterThan(
      0,
    );
    const mdat = top(after).at(-1);
    expect(mdat).toMatchObject({ type: 'mdat', end: after.size, truncated: false });
  });

  it('corrects places of items and of random access points', () => {
    const moof = box('moof', box('traf', box('tfhd', be(1, 4), be(1, 4), be(1_000, 8))));
    const iloc = box(
      'iloc',
      Uint8Array.of(0, 0, 0, 0, 0x44, 0x40),
      be(1, 2),
      be(7, 2),
      be(0, 2),
      be(900, 4),
      be(1, 2),
      be(100, 4),
      be(8, 4),
    );
    const tfra = box('tfra', be(0, 4), be(1, 4), be(0, 4), be(1, 4), be(0, 4), be(1_100, 4), be(0, 3));
    const before = Buffer.concat([
      box('ftyp', ascii('isom'), be(0, 4)),
      box('meta', be(0, 4), box('hdlr', be(0, 8), ascii('pict'), be(0, 13)), iloc),
      box('moov'),
      box('mdat', new Uint8Array(1_500)),
      moof,
      box('mfra', tfra),
    ]);
    const after = changed(writeBmff, before, { aigc: label });
    const growth = after.length - before.length;
    expect(after.includes(Buffer.concat([ascii('tfhd'), be(1, 4), be(1, 4), be(1_000 + growth, 8)]))).toBe(true);
    expect(after.includes(Buffer.concat([be(900, 4), be(1, 2), be(100 + growth, 4), be(8, 4)]))).toBe(true);
    expect(after.includes(Buffer.concat([be(0, 4), be(1_100 + growth, 4), be(0, 3)]))).toBe(true);
  });
});

describe('files that the label cannot be written to', () => {
  const cases: [name: string, bytes: Uint8Array, code: string][] = [
    ['no movie', box('ftyp', ascii('isom'), be(0, 4)), 'container-variant'],
    ['nothing', new Uint8Array(0), 'container-damaged'],
    ['a movie cut off', box('moov', box('udta', new Uint8Array(40))).subarray(0, 30), 'container-damaged'],
    ['a compressed movie', box('moov', box('cmov', new Uint8Array(40))), 'container-variant'],
    ['user data that is none', box('moov', box('udta', be(9, 4), be(1, 4), be(1, 4), be(1, 4))), 'container-damaged'],
    [
      'an index beyond its box',
      Buffer.concat([
        box('moov', box('trak', box('mdia', box('minf', box('stbl', box('stco', be(0, 4), be(1_000_000, 4))))))),
        box('mdat', new Uint8Array(8)),
      ]),
      'container-damaged',
    ],
  ];

  it.each(cases)('are refused: %s', (_name, bytes, code) => {
    expect(() => changed(writeBmff, bytes, { aigc: label })).toThrow(LabelRefusal);
    expect(() => changed(writeBmff, bytes, { aigc: label })).toThrow(code);
  });

  it('are refused, or are read by our reader as asked, however they are damaged', async () => {
    const originals = ['mdta.mp4', 'fragmented.mp4', 'xmp.mov', 'lists.mp4', 'two-movies.mp4', 'file-meta.mp4'].map(
      (name) => readFileSync(`test/fixtures/labels-av/${name}`),
    );
    const value = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 1,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...originals),
        value,
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { maxLength: 6 }),
        fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 3 }),
        async (original, text, mutations, cut) => {
          const bytes = Buffer.from(original);
          for (const [at, byte] of mutations) bytes[Math.floor(at * (bytes.length - 1))] = byte;
          const file = cut === null ? bytes : bytes.subarray(0, Math.floor(cut * bytes.length));
          const object = { Label: '1', ContentProducer: text, ProduceID: text };
          const change = { aigc: JSON.stringify(object) };
          const found = await outcome(writeBmff, file, change, 'mp4');
          if (found !== 'refused') expect(found).toEqual([change.aigc]);
          if (mutations.length === 0 && cut === null) expect(found).toEqual([change.aigc]);
        },
      ),
      { numRuns: 400 },
    );
  });
});

function top(source: ByteSource) {
  return [...eachBox(source, 0, source.size)];
}

/** The file with bytes put in behind its movie and all chunk offsets moved along. */
function withMovedChunks(bytes: Buffer, at: number, insert: Uint8Array): Buffer {
  const moved = Buffer.from(bytes);
  for (let found = moved.indexOf('stco'); found >= 0; found = moved.indexOf('stco', found + 4)) {
    const table = boxAt(bufferSource(moved), found - 4, moved.length);
    const count = table ? moved.readUInt32BE(table.bodyStart + 4) : 0;
    for (let index = 0; index < count; index += 1) {
      const field = found + 12 + 4 * index;
      moved.writeUInt32BE(moved.readUInt32BE(field) + insert.length, field);
    }
  }
  return Buffer.from(bytesOf(bufferSource(moved), piecesOf(moved.length, [{ at, remove: 0, insert }])));
}

function sparse(head: Uint8Array, size: number): ByteSource {
  return {
    size,
    read: (offset, length) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      if (offset < head.length) bytes.set(head.subarray(offset, offset + bytes.length));
      return bytes;
    },
  };
}

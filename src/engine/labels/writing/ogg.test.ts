import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { made, mediaOf, picture, tone } from '../../../../test/av-writing.ts';
import { bytes, u32le, u64le, utf8, vorbisComment } from '../../../../test/fixtures/labels-av/bytes.ts';
import { label } from '../../../../test/fixtures/labels-av/labels.ts';
import { newFolder } from '../../../../test/new-folder.ts';
import {
  expectAnyValue,
  expectRefusedOrRight,
  labelsIn,
  othersIn,
  refusalOf,
  rewritten,
  wanted,
} from '../../../../test/writing-labels.ts';
import { bufferSource } from '../../media/bytes.ts';
import { readOgg } from '../containers/ogg.ts';
import type { LabelChange } from './change.ts';
import { writeOgg } from './ogg.ts';
import { piecesOf } from './pieces.ts';

const ogg = { format: 'ogg', write: writeOgg, read: readOgg } as const;
const one = [{ at: 'ogg.vorbis-comment AIGC', text: wanted, place: 'place-named' }];
/** Larger than three pages can hold. */
const long = JSON.stringify({ ...JSON.parse(wanted), ReservedCode1: 'x'.repeat(200_000) });

let files: [codec: string, ending: string, bytes: Buffer][] = [];
beforeAll(() => {
  const titled = ['-metadata', 'title=A mirror', '-metadata', 'AIGC=old', '-fflags', '+bitexact'];
  const theora = ['-c:v', 'libtheora', '-c:a', 'libvorbis', ...titled];
  files = [
    ['Vorbis', 'ogg', made('ogg', ...tone, '-c:a', 'libvorbis', ...titled)],
    ['Opus', 'opus', made('opus', ...tone, '-c:a', 'libopus', ...titled)],
    ['Opus without a label', 'opus', made('opus', ...tone, '-c:a', 'libopus')],
    ['FLAC', 'ogg', made('ogg', ...tone, '-c:a', 'flac', ...titled)],
    ['Speex', 'spx', made('spx', ...tone, '-c:a', 'libspeex', ...titled)],
    ['Theora and Vorbis', 'ogv', made('ogv', ...picture, ...tone, ...theora, '-metadata:s:a', `AIGC=${label}`)],
  ];
});

function write(before: Uint8Array, change: LabelChange = { aigc: wanted }): Buffer {
  return rewritten(ogg, before, change);
}

interface Page {
  flags: number;
  granule: bigint;
  serial: number;
  sequence: number;
  lacing: number[];
  body: Buffer;
}

/** The pages of a file, walked by this test's own lights; throws where one's checksum is wrong. */
function pagesOf(whole: Uint8Array): Page[] {
  const file = Buffer.from(whole);
  const pages: Page[] = [];
  for (let at = 0; at < file.length; ) {
    const lacing = [...file.subarray(at + 27, at + 27 + (file[at + 26] ?? 0))];
    const bodyAt = at + 27 + lacing.length;
    const end = bodyAt + lacing.reduce((sum, length) => sum + length, 0);
    const page = Buffer.from(file.subarray(at, end));
    const told = page.readUInt32LE(22);
    page.writeUInt32LE(0, 22);
    if (slowChecksum(page) !== told) throw new Error(`checksum of the page at ${at}`);
    pages.push({
      flags: page[5] ?? 0,
      granule: page.readBigInt64LE(6),
      serial: page.readUInt32LE(14),
      sequence: page.readUInt32LE(18),
      lacing,
      body: file.subarray(bodyAt, end),
    });
    at = end;
  }
  return pages;
}

/** RFC 3533 6: bit by bit, so that nothing is shared with what is tested. */
function slowChecksum(page: Uint8Array): number {
  let value = 0;
  for (const byte of page) {
    value = (value ^ (byte << 24)) >>> 0;
    for (let bit = 0; bit < 8; bit += 1) value = ((value << 1) ^ (value >= 0x8000_0000 ? 0x04c11db7 : 0)) >>> 0;
  }
  return value;
}

/** Every stream's packets, and what its pages say about order; numbers must count from 0. A number may be used again in a later link. */
function streamsOf(whole: Uint8Array): { serial: number; packets: Buffer[] }[] {
  const all: { serial: number; packets: Buffer[]; rest: Buffer[]; next: number }[] = [];
  for (const { serial, sequence, flags, lacing, body, granule } of pagesOf(whole)) {
    if ((flags & 2) === 2) all.push({ serial, packets: [], rest: [], next: 0 });
    const stream = all.findLast((each) => each.serial === serial);
    if (!stream) throw new Error(`a page of stream ${serial} before its beginning`);
    expect(sequence).toBe(stream.next);
    expect((flags & 1) === 1).toBe(stream.rest.length > 0);
    if (lacing.every((length) => length === 255)) expect(granule).toBe(-1n);
    stream.next += 1;
    let at = 0;
    for (const length of lacing) {
      stream.rest.push(body.subarray(at, at + length));
      at += length;
      if (length === 255) continue;
      stream.packets.push(Buffer.concat(stream.rest));
      stream.rest = [];
    }
  }
  return all;
}

/** All packets but the comment headers. */
function media(whole: Uint8Array): string[] {
  return streamsOf(whole).flatMap(({ serial, packets }) =>
    packets.flatMap((packet, index) => (index === 1 ? [] : [`${serial} ${packet.toString('base64')}`])),
  );
}

describe('the label of an Ogg file', () => {
  it.each([0, 1, 2, 3, 4, 5])('file %i of those that ffmpeg makes', (index) => {
    const [, ending, before = Buffer.alloc(0)] = files[index] ?? [];
    for (const aigc of [wanted, long, null]) {
      const after = write(before, { aigc });
      expect(labelsIn(ogg, after)).toEqual(aigc === null ? [] : one.map((each) => ({ ...each, text: aigc })));
      expect(othersIn(ogg, after)).toEqual(othersIn(ogg, before));
      expect(media(after)).toEqual(media(before));
      expect(write(after, { aigc }).equals(after)).toBe(true);
      // Back from many pages to few.
      expect(media(write(after, { aigc: wanted }))).toEqual(media(before));
    }
    expect(mediaOf(write(before), ending ?? '')).toEqual(mediaOf(before, ending ?? ''));
  });

  it('is read by ffprobe and exiftool', () => {
    const folder = newFolder();
    for (const [codec, , before] of files) {
      const path = join(folder, `${codec}.ogg`);
      writeFileSync(path, write(before));
      const shown = ['-v', 'error', '-show_entries', 'stream_tags', '-of', 'json', path];
      const { streams } = JSON.parse(execFileSync('ffprobe', shown, { encoding: 'utf8' }));
      expect(streams[0].tags, codec).toMatchObject({ AIGC: wanted });
      for (const { tags } of streams.slice(1)) expect(tags, codec).not.toHaveProperty('AIGC');
    }
    // Of Speex exiftool reads no comments.
    const read = JSON.parse(execFileSync('exiftool', ['-j', '-AIGC', '-Warning', folder], { encoding: 'utf8' }));
    for (const { SourceFile, ...told } of read)
      if (!SourceFile.includes('Speex')) expect(told, SourceFile).toEqual({ Aigc: wanted });
  });

  it('changes one stretch where the number of pages stays, and numbers alone behind it where it does not', () => {
    const [, , vorbis = Buffer.alloc(0)] = files[0] ?? [];
    const source = bufferSource(vorbis);
    const before = pagesOf(vorbis);
    expect(writeOgg(source, { aigc: wanted })).toHaveLength(1);
    const edits = writeOgg(source, { aigc: long });
    // Beginning of the stream, one page of headers, and each later page in eight bytes.
    expect(edits).toHaveLength(before.length - 1);
    expect(edits.slice(1).every(({ remove, insert }) => remove === 8 && insert.length === 8)).toBe(true);
    expect(piecesOf(source.size, edits).length).toBeLessThan(before.length * 3);
    const after = pagesOf(write(vorbis, { aigc: long }));
    const shift = after.length - before.length;
    expect(shift).toBeGreaterThan(2);
    expect(after.slice(2 + shift)).toEqual(
      before.slice(2).map((page) => ({ ...page, sequence: page.sequence + shift })),
    );
  });

  it('labels the first link of a chain and takes the labels out of the others', () => {
    const [[, , vorbis], [, , opus], , [, , flac]] = files as [
      (typeof files)[0],
      (typeof files)[0],
      (typeof files)[0],
      (typeof files)[0],
    ];
    const chain = Buffer.concat([vorbis, opus, flac]);
    const after = write(chain);
    expect(labelsIn(ogg, after)).toEqual(one);
    const labels = streamsOf(after).map(({ packets }) => packets[1]?.toString('latin1').split('AIGC=').length);
    expect(labels).toEqual([2, 1, 1]);
    expect(media(after)).toEqual(media(chain));
  });

  it('leaves what follows a hole or the end alone', () => {
    const [, , vorbis = Buffer.alloc(0)] = files[0] ?? [];
    const junk = Buffer.concat([vorbis, Buffer.from('TAG and other words')]);
    expect(write(junk, { aigc: long }).subarray(-19).toString()).toBe('TAG and other words');
    const cut = vorbis.subarray(0, vorbis.length - 100);
    expect(labelsIn(ogg, write(cut, { aigc: long }))).toHaveLength(1);
  });

  it('keeps a page that holds more than the comment, and its end', () => {
    const head = bytes('OpusHead\x01\x01\0\0', u32le(48_000), '\0\0\0');
    const comment = bytes('OpusTags', vorbisComment('v', 'title=T'));
    const packet = bytes('\xfc\xff\xfe');
    const file = bytes(page(2, 0n, 0, [head]), page(4, 960n, 1, [comment, packet]));
    const after = write(file);
    expect(media(after)).toEqual(media(file));
    expect(pagesOf(after).map(({ flags, granule }) => [flags, granule])).toEqual([
      [2, 0n],
      [4, 960n],
    ]);
    const grown = pagesOf(write(file, { aigc: long })).map(({ flags, granule }) => [flags, granule]);
    expect(grown).toEqual([
      [2, 0n],
      [0, -1n],
      [1, -1n],
      [1, -1n],
      [5, 960n],
    ]);
    expect(media(write(write(file, { aigc: long }), { aigc: null }))).toEqual(media(file));
  });

  it.each([
    [
      'a stream without a comment header',
      () => bytes(page(2, 0n, 0, [utf8('PCM     ')]), page(4, 0n, 1, [utf8('x')])),
      'container-variant file',
    ],
    ['headers that never end', () => files[0]?.[2].subarray(0, 200) ?? bytes(), 'container-damaged stream[1]'],
    ['no Ogg', () => utf8('fLaC'.repeat(20)), 'container-damaged file'],
    [
      'a wrong checksum of a header page',
      () => Uint8Array.from(files[0]?.[2] ?? [], (byte, at) => (at === 100 ? byte ^ 1 : byte)),
      'container-damaged stream[1]',
    ],
    [
      'an index of byte offsets',
      () => bytes(page(2, 0n, 0, [bytes('fishead\0\x04\0\0\0', '\0'.repeat(68))], 9), files[1]?.[2] ?? ''),
      'container-variant stream[1]',
    ],
    [
      'a FLAC block whose length lies',
      () =>
        bytes(
          page(2, 0n, 0, [bytes('\x7fFLAC\x01\0\0\x01fLaC', '\0'.repeat(38))]),
          page(0, 0n, 1, [bytes('\x84\0\0\x05', vorbisComment('v'))]),
        ),
      'container-damaged stream[1]/comment',
    ],
  ])('refuses %s', (_what, make, refusal) => {
    expect(refusalOf(() => write(make()))).toBe(refusal);
  });
});

/** A page of whole packets. */
function page(flags: number, granule: bigint, sequence: number, packets: Uint8Array[], serial = 7): Uint8Array {
  const lacing = packets.flatMap(({ length }) => [...Array(Math.floor(length / 255)).fill(255), length % 255]);
  const head = bytes(
    'OggS\0',
    String.fromCharCode(flags),
    u64le(Number(granule)),
    u32le(serial),
    u32le(sequence),
    u32le(0),
  );
  const whole = Buffer.from(bytes(head, String.fromCharCode(lacing.length, ...lacing), ...packets));
  whole.writeUInt32LE(slowChecksum(whole), 22);
  return whole;
}

describe('any value and any damage', () => {
  const fixture = readFileSync('test/fixtures/labels-av/comment.opus');

  it('every printable value comes back as it went in', () => expectAnyValue(ogg, fixture, 150));

  it('a damaged file is refused, or gets exactly this label', () => {
    const small = ['comment.ogg', 'comment.ogv', 'comment.opus', 'flac-in.ogg'].map((name) =>
      readFileSync(`test/fixtures/labels-av/${name}`),
    );
    expectRefusedOrRight(ogg, small, 500);
  });
});

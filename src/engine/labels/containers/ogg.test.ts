import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  apeTag,
  bytes,
  frame,
  id3,
  oggPage,
  u32le,
  utf8,
  vorbisComment,
} from '../../../../test/fixtures/labels-av/bytes.ts';
import { counting } from '../../../../test/fixtures/labels-av/counting.ts';
import { label } from '../../../../test/fixtures/labels-av/labels.ts';
import { entriesOf, findingsOf } from '../../../../test/fixtures/labels-av/telling.ts';
import { bufferSource } from '../../media/bytes.ts';
import { readFlac } from './flac.ts';
import { readOgg } from './ogg.ts';

const read = (...parts: Uint8Array[]) => readOgg(counting(bufferSource(bytes(...parts))));
const flac = (...parts: (Uint8Array | string)[]) => readFlac(counting(bufferSource(bytes(...parts))));
const opusHead = utf8('OpusHead\x01\x01\0\0\0\0\0\0\0\0\0');
const start = (serial: number, packet: Uint8Array) => oggPage(serial, 2, lacingOf(packet.length), packet);
const page = (serial: number, packet: Uint8Array) => oggPage(serial, 0, lacingOf(packet.length), packet);
const tags = (...fields: string[]) => bytes('OpusTags', vorbisComment('tool', ...fields));
const block = (type: number, last: boolean, body: Uint8Array) =>
  bytes(
    String.fromCharCode(type | (last ? 128 : 0), body.length >> 16, (body.length >> 8) & 255, body.length & 255),
    body,
  );

describe('comment headers of Ogg', () => {
  it('puts a comment together across pages, between those of another stream', () => {
    const long = tags(`NOTE=${'x'.repeat(130_000)}`, `AIGC=${label}`);
    const pieces = [long.subarray(0, 255 * 255), long.subarray(255 * 255, 255 * 510), long.subarray(255 * 510)];
    const metadata = read(
      start(1, opusHead),
      start(2, opusHead),
      oggPage(1, 0, Array(255).fill(255), pieces[0] ?? bytes()),
      page(2, tags('TITLE=other')),
      oggPage(1, 1, Array(255).fill(255), pieces[1] ?? bytes()),
      page(1, pieces[2] ?? bytes()),
    );
    expect(findingsOf(metadata)).toEqual([]);
    expect(metadata.entries.map(({ key, place }) => `${place.path} ${key}`)).toEqual([
      'stream[2]/comment/vendor vendor',
      'stream[2]/comment[1] TITLE',
      'stream[1]/comment/vendor vendor',
      'stream[1]/comment[1] NOTE',
      'stream[1]/comment[2] AIGC',
    ]);
    expect(metadata.entries.at(-1)?.value).toBe(label);
  });

  it('reads both header packets from one page', () => {
    const both = bytes(opusHead, tags(`AIGC=${label}`));
    const lacing = [...lacingOf(opusHead.length), ...lacingOf(both.length - opusHead.length)];
    expect(entriesOf(read(oggPage(1, 2, lacing, both)))).toContain(`ogg.vorbis-comment AIGC=${label}`);
  });

  it('knows the other codecs, and skips a skeleton and what it does not know', () => {
    const comment = vorbisComment('tool', 'a=b');
    const found = read(
      start(1, utf8('fishead\0')),
      start(2, utf8('Speex   1.2')),
      start(3, bytes('OVP80\x01')),
      start(4, utf8('unheard of')),
      page(2, comment),
      page(3, bytes('OVP80\x02 ', comment)),
      page(4, comment),
    );
    expect(entriesOf(found)).toEqual(
      Array(2).fill(['ogg.vorbis-comment vendor=tool', 'ogg.vorbis-comment A=b']).flat(),
    );
  });

  it('reads no further than the comments', () => {
    const file = bytes(
      start(1, opusHead),
      page(1, tags()),
      ...Array.from({ length: 200 }, () => page(1, new Uint8Array(20_000))),
    );
    const source = counting(bufferSource(file));
    readOgg(source);
    expect(source.bytes).toBeLessThan(2_000);
  });
});

describe('hostile Ogg and FLAC', () => {
  it('finds what is declared and not there', () => {
    const cut = bytes(start(1, opusHead), page(1, tags('A=b')));
    expect(findingsOf(read(cut.subarray(0, -3)))).toEqual([
      'truncated file',
      'truncated stream[1]',
      'truncated stream[1]/comment',
    ]);
    expect(findingsOf(read(start(1, opusHead), utf8('not a page of this format at all')))).toEqual([
      'bad-structure file',
    ]);
    const vendor = bytes('OpusTags', u32le(0xffffffff), 'x'.repeat(20));
    expect(findingsOf(read(start(1, opusHead), page(1, vendor)))).toEqual(['bad-structure stream[1]/comment']);
    const endless = bytes('OpusTags', u32le(0), u32le(0xffffffff), u32le(1), 'x');
    expect(findingsOf(read(start(1, opusHead), page(1, endless)))).toEqual(['truncated stream[1]/comment']);
    expect(findingsOf(flac('fLaC', block(4, true, vorbisComment('tool', 'A=b')).subarray(0, -2)))).toEqual([
      'truncated file',
      'truncated VORBIS_COMMENT',
    ]);
    expect(findingsOf(flac('nothing'))).toEqual(['bad-structure file']);
  });

  it('keeps to its limits', () => {
    const empty = oggPage(1, 2, [], bytes());
    expect(read(Buffer.alloc(empty.length * 5_000, empty)).entries).toEqual([]);
    const serials = Array.from({ length: 300 }, (_, serial) => start(serial, opusHead));
    const comments = Array.from({ length: 300 }, (_, serial) => page(serial, tags('A=b')));
    expect(read(...serials, ...comments).entries).toHaveLength(64);
    const fields = flac('fLaC', block(4, true, vorbisComment('tool', ...Array(6_000).fill('A=b'))));
    expect(findingsOf(fields)).toEqual(['too-many-entries flac']);
    const endless = Array.from({ length: 80 }, (_, index) =>
      oggPage(1, index === 0 ? 0 : 1, Array(255).fill(255), new Uint8Array(255 * 255)),
    );
    expect(findingsOf(read(start(1, opusHead), ...endless, page(1, bytes('x'))))).toEqual(['value-too-long stream[1]']);
  });
});

describe('entries of FLAC', () => {
  it('reads comments between other blocks, behind ID3 and before APE', () => {
    const picture = block(6, false, new Uint8Array(100));
    const comment = block(
      4,
      true,
      vorbisComment('tool', `aigc=${label}`, 'no equals sign', 'METADATA_BLOCK_PICTURE=AAAA'),
    );
    expect(entriesOf(flac('fLaC', block(0, false, new Uint8Array(34)), picture, comment))).toEqual([
      'flac.vorbis-comment vendor=tool',
      `flac.vorbis-comment AIGC=${label}`,
      'flac.vorbis-comment =no equals sign',
      'flac.vorbis-comment METADATA_BLOCK_PICTURE=',
    ]);
    const inside = readFileSync('test/fixtures/labels-av/comment.flac');
    const between = flac(id3(3, 0, frame(3, 'TIT2', 0, '\0title')), inside, apeTag({ AIGC: label }));
    expect(findingsOf(between)).toEqual([]);
    expect(between.entries.filter(({ value }) => value === label).map(({ place }) => place.location)).toEqual([
      'flac.vorbis-comment',
      'ape.tag',
    ]);
    expect(entriesOf(between)[0]).toBe('id3.frame TIT2=title');
  });
});

function lacingOf(length: number): number[] {
  return [...Array(Math.floor(length / 255)).fill(255), length % 255];
}

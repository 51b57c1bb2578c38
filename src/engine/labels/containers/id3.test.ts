import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  apeTag,
  bytes,
  frame,
  id3,
  syncsafe,
  u32be,
  unsynchronised,
  utf8,
  utf16,
  zlib,
} from '../../../../test/fixtures/labels-av/bytes.ts';
import { counting } from '../../../../test/fixtures/labels-av/counting.ts';
import { label, xmpPacket } from '../../../../test/fixtures/labels-av/labels.ts';
import { entriesOf, findingsOf } from '../../../../test/fixtures/labels-av/telling.ts';
import { bufferSource } from '../../media/bytes.ts';
import { readAac, readMp3 } from './id3.ts';

const sound = readFileSync('test/fixtures/labels-av/bare.mp3');
const read = (...parts: (Uint8Array | string)[]) => readMp3(counting(bufferSource(bytes(...parts))));
const aigc = `id3.txxx TXXX:AIGC=${label}`;
const described = (encoding: string, name: Uint8Array | string, end: string, value: Uint8Array | string) =>
  bytes(encoding, name, end, value);

describe('entries of ID3', () => {
  const table: [what: string, tag: Uint8Array, entries: string[]][] = [
    ['ISO 8859-1', id3(3, 0, frame(3, 'TPE1', 0, '\0M\xfcller\0')), ['id3.frame TPE1=Müller']],
    ['UTF-8 that says it is ISO 8859-1', id3(3, 0, frame(3, 'TPE1', 0, '\0', utf8('张三'))), ['id3.frame TPE1=张三']],
    [
      'UTF-16 with a mark, little-endian',
      id3(3, 0, frame(3, 'TPE1', 0, '\x01', utf16('张三', 'le'), '\0\0')),
      ['id3.frame TPE1=张三'],
    ],
    [
      'UTF-16 with a mark, big-endian',
      id3(3, 0, frame(3, 'TPE1', 0, '\x01', utf16('张三', 'be'))),
      ['id3.frame TPE1=张三'],
    ],
    [
      'UTF-16 without a mark',
      id3(3, 0, frame(3, 'TPE1', 0, '\x01', utf16('abc', 'le', false))),
      ['id3.frame TPE1=abc'],
    ],
    ['UTF-16BE', id3(4, 0, frame(4, 'TPE1', 0, '\x02', utf16('张三', 'be', false))), ['id3.frame TPE1=张三']],
    ['UTF-8', id3(4, 0, frame(4, 'TPE1', 0, '\x03', utf8('张三'))), ['id3.frame TPE1=张三']],
    [
      'two texts in one frame',
      id3(4, 0, frame(4, 'TPE1', 0, '\x03one\0two\0')),
      ['id3.frame TPE1=one', 'id3.frame TPE1=two'],
    ],
    [
      'a description in UTF-16 of an odd kind',
      id3(3, 0, frame(3, 'TXXX', 0, described('\x01', utf16('Ā', 'le'), '\0\0', utf16('x', 'le')))),
      ['id3.txxx TXXX:Ā=x'],
    ],
    ['a description without a value', id3(4, 0, frame(4, 'TXXX', 0, '\x03AIGC\0')), ['id3.txxx TXXX:AIGC=']],
    ['a value behind a zero', id3(4, 0, frame(4, 'TXXX', 0, '\x03AIGC\0\0', label)), [aigc]],
    [
      'links and lyrics',
      id3(
        3,
        0,
        frame(3, 'WOAF', 0, 'https://a'),
        frame(3, 'WXXX', 0, '\x01', utf16('é', 'le'), '\0\0https://b'),
        frame(3, 'USLT', 0, '\0eng', 'x\0la la'),
      ),
      ['id3.frame WOAF=https://a', 'id3.frame WXXX:é=https://b', 'id3.frame USLT:x=la la'],
    ],
    [
      'private bytes, words and XMP',
      id3(
        3,
        0,
        frame(3, 'PRIV', 0, 'a\0\xff\xfe\x01'),
        frame(3, 'PRIV', 0, 'AIGC\0', label),
        frame(3, 'PRIV', 0, 'XMP\0', utf8(xmpPacket)),
      ),
      ['id3.priv PRIV:a=', `id3.priv PRIV:AIGC=${label}`, `id3.priv XMP=${xmpPacket}`],
    ],
    [
      'no manifest store and no cover',
      id3(
        3,
        0,
        frame(3, 'GEOB', 0, '\0application/x-c2pa-manifest-store\0c2pa\0\0xx'),
        frame(3, 'APIC', 0, '\0image/png\0\x03\0xx'),
      ),
      [],
    ],
    [
      'frames of ID3v2.2 under their later names',
      id3(
        2,
        0,
        frame(2, 'TT2', 0, '\0title'),
        frame(2, 'COM', 0, '\0eng\0said'),
        frame(2, 'TXX', 0, '\0AIGC\0', label),
      ),
      ['id3.frame TIT2=title', 'id3.frame COMM:=said', aigc],
    ],
    ['three letters in a later tag', id3(3, 0, frame(3, 'TT2\0', 0, '\0title')), ['id3.frame TIT2=title']],
    [
      'a 2.4 size written with eight bits',
      id3(4, 0, bytes('TXXX', u32be(6 + label.length), '\0\0', '\x03AIGC\0', label), frame(4, 'TIT2', 0, '\x03x')),
      [aigc, 'id3.frame TIT2=x'],
    ],
    ['padding', id3(4, 0, frame(4, 'TIT2', 0, '\x03x'), '\0'.repeat(500)), ['id3.frame TIT2=x']],
    [
      'an extended header of 2.3',
      id3(3, 0x40, u32be(6), '\0\0\0\0\0\0', frame(3, 'TIT2', 0, '\0x')),
      ['id3.frame TIT2=x'],
    ],
    [
      'a 2.4 tag that says unsynchronised for all its frames',
      id3(4, 0x80, frame(4, 'TIT2', 0, unsynchronised(bytes('\x01', utf16('ÿx', 'le'))))),
      ['id3.frame TIT2=ÿx'],
    ],
    [
      'a grouped and deflated 2.4 frame',
      id3(4, 0, frame(4, 'TIT2', 0x49, 'g', syncsafe(6), zlib(bytes('\x03title')))),
      ['id3.frame TIT2=title'],
    ],
    [
      'two tags in a row',
      bytes(id3(3, 0, frame(3, 'TIT2', 0, '\0one')), id3(4, 0, frame(4, 'TXXX', 0, '\x03AIGC\0', label))),
      ['id3.frame TIT2=one', aigc],
    ],
  ];
  it.each(table)('%s', (_what, tag, entries) => {
    const metadata = read(tag, sound);
    expect(entriesOf(metadata)).toEqual(entries);
    expect(findingsOf(metadata)).toEqual([]);
    expect(entriesOf(readAac(bufferSource(tag)))).toEqual(entries);
  });
});

describe('tags at the end', () => {
  const v1 = bytes('TAG', 'title'.padEnd(30, '\0'), 'artist'.padEnd(30, ' '), '\0'.repeat(64), '\xff');
  it('reads them in any company', () => {
    expect(entriesOf(read(sound, v1))).toEqual(['id3.v1 title=title', 'id3.v1 artist=artist']);
    expect(entriesOf(read(sound, apeTag({ AIGC: label, Two: 'a\0b' })))).toEqual([
      `ape.tag AIGC=${label}`,
      'ape.tag Two=a',
      'ape.tag Two=b',
    ]);
    const lyrics = 'LYRICSBEGININD0000200';
    const lyrics3 = `${lyrics}${String(lyrics.length).padStart(6, '0')}LYRICS200`;
    expect(entriesOf(read(sound, apeTag({ AIGC: label }), lyrics3, v1))).toEqual([
      'id3.v1 title=title',
      'id3.v1 artist=artist',
      `ape.tag AIGC=${label}`,
    ]);
  });

  it('finds footers that cannot be true', () => {
    const ape = apeTag({ AIGC: label });
    const endless = Buffer.from(ape);
    endless.writeUInt32LE(0xffffffff, endless.length - 20);
    expect(findingsOf(read(sound, endless))).toEqual(['bad-structure APEv2']);
    const wrong = Buffer.from(ape);
    wrong.writeUInt32LE(0x7fffffff, 32);
    expect(findingsOf(read(sound, wrong))).toEqual(['bad-structure APEv2[1]']);
    expect(findingsOf(read(sound, '3DI\x04\0\0\x7f\x7f\x7f\x7f'))).toEqual([]);
    expect(findingsOf(read('999999LYRICS200', 'x'.repeat(30), '999999LYRICS200'))).toEqual([]);
  });
});

describe('hostile tags', () => {
  it('finds what is declared and not there', () => {
    expect(findingsOf(read('ID3\x03\0\0\x7f\x7f\x7f\x7f', frame(3, 'TIT2', 0, '\0x')))).toEqual(['truncated ID3v2']);
    expect(findingsOf(read(id3(3, 0, bytes('TIT2', u32be(0x7fffffff), '\0\0\0x'))))).toEqual(['truncated ID3v2/TIT2']);
    expect(findingsOf(read(id3(3, 0, frame(3, '\x01bad', 0, 'x'))))).toEqual(['bad-structure ID3v2']);
    expect(findingsOf(read(id3(3, 0x40, u32be(0xfffffff0))))).toEqual(['bad-structure ID3v2']);
    expect(findingsOf(read(id3(2, 0x40, frame(2, 'TT2', 0, '\0x'))))).toEqual(['bad-structure ID3v2']);
    expect(findingsOf(read(id3(3, 0, frame(3, 'TIT2', 0x80, 'abc'))))).toEqual(['bad-structure ID3v2/TIT2']);
    expect(findingsOf(read(id3(3, 0, frame(3, 'TIT2', 0x80, u32be(4), 'abcd'))))).toEqual(['bad-structure ID3v2/TIT2']);
    // Encrypted: nobody can read it, and nothing is wrong.
    expect(read(id3(3, 0, frame(3, 'TIT2', 0x40, 'e\0x')))).toEqual({ entries: [], findings: [] });
  });

  it('never inflates a bomb', () => {
    const bomb = zlib(new Uint8Array(64 * 1024 * 1024));
    const honest = id3(3, 0, frame(3, 'TIT2', 0x80, u32be(64 * 1024 * 1024), bomb));
    const lying = id3(3, 0, frame(3, 'TIT2', 0x80, u32be(100), bomb));
    expect(findingsOf(read(honest))).toEqual(['compressed-too-large ID3v2/TIT2']);
    expect(findingsOf(read(lying))).toEqual(['compressed-too-large ID3v2/TIT2']);
  });

  it('keeps to its limits', () => {
    const frames = Buffer.alloc(11 * 6_000, frame(3, 'TIT2', 0, '\0'));
    expect(findingsOf(read(id3(3, 0, frames)))).toEqual(['too-many-entries id3']);
    const texts = read(id3(4, 0, frame(4, 'TIT2', 0, '\x03', 'x\0'.repeat(100_000))));
    expect(texts.entries).toHaveLength(16);
    const cover = counting(
      bufferSource(
        bytes(id3(3, 0, frame(3, 'APIC', 0, '\0'.repeat(5_000_000)), frame(3, 'TXXX', 0, '\x03AIGC\0', label)), sound),
      ),
    );
    expect(entriesOf(readMp3(cover))).toEqual([aigc]);
    expect(cover.bytes).toBeLessThan(100_000);
  });
});

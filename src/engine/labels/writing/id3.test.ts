import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  apeTag,
  bytes,
  frame,
  id3,
  syncsafe,
  u16be,
  u32be,
  u32le,
  unsynchronised,
  utf8,
  utf16,
  zlib,
} from '../../../../test/fixtures/labels-av/bytes.ts';
import { label, xmpPacket } from '../../../../test/fixtures/labels-av/labels.ts';
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
import { readMp3 } from '../containers/id3.ts';
import { readXmp } from '../xmp.ts';
import type { LabelChange } from './change.ts';
import { writeMp3 } from './id3.ts';

const mp3 = { format: 'mp3', write: writeMp3, read: readMp3 } as const;
const sound = readFileSync('test/fixtures/labels-av/bare.mp3');
const source = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
const one = [{ at: 'id3.txxx TXXX:AIGC', text: wanted, place: 'place-named' }];
const title = (version: 2 | 3 | 4) => frame(version, version === 2 ? 'TT2' : 'TIT2', 0, '\0Title');
const cover = (version: 3 | 4) => frame(version, 'APIC', 0, '\0image/png\0\x03\0', '\x89PNG\xff\0\xff\xe0'.repeat(50));
const old = (version: 3 | 4, value = label) => frame(version, 'TXXX', 0, `\0AIGC\0${value}`);
const padding = (length: number) => '\0'.repeat(length);

function write(file: Uint8Array, change: LabelChange = { aigc: wanted }): Buffer {
  return rewritten(mp3, file, change);
}

function onDisk(file: Uint8Array): string {
  const path = join(newFolder(), 'sound.mp3');
  writeFileSync(path, file);
  return path;
}

function decoded(file: Uint8Array): string {
  const wanting = ['-v', 'error', '-xerror', '-i', onDisk(file), '-map', '0:a'];
  return execFileSync('ffmpeg', [...wanting, '-c', 'copy', '-f', 'streamhash', '-'], { encoding: 'utf8' });
}

const probed = (file: Uint8Array) =>
  JSON.parse(
    execFileSync('ffprobe', ['-v', 'error', '-show_format', '-of', 'json', onDisk(file)], { encoding: 'utf8' }),
  ).format.tags;
const sourceTypes = (file: Uint8Array) =>
  readMp3(bufferSource(file)).entries.flatMap(({ kind, value }) =>
    kind === 'xmp'
      ? readXmp(value).properties.flatMap(({ name, values }) => (name === 'DigitalSourceType' ? values : []))
      : [],
  );

/** What stands before the sound. The sound must follow unchanged, and other entries must stay. */
const tags: [what: string, tag: Uint8Array][] = [
  ['no tag', bytes()],
  ['2.2', id3(2, 0, title(2), frame(2, 'TXX', 0, `\0AIGC\0${label}`), padding(30))],
  ['2.3', id3(3, 0, title(3), cover(3))],
  ['2.3 with padding', id3(3, 0, title(3), cover(3), padding(900))],
  ['2.3 with an old label', id3(3, 0, title(3), old(3), cover(3))],
  [
    '2.3 with labels of every kind',
    id3(3, 0, old(3), title(3), old(3), frame(3, 'COMM', 0, `\0eng\0{"AIGC":${label}}`)),
  ],
  [
    '2.3 with a label in UTF-16',
    id3(3, 0, frame(3, 'TXXX', 0, '\x01', utf16('aigc', 'le'), '\0\0', utf16(label, 'le'))),
  ],
  ['2.3 unsynchronised', id3(3, 0x80, unsynchronised(bytes(title(3), cover(3), old(3), cover(3), padding(40))))],
  ['2.3 with an extended header', id3(3, 0x40, u32be(6), u16be(0), u32be(40), title(3), padding(40))],
  ['2.4', id3(4, 0, title(4), cover(4), padding(2_000))],
  ['2.4 unsynchronised', id3(4, 0x80, title(4), frame(4, 'APIC', 3, syncsafe(4), '\xff\0\xff\0'), old(4))],
  [
    '2.4 with a compressed label',
    id3(4, 0, frame(4, 'TXXX', 0x09, syncsafe(9), zlib(bytes('\0AIGC\0', label))), title(4)),
  ],
  ['2.4 with an encrypted frame', id3(4, 0, frame(4, 'TXXX', 0x05, syncsafe(9), '\x80secret'), title(4))],
  ['two tags', bytes(id3(3, 0, title(3), padding(9)), id3(4, 0, old(4), title(4)))],
  ['a label in XMP', id3(3, 0, title(3), frame(3, 'PRIV', 0, 'XMP\0', utf8(xmpPacket)))],
  ['another private frame', id3(3, 0, frame(3, 'PRIV', 0, 'somebody\0\x01\x02\xff'), title(3))],
];

describe('the label of an MP3 file', () => {
  it.each(tags)('%s', (_what, tag) => {
    const file = bytes(tag, sound);
    for (const change of [{ aigc: wanted }, { aigc: wanted, digitalSourceType: source }, { aigc: null }]) {
      const after = write(file, change);
      expect(labelsIn(mp3, after)).toEqual(change.aigc === null ? [] : one);
      expect(after.subarray(-sound.length)).toEqual(sound);
      const withoutXmp = (entries: string[]) => entries.filter((entry) => !entry.startsWith('id3.priv XMP'));
      expect(withoutXmp(othersIn(mp3, after))).toEqual(withoutXmp(othersIn(mp3, file)));
      // Again: still one, and nothing moves.
      expect(write(after, change).equals(after)).toBe(true);
    }
  });

  it('is read by ffprobe and exiftool, and the sound decodes to the same', () => {
    const folder = newFolder();
    for (const [index, [what, tag]] of tags.entries()) {
      const file = bytes(tag, sound);
      const after = write(file);
      expect(probed(after), what).toMatchObject({ AIGC: wanted });
      if (index % 4 === 0) expect(decoded(after), what).toBe(decoded(file));
      writeFileSync(join(folder, `${what}.mp3`), after);
    }
    const read: Record<string, string>[] = JSON.parse(
      execFileSync('exiftool', ['-j', '-UserDefinedText', '-Warning', folder], { encoding: 'utf8' }),
    );
    // exiftool finds no frame at all behind an extended header of version 2.3.
    const others = read.filter(({ SourceFile }) => !SourceFile?.includes('extended'));
    expect(others).toHaveLength(tags.length - 1);
    for (const one of others) expect(one).toMatchObject({ UserDefinedText: `(AIGC) ${wanted}` });
  });

  it('goes again with the tag that was made for it', () => {
    const after = write(sound);
    expect(after.length).toBeLessThan(sound.length + 1_400);
    expect(write(after, { aigc: null }).equals(sound)).toBe(true);
    expect(write(sound, { aigc: null }).equals(sound)).toBe(true);
  });

  it('fits into padding, and else leaves some', () => {
    const roomy = bytes(id3(3, 0, title(3), padding(900)), sound);
    expect(write(roomy)).toHaveLength(roomy.length);
    expect(write(write(roomy), { aigc: null }).equals(roomy)).toBe(true);
    const full = bytes(id3(3, 0, title(3)), sound);
    const grown = write(full);
    expect(grown.length - full.length).toBeGreaterThan(1_024);
    expect(write(grown, { aigc: wanted.replace('"1"', '"2"').replace('a\\"', 'longer\\"') })).toHaveLength(
      grown.length,
    );
    // What a program hid among its padding is no room.
    const hidden = bytes(id3(3, 0, title(3), padding(20), 'hidden', padding(900)), sound);
    expect(write(hidden).includes('hidden')).toBe(true);
  });

  it('brings the source type along as XMP, and takes it away again', () => {
    const folder = newFolder();
    const xmp = frame(3, 'PRIV', 0, 'XMP\0', utf8(xmpPacket));
    // ID3v2.2 has no place for it.
    for (const tag of [bytes(), id3(4, 0, title(4)), id3(3, 0, xmp, xmp), id3(2, 0, title(2))]) {
      const after = write(bytes(tag, sound), { aigc: wanted, digitalSourceType: source });
      const isOld = tag[3] === 2;
      expect(sourceTypes(after)).toEqual(isOld ? [] : [source]);
      expect(sourceTypes(write(after, { aigc: wanted }))).toEqual(isOld ? [] : [source]);
      expect(sourceTypes(write(after, { aigc: wanted, digitalSourceType: null }))).toEqual([]);
      if (!isOld) writeFileSync(join(folder, `${tag.length}.mp3`), after);
    }
    const read = JSON.parse(execFileSync('exiftool', ['-j', '-G1', '-XMP:all', folder], { encoding: 'utf8' }));
    expect(read.map((one: Record<string, string>) => one['XMP-iptcExt:DigitalSourceType'])).toEqual([
      source,
      source,
      source,
    ]);
    expect(JSON.stringify(read)).not.toContain('TC260');
  });

  it('keeps the words around a label in a comment', () => {
    const said = `see {"AIGC":${label}} there`;
    const blank = `see ${' '.repeat(label.length + 9)} there`;
    for (const [encoding, text] of [
      ['\0', (words: string) => utf8(words)],
      ['\x01', (words: string) => utf16(words, 'le')],
      ['\x02', (words: string) => utf16(words, 'be', false)],
    ] as const) {
      const end = encoding === '\0' ? '\0' : '\0\0';
      const comment = (words: string) =>
        frame(4, 'COMM', 0, encoding, 'eng', text('').length ? text('') : '', end, text(words));
      const after = write(bytes(id3(4, 0, comment(said)), sound));
      expect(labelsIn(mp3, after)).toEqual(one);
      expect(after.includes(Buffer.from(comment(blank)))).toBe(true);
    }
  });

  it('makes checksums and sizes of extended headers anew', () => {
    const frames = bytes(title(3), old(3));
    const third = bytes(
      id3(3, 0x40, u32be(10), u16be(0x8000), u32be(7), u32be(crc32(Buffer.from(frames))), frames, padding(7)),
      sound,
    );
    const after = write(third);
    const size = after.readUInt32BE(16);
    const bodyEnd = 10 + (after[8] ?? 0) * 128 + (after[9] ?? 0);
    expect(after.subarray(bodyEnd - size, bodyEnd).every((byte) => byte === 0)).toBe(true);
    expect(after.readUInt32BE(20)).toBe(crc32(after.subarray(24, bodyEnd - size)));

    const all = bytes(title(4), old(4), padding(3));
    const fourth = bytes(
      id3(4, 0x40, syncsafe(12), '\x01\x20\x05\0', syncsafe(crc32(Buffer.from(all)) % 2 ** 28), all),
      sound,
    );
    const changed = write(fourth);
    const end = 10 + (changed[8] ?? 0) * 128 + (changed[9] ?? 0);
    const sum = changed.subarray(17, 22).reduce((value, byte) => value * 128 + byte, 0);
    expect(sum).toBe(crc32(changed.subarray(22, end)));
    expect(labelsIn(mp3, changed)).toEqual(one);
  });

  it('a tag with a footer keeps it, and gets no padding', () => {
    const body = bytes(title(4), old(4));
    const head = bytes('\x04\0\x10', syncsafe(body.length));
    const after = write(bytes('ID3', head, body, '3DI', head, sound));
    const end = 10 + (after[8] ?? 0) * 128 + (after[9] ?? 0);
    expect(after.toString('latin1', end, end + 3)).toBe('3DI');
    expect(after.subarray(end + 3, end + 10)).toEqual(after.subarray(3, 10));
    expect(after.subarray(end + 10)).toEqual(sound);
  });

  it('takes labels out of the tags at the end', () => {
    const v1 = bytes(
      'TAG',
      'Song'.padEnd(30, '\0'),
      '\0'.repeat(64),
      '{"AIGC":{"Label":"1"}}'.padEnd(30, '\0'),
      '\xff',
    );
    const body = bytes(old(4), title(4));
    const head = bytes('\x04\0\x10', syncsafe(body.length));
    const appended = bytes('ID3', head, body, '3DI', head);
    const kept = apeTag({ Artist: 'A' });
    const after = write(bytes(sound, appended, apeTag({ Artist: 'A', AIGC: label }), v1));
    expect(labelsIn(mp3, after)).toEqual(one);
    expect(after.includes(Buffer.from(kept))).toBe(true);
    expect(after.toString('latin1', after.length - 128, after.length - 121)).toBe('TAGSong');
    expect(othersIn(mp3, after)).toContain('id3.frame TIT2=Title');
    // Nothing but a label in them: they go.
    const bare = write(bytes(sound, apeTag({ aigc: label }), bytes('ID3\x04\0\0', syncsafe(0))), { aigc: null });
    expect(bare.includes('APETAGEX')).toBe(true);
    expect(write(bytes(sound, apeTag({ aigc: label })), { aigc: null }).equals(sound)).toBe(true);
  });

  it.each([
    [
      'a frame that reaches out',
      bytes(id3(3, 0, 'TIT2', u32be(5_000), '\0\0\0abc'), sound),
      'container-damaged ID3v2/TIT2',
    ],
    [
      'frames that are none',
      bytes(id3(3, 0, title(3), 'tit2........'), sound.subarray(0, 0)),
      'container-damaged ID3v2',
    ],
    ['a tag that reaches out', bytes('ID3\x03\0\0', syncsafe(90_000), title(3), sound), 'container-damaged ID3v2'],
    ['compressed 2.2', bytes(id3(2, 0x40, title(2)), sound), 'container-variant ID3v2'],
    ['broken XMP', bytes(id3(3, 0, frame(3, 'PRIV', 0, 'XMP\0<x:xmpmeta>AIGC')), sound), 'container-damaged xmp'],
  ])('refuses %s', (_what, file, refusal) => {
    expect(refusalOf(() => write(file, { aigc: wanted, digitalSourceType: source }))).toBe(refusal);
  });
});

describe('any value and any damage', () => {
  it('every printable value comes back as it went in', () =>
    expectAnyValue(mp3, bytes(tags[4]?.[1] ?? '', sound), 150));

  it('a damaged file is refused, or gets exactly this label', () => {
    const files = [
      ...tags.map(([, tag]) => bytes(tag, sound.subarray(0, 400))),
      bytes(sound, apeTag({ A: 'b', AIGC: label }), u32le(0)),
    ];
    expectRefusedOrRight(mp3, files, 700);
  });
});

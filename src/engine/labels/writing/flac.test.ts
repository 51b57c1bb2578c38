import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { made, mediaOf, tone } from '../../../../test/av-writing.ts';
import { apeTag, bytes, frame, id3, u32be, vorbisComment } from '../../../../test/fixtures/labels-av/bytes.ts';
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
import { readFlac } from '../containers/flac.ts';
import type { LabelChange } from './change.ts';
import { writeFlac } from './flac.ts';

const flac = { format: 'flac', write: writeFlac, read: readFlac } as const;
const one = [{ at: 'flac.vorbis-comment AIGC', text: wanted, place: 'place-named' }];

let encoded: Buffer;
/** STREAMINFO without its header, and the frames. */
let info: Buffer;
let sound: Buffer;
beforeAll(() => {
  encoded = made('flac', ...tone, '-metadata', 'title=A mirror', '-metadata', 'AIGC=old');
  info = encoded.subarray(8, 42);
  let at = 4;
  while ((encoded[at] ?? 0) < 0x80) at += 4 + encoded.readUIntBE(at + 1, 3);
  sound = encoded.subarray(at + 4 + encoded.readUIntBE(at + 1, 3));
});

const block = (type: number, body: Uint8Array | string) => {
  const content = bytes(body);
  return bytes(String.fromCharCode(type), u32be(content.length).subarray(1), content);
};
/** A file of these blocks behind STREAMINFO; the last gets its flag. */
function file(...blocks: Uint8Array[]): Uint8Array {
  const all = [block(0, info), ...blocks].map((each) => new Uint8Array(each));
  const last = all.at(-1);
  if (last) last[0] = (last[0] ?? 0) | 0x80;
  return bytes('fLaC', ...all, sound);
}

function write(before: Uint8Array, change: LabelChange = { aigc: wanted }): Buffer {
  return rewritten(flac, before, change);
}

/** Types and lengths of the blocks, and the offset of the sound. */
function blocksOf(whole: Uint8Array): { blocks: [number, number][]; soundAt: number } {
  const view = Buffer.from(whole);
  const blocks: [number, number][] = [];
  let at = view.indexOf('fLaC') + 4;
  for (let last = false; !last; ) {
    const length = view.readUIntBE(at + 1, 3);
    last = (view[at] ?? 0) >= 0x80;
    blocks.push([(view[at] ?? 0) & 0x7f, length]);
    at += 4 + length;
  }
  return { blocks, soundAt: at };
}

const comment = (...fields: string[]) => block(4, vorbisComment('vendor', ...fields));
const padding = (length: number) => block(1, '\0'.repeat(length));
const picture = () => block(6, '\0\0\0\x03not a picture');

const files: [what: string, make: () => Uint8Array][] = [
  ['what ffmpeg writes', () => encoded],
  ['no comment', () => file()],
  ['no comment but other blocks', () => file(picture(), padding(400))],
  ['a comment as the last block', () => file(comment('title=T'))],
  ['a comment and little padding', () => file(comment('title=T'), picture(), padding(40))],
  ['a comment and padding', () => file(padding(900), comment('title=T', 'artist=A=B'), picture())],
  ['labels of every kind', () => file(comment('aigc=x', 'title=T', `AIGC=${label}`, 'Aigc='), padding(900))],
  ['two comments', () => file(comment('title=T'), comment(`AIGC=${label}`, 'artist=A'))],
  ['a label in a description', () => file(comment(`DESCRIPTION={"AIGC":${label}}`, 'title=T'), padding(900))],
  [
    'tags around it',
    () =>
      bytes(
        id3(3, 0, frame(3, 'TXXX', 0, `\0AIGC\0${label}`)),
        file(comment('title=T')),
        apeTag({ AIGC: label, A: 'b' }),
      ),
  ],
];

describe('the label of a FLAC file', () => {
  it.each(files)('%s', (_what, make) => {
    const before = make();
    const after = write(before);
    expect(labelsIn(flac, after)).toEqual(one);
    const vendors = (entry: string) => !entry.endsWith('vendor=Clearmirror');
    expect(othersIn(flac, after).filter(vendors)).toEqual(othersIn(flac, before));
    expect(after.subarray(blocksOf(after).soundAt).subarray(0, sound.length)).toEqual(sound);
    expect(write(after).equals(after)).toBe(true);
    const removed = write(after, { aigc: null });
    expect(labelsIn(flac, removed)).toEqual([]);
    expect(othersIn(flac, removed).filter(vendors)).toEqual(othersIn(flac, before));
  });

  it('lets padding give the room, so that the sound stays where it is', () => {
    for (const before of [file(comment('title=T'), padding(900)), encoded]) {
      const after = write(before);
      expect(after).toHaveLength(before.length);
      expect(blocksOf(after).soundAt).toBe(blocksOf(before).soundAt);
    }
    const plain = file(comment('title=T'), padding(900));
    expect(write(write(plain), { aigc: null })).toEqual(Buffer.from(plain));
    expect(write(plain, { aigc: null })).toEqual(Buffer.from(plain));
    // What a program hid there is no room.
    const hidden = file(comment('title=T'), block(1, `${'\0'.repeat(100)}${'x'.repeat(300)}`));
    expect(write(hidden).includes('x'.repeat(300))).toBe(true);
  });

  it('keeps the flag of the last block right', () => {
    const alone = blocksOf(write(file()));
    expect(alone.blocks.map(([type]) => type)).toEqual([0, 4]);
    expect(blocksOf(write(file(picture()))).blocks.map(([type]) => type)).toEqual([0, 4, 6]);
  });

  it('is read by ffprobe and exiftool, and the sound decodes to the same', () => {
    const folder = newFolder();
    const before = mediaOf(encoded, 'flac');
    for (const [index, [, make]] of files.slice(0, 9).entries())
      writeFileSync(join(folder, `${index}.flac`), write(make()));
    const after = mediaOf(write(encoded), 'flac');
    expect(after).toEqual(before);
    expect(mediaOf(write(file()), 'flac').complaints).toBe(before.complaints);
    const read = JSON.parse(execFileSync('exiftool', ['-j', '-AIGC', '-Warning', folder], { encoding: 'utf8' }));
    expect(read).toHaveLength(9);
    for (const { SourceFile, ...told } of read) expect(told, SourceFile).toEqual({ Aigc: wanted });
    const shown = ['-v', 'error', '-show_entries', 'format_tags', '-of', 'json', join(folder, '0.flac')];
    const { format } = JSON.parse(execFileSync('ffprobe', shown, { encoding: 'utf8' }));
    expect(format.tags).toMatchObject({ AIGC: wanted, title: 'A mirror' });
  });

  it.each([
    [
      'a comment whose lengths lie',
      () => file(block(4, '\x04\0\0\0abcd\x02\0\0\0\xff\0\0\0')),
      'container-damaged VORBIS_COMMENT',
    ],
    [
      'a comment of too many fields',
      () => file(block(4, '\0\0\0\0\xff\xff\xff\xff')),
      'container-damaged VORBIS_COMMENT',
    ],
    ['blocks without an end', () => bytes('fLaC', block(0, info), block(4, '')), 'container-damaged file'],
    ['a forbidden block', () => bytes('fLaC', block(0, info), block(127, ''), sound), 'container-damaged file'],
    ['no STREAMINFO', () => bytes('fLaC', block(4 | 0x80, vorbisComment('v')), sound), 'container-damaged file'],
    ['something else', () => bytes('OggS', sound), 'container-damaged file'],
    ['a comment that is full', () => file(comment(`a=${'b'.repeat(2 ** 24 - 40)}`)), 'no-room VORBIS_COMMENT'],
  ])('refuses %s', (_what, make, refusal) => {
    expect(refusalOf(() => write(make()))).toBe(refusal);
  });
});

describe('any value and any damage', () => {
  it('every printable value comes back as it went in', () =>
    expectAnyValue(flac, file(comment('a=b'), padding(200)), 200));

  it('a damaged file is refused, or gets exactly this label', () => {
    expectRefusedOrRight(
      flac,
      files.map(([, make]) => make().subarray(0, 3_000)),
      700,
    );
  });
});

import { describe, expect, test } from 'vitest';
import {
  be16,
  be32,
  bytes,
  label,
  le16,
  le32,
  type TiffField,
  textField,
  tiff,
  utf8,
} from '../../../../test/fixtures/labels-images/assemble.ts';
import { bufferSource } from '../../media/bytes.ts';
import { readExif } from './exif.ts';
import { decodePdfString } from './pdf.ts';

function utf16(text: string, order: 'II' | 'MM'): Buffer {
  const little = Buffer.from(text, 'utf16le');
  return order === 'II' ? little : little.swap16();
}

function field(tag: number, value: Uint8Array, type = 7): TiffField {
  return { tag, type, count: value.length, value };
}

function read(block: Uint8Array) {
  return readExif(bufferSource(block), 0, block.length, 'test.exif');
}

/** Character code and bytes of a UserComment, the file's byte order, and the text it must give. */
const comments: [what: string, value: Uint8Array, order: 'II' | 'MM', text: string][] = [
  ['ASCII', bytes('ASCII\0\0\0', 'note'), 'II', 'note'],
  ['ASCII over UTF-8', bytes('ASCII\0\0\0', utf8('标识')), 'II', '标识'],
  ['ASCII padded with NULs', bytes('ASCII\0\0\0', 'note\0\0\0'), 'II', 'note'],
  ['UNICODE in the order of the file', bytes('UNICODE\0', utf16('note', 'MM')), 'MM', 'note'],
  ['UNICODE against the order of the file', bytes('UNICODE\0', utf16('note', 'MM')), 'II', 'note'],
  ['UNICODE of Chinese characters only', bytes('UNICODE\0', utf16('人工智能', 'II')), 'II', '人工智能'],
  ['UNICODE with a byte order mark', bytes('UNICODE\0', '\xfe\xff', utf16('标识', 'MM')), 'II', '标识'],
  ['JIS with escapes', bytes('JIS\0\0\0\0\0', '\x1b$B%F%9%H\x1b(B'), 'II', 'テスト'],
  ['JIS without escapes', bytes('JIS\0\0\0\0\0', '\x25\x46\x25\x39\x25\x48'), 'II', 'テスト'],
  ['JIS over plain JSON', bytes('JIS\0\0\0\0\0', '{"AIGC":1}'), 'II', '{"AIGC":1}'],
  ['undefined over ASCII', bytes('\0\0\0\0\0\0\0\0', 'note'), 'II', 'note'],
  ['undefined over UTF-16', bytes('\0\0\0\0\0\0\0\0', utf16('note', 'II')), 'MM', 'note'],
  ['no code at all', bytes(label('bare')), 'II', label('bare')],
];

describe('text of EXIF', () => {
  test.each(comments)('UserComment: %s', (_what, value, order, text) => {
    const { entries, findings } = read(tiff([[field(0x9286, value)]], order));
    expect(entries.map((entry) => [entry.key, entry.value])).toEqual([['UserComment', text]]);
    expect(findings).toEqual([]);
  });

  test("Explorer's tags are little-endian in either byte order", () => {
    for (const order of ['II', 'MM'] as const) {
      const { entries } = read(tiff([[field(0x9c9c, bytes(utf16('标识 note', 'II'), '\0\0'), 1)]], order));
      expect(entries.map((entry) => [entry.key, entry.value])).toEqual([['XPComment', '标识 note']]);
    }
  });

  test('short text stands in the field itself', () => {
    const { entries } = read(tiff([[textField(0x0131, 'abc')]], 'MM'));
    expect(entries.map(({ value, place }) => [value, place.path, place.offset, place.length])).toEqual([
      ['abc', 'IFD0/Software', 18, 4],
    ]);
  });

  test('both directories and the EXIF directory are read, positions are not', () => {
    // IFD0 with a name, an EXIF and a GPS directory; then IFD1.
    const gps = bytes(le16(1), le16(0x001d), le16(2), le32(11), le32(0), le32(0));
    const exif = bytes(le16(1), le16(0x9286), le16(7), le32(4), 'note', le32(0));
    const second = bytes(le16(1), le16(0x0131), le16(2), le32(4), 'two\0', le32(0));
    const firstBytes = 2 + 3 * 12 + 4;
    const exifAt = 8 + firstBytes;
    const first = bytes(
      le16(3),
      bytes(le16(0x0131), le16(2), le32(4), 'one\0'),
      bytes(le16(0x8769), le16(4), le32(1), le32(exifAt)),
      bytes(le16(0x8825), le16(4), le32(1), le32(exifAt + 36)),
      le32(exifAt + 18),
    );
    const block = bytes('II', le16(42), le32(8), first, exif, second, gps);
    const { entries } = read(block);
    expect(entries.map(({ place, value }) => `${place.path}=${value}`).sort()).toEqual([
      'IFD0/ExifIFD/UserComment=note',
      'IFD0/Software=one',
      'IFD1/Software=two',
    ]);
  });

  test('the block may stand anywhere, with its own prefix, and is not left', () => {
    const block = bytes('Exif\0\0', tiff([[textField(0x010e, 'inside')]]));
    const source = bufferSource(bytes('before', block, 'behind'));
    const { entries } = readExif(source, 6, block.length, 'heif.exif');
    expect(entries.map(({ value, place }) => [value, place.location, place.offset])).toEqual([
      ['inside', 'heif.exif', 38],
    ]);
    const cut = readExif(source, 6, block.length - 4, 'heif.exif');
    expect(cut.entries.map(({ value }) => value)).toEqual(['ins']);
    expect(cut.findings.map(({ code }) => code)).toEqual(['truncated']);
  });

  test('an IPTC block of 32-bit numbers is read', () => {
    const record = bytes('\x1c\x02\x78', be16(9), 'a caption', '\0\0');
    const block = tiff([[{ tag: 0x83bb, type: 4, count: record.length / 4, value: record }]]);
    expect(read(block).entries.map(({ key, value }) => [key, value])).toEqual([['Caption-Abstract', 'a caption']]);
  });

  test('resources inside EXIF inside resources are not followed for ever', () => {
    const inner = tiff([[textField(0x010e, 'innermost')]]);
    const resource = bytes('8BIM', be16(0x0422), '\0\0', be32(inner.length), inner);
    expect(read(tiff([[field(0x8649, resource)]])).entries).toEqual([]);
  });
});

describe('text strings of PDF', () => {
  test.each<[string, Uint8Array, string]>([
    ['plain', bytes('Writer'), 'Writer'],
    ['PDFDocEncoding', bytes('\x8dq\x8e \xa0 caf\xe9'), '“q” € café'],
    ['UTF-16 big-endian', bytes('\xfe\xff', utf16('标识', 'MM')), '标识'],
    ['UTF-16 little-endian', bytes('\xff\xfe', utf16('标识', 'II')), '标识'],
    ['UTF-16 with a language', bytes('\xfe\xff', utf16('\x1bzhCN\x1b标识', 'MM')), '标识'],
    ['UTF-8 with a mark', bytes('\xef\xbb\xbf', utf8('标识')), '标识'],
    ['UTF-8 without one', utf8('标识'), '标识'],
  ])('%s', (_what, value, text) => {
    expect(decodePdfString(value)).toBe(text);
  });
});

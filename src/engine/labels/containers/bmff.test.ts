import { describe, expect, it } from 'vitest';
import {
  box,
  bytes,
  data,
  fullBox,
  handler,
  internationalText,
  keysAndList,
  numbered,
  u16be,
  u32be,
  u64be,
  utf8,
  utf16,
  xmpUuidBox,
  zlib,
} from '../../../../test/fixtures/labels-av/bytes.ts';
import { counting } from '../../../../test/fixtures/labels-av/counting.ts';
import { label, xmpPacket } from '../../../../test/fixtures/labels-av/labels.ts';
import { entriesOf, findingsOf } from '../../../../test/fixtures/labels-av/telling.ts';
import { bufferSource } from '../../media/bytes.ts';
import { maxEntries, maxNodes, maxValueCharacters } from '../metadata.ts';
import { readBmff, readHeif } from './bmff.ts';

const ftyp = box('ftyp', 'isom', u32be(0));
const read = (...parts: Uint8Array[]) => readBmff(counting(bufferSource(bytes(ftyp, ...parts))));
const heif = (...parts: Uint8Array[]) =>
  readHeif(counting(bufferSource(bytes(box('ftyp', 'heic', u32be(0)), ...parts))));
const udta = (...children: Uint8Array[]) => box('moov', box('udta', ...children));
const list = (...items: Uint8Array[]) => udta(fullBox('meta', handler('mdir'), box('ilst', ...items)));
const mdir = 'bmff.moov.udta.meta.mdir';

describe('entries of ISO media files', () => {
  const table: [what: string, file: Uint8Array, entries: string[]][] = [
    [
      'two values of one item',
      list(box('\xa9cmt', data('one'), data('two'))),
      [`${mdir} ©cmt=one`, `${mdir} ©cmt=two`],
    ],
    [
      'text in UTF-16',
      list(box('\xa9too', box('data', u32be(2), u32be(0), utf16('工具', 'be', false)))),
      [`${mdir} ©too=工具`],
    ],
    ['a whole number', list(box('tmpo', box('data', u32be(21), u32be(0), '\xff\xfe'))), [`${mdir} tmpo=-2`]],
    ['a cover, unopened', list(box('covr', box('data', u32be(13), u32be(0), '\xff\xd8\xff'))), [`${mdir} covr=`]],
    ['an item without a data box', list(box('\xa9too', utf8('bare'))), [`${mdir} ©too=bare`]],
    ['an item called AIGC', list(box('AIGC', data(label))), [`bmff.moov.udta.meta.keyless AIGC=${label}`]],
    ['a number without keys', list(numbered(7, data('words'))), ['bmff.moov.udta.meta.keyless 7=words']],
    [
      'a number beyond the keys',
      udta(fullBox('meta', keysAndList({ a: 'x' }), box('ilst', numbered(9, data(label))))),
      ['bmff.moov.udta.meta.mdta a=x', `bmff.moov.udta.meta.keyless AIGC=${label}`],
    ],
    [
      'keys behind the list',
      udta(fullBox('meta', box('ilst', numbered(1, data('x'))), fullBox('keys', u32be(1), box('mdta', 'encoder')))),
      ['bmff.moov.udta.meta.mdta encoder=x'],
    ],
    [
      'meta in a track',
      box('moov', box('trak', fullBox('meta', handler('mdta'), keysAndList({ AIGC: label })))),
      [`bmff.trak AIGC=${label}`],
    ],
    [
      'meta at file level by keys',
      fullBox('meta', handler('mdta'), keysAndList({ AIGC: label })),
      [`bmff.meta AIGC=${label}`],
    ],
    [
      'two texts in one box',
      udta(box('\xa9inf', bytes(u16be(1), u16be(0), 'a', u16be(1), u16be(0x15c7), 'b'))),
      ['bmff.moov.udta.text ©inf=a', 'bmff.moov.udta.text ©inf=b'],
    ],
    ['text in Macintosh Roman', udta(box('\xa9inf', u16be(2), u16be(0), '\x8e!')), ['bmff.moov.udta.text ©inf=é!']],
    ['text wrapped as in a list', udta(box('\xa9too', data('wrapped'))), ['bmff.moov.udta.text ©too=wrapped']],
    ['a closing zero', udta(internationalText('\xa9swr', 'tool'), u32be(0)), ['bmff.moov.udta.text ©swr=tool']],
    ['a 3GPP title', udta(fullBox('titl', u16be(0x15c7), utf8('标题\0'))), ['bmff.other titl=标题']],
    ['any text in user data', udta(box('manu', 'Maker')), ['bmff.other manu=Maker']],
    ['no entry for bytes in user data', udta(box('chpl', '\x01\x02\x03\xff')), []],
    ['a literal box with a version', box('moov', fullBox('AIGC', utf8(label))), [`bmff.aigc AIGC=${label}`]],
    ['a literal box at the top', box('aigc', utf8(label)), [`bmff.aigc aigc=${label}`]],
    ['a literal box that is no text', box('aigc', '\x01\xff\xfe'), ['bmff.aigc aigc=']],
    ['XMP in the movie box', box('moov', xmpUuidBox(xmpPacket)), [`bmff.uuid.xmp XMP=${xmpPacket}`]],
    [
      'XMP in a track',
      box('moov', box('trak', box('udta', box('XMP_', utf8(xmpPacket))))),
      [`bmff.trak XMP=${xmpPacket}`],
    ],
    [
      'nothing of a manifest store',
      box('uuid', Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex'), utf8('words')),
      [],
    ],
    [
      'words in another uuid box',
      box('uuid', Buffer.from('00112233445566778899aabbccddeeff', 'hex'), utf8('words')),
      ['bmff.other uuid:00112233445566778899aabbccddeeff=words'],
    ],
    [
      'a muxer in spare space',
      box('free', utf8('IsoMedia File Produced with a tool')),
      ['bmff.other free=IsoMedia File Produced with a tool'],
    ],
    ['metadata of a fragment', box('moof', box('traf', box('udta', box('aigc', label)))), [`bmff.aigc aigc=${label}`]],
    [
      'an XML box',
      fullBox('meta', handler('mp7t'), fullBox('xml ', utf8(`${xmpPacket}\0`))),
      [`bmff.meta XMP=${xmpPacket}`],
    ],
  ];

  it.each(table)('%s', (_what, file, entries) => {
    const metadata = read(file);
    expect(entriesOf(metadata)).toEqual(entries);
    expect(findingsOf(metadata)).toEqual([]);
  });
});

describe('items of HEIF', () => {
  const item = (type: string, content: string) => box('infe', u32be(0x0200_0000), u16be(1), u16be(0), type, content);
  const meta = (iinf: Uint8Array, iloc: Uint8Array, ...rest: Uint8Array[]) =>
    fullBox('meta', handler('pict'), fullBox('iinf', u16be(1), iinf), iloc, ...rest);
  const inIdat = (length: number, offset = 0) =>
    box(
      'iloc',
      u32be(0x0100_0000),
      '\x44\0',
      u16be(1),
      u16be(1),
      u16be(1),
      u16be(0),
      u16be(1),
      u32be(offset),
      u32be(length),
    );
  const xmp = item('mime', 'XMP\0application/rdf+xml\0');
  const exif = (skip: number) =>
    bytes(u32be(skip), 'Exif\0\0MM\0*', u32be(8), u16be(1), u16be(0x131), u16be(2), u32be(4), 'abc\0', u32be(0));

  it('reads XMP in two pieces, and deflated', () => {
    const [a, b] = [utf8(xmpPacket).subarray(0, 100), utf8(xmpPacket).subarray(100)];
    const pieces = box(
      'iloc',
      u32be(0x0100_0000),
      '\x44\0',
      u16be(1),
      u16be(1),
      u16be(1),
      u16be(0),
      u16be(2),
      u32be(b.length),
      u32be(100),
      u32be(0),
      u32be(b.length),
    );
    expect(entriesOf(heif(meta(xmp, pieces, box('idat', b, a))))).toEqual([`heif.xmp XMP=${xmpPacket}`]);
    const packed = zlib(utf8(xmpPacket));
    const deflated = item('mime', 'XMP\0application/rdf+xml\0deflate\0');
    expect(entriesOf(heif(meta(deflated, inIdat(packed.length), box('idat', packed))))).toEqual([
      `heif.xmp XMP=${xmpPacket}`,
    ]);
  });

  it('reads EXIF with either way to its header, and other text', () => {
    for (const skip of [0, 6]) {
      const entries = entriesOf(heif(meta(item('Exif', '\0'), inIdat(exif(skip).length), box('idat', exif(skip)))));
      expect(entries).toEqual(['heif.exif Software=abc']);
    }
    const json = heif(meta(item('mime', 'AIGC\0application/json\0'), inIdat(label.length), box('idat', label)));
    expect(entriesOf(json)).toEqual([`heif.other AIGC=${label}`]);
  });

  it('finds places that cannot be true', () => {
    expect(findingsOf(heif(meta(item('Exif', '\0'), inIdat(20), box('idat', exif(0x7fffffff)))))).toEqual([
      'bad-structure meta/item[1]',
    ]);
    const outside = box(
      'iloc',
      u32be(0),
      '\x44\0',
      u16be(1),
      u16be(1),
      u16be(0),
      u16be(1),
      u32be(0x7fffffff),
      u32be(9),
    );
    expect(findingsOf(heif(meta(xmp, outside)))).toEqual(['truncated meta/item[1]']);
  });

  it('never counts the billions of extents that a small box declares', () => {
    const none = bytes(u16be(1), u16be(0), u16be(0xffff));
    const bomb = box('iloc', u32be(0), '\0\0', u16be(0xffff), ...Array.from({ length: 1000 }, () => none));
    expect(findingsOf(heif(meta(xmp, bomb)))).toContain('too-many-entries meta/iloc');
  });
});

describe('hostile boxes', () => {
  it('finds what is declared and not there', () => {
    expect(findingsOf(read(bytes(u32be(0x7fffffff), 'moov')))).toEqual(['truncated moov']);
    expect(findingsOf(read(bytes(u32be(1), 'mdat', u64be(2 ** 52))))).toEqual(['truncated mdat']);
    expect(findingsOf(read(bytes(u32be(1), 'mdat', u64be(3))))).toEqual(['bad-structure file']);
    expect(findingsOf(read(bytes(u32be(4), 'moov')))).toEqual(['bad-structure file']);
    expect(findingsOf(read(box('moov', u32be(7), 'trak')))).toEqual(['bad-structure moov']);
    expect(findingsOf(read(bytes('\x99\x98\x97\x96\x01\x02\x03\x04')))).toEqual(['bad-structure file']);
    const keys = fullBox('keys', u32be(0xffffffff), u32be(0xffffffff), 'mdta');
    expect(findingsOf(read(udta(fullBox('meta', handler('mdta'), keys, box('ilst')))))).toEqual([
      'bad-structure moov/udta/meta/keys',
    ]);
    const item = bytes(u32be(0x7fffffff), 'data');
    expect(findingsOf(read(list(box('\xa9too', item))))).toEqual(['truncated moov/udta/meta/ilst[1]']);
  });

  it('keeps to its limits', () => {
    let nest = box('moov');
    for (let depth = 0; depth < 200; depth++) nest = box('moov', nest);
    expect(findingsOf(read(nest)).map((finding) => finding.split(' ')[0])).toEqual(['nested-too-deep']);

    const many = read(Buffer.alloc(8 * (maxNodes + 10), box('abcd')));
    expect(findingsOf(many)).toEqual(['too-many-entries file']);

    const items = read(list(...Array.from({ length: maxEntries + 10 }, () => box('\xa9cmt', data('x')))));
    expect(items.entries).toHaveLength(maxEntries);
    expect(findingsOf(items)).toEqual(['too-many-entries bmff']);

    const long = read(list(box('\xa9cmt', data('x'.repeat(maxValueCharacters + 10)))));
    expect(long.entries[0]).toMatchObject({ cut: true });
    expect(long.entries[0]?.value).toHaveLength(maxValueCharacters);
    expect(findingsOf(long)).toEqual(['value-too-long moov/udta/meta/ilst[1]']);
  });

  it('reads a gigabyte of one movie box only once', () => {
    // Every box claims the rest of the file: depth, not breadth, must end it.
    const source = counting(bufferSource(bytes(ftyp, ...Array.from({ length: 5000 }, () => bytes(u32be(0), 'moov')))));
    readBmff(source);
    expect(source.reads).toBeLessThan(200);
  });
});

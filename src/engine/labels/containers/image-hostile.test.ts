import { deflateRawSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import {
  be32,
  bytes,
  compressedTextChunk,
  customProperties,
  extendedXmpSegment,
  jpegSegment,
  label,
  le16,
  le32,
  le64,
  officeFiles,
  pdf,
  pdfLiteral,
  pdfStream,
  pdfUpdate,
  pngChunk,
  riffChunk,
  subBlocks,
  textChunk,
  textField,
  tiff,
  utf8,
  webp,
  withBlocks,
  withChunks,
  withSegments,
  wrapped,
  xmpHeader,
  zip,
} from '../../../../test/fixtures/labels-images/assemble.ts';
import type { MediaFormat } from '../../../contract/screening.ts';
import { type ByteSource, bufferSource, maxReadBytes } from '../../media/bytes.ts';
import { readMetadata } from '../labels.ts';
import { maxEntries, maxNodes, maxValueCharacters } from '../metadata.ts';

const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: '#777' } });
const jpeg = await picture.clone().jpeg().toBuffer();
const png = await picture.clone().png().toBuffer();
const gif = await picture.clone().gif().toBuffer();
const guid = 'A'.repeat(32);
const bigText = 'x'.repeat(maxValueCharacters + 10);
const infoPdf = (info: string, trailer = '') =>
  pdf(
    [
      [1, '<< /Type /Catalog >>'],
      [2, info],
    ],
    `/Root 1 0 R /Info 2 0 R ${trailer}`,
  );

/** One directory that points at itself, as next directory and as its own sub-directory. */
const cyclicTiff = bytes('II', le16(42), le32(8), le16(1), le16(0x014a), le16(4), le32(1), le32(8), le32(8));
/** Sub-directories nested deeper than anybody writes: each directory holds only a pointer at the next. */
const deepTiff = bytes(
  'II',
  le16(42),
  le32(8),
  ...Array.from({ length: 60 }, (_, i) =>
    bytes(le16(1), le16(0x8769), le16(4), le32(1), le32(8 + (i + 1) * 18), le32(0)),
  ),
);
const bigTiffHead = (count: number) => bytes('II', le16(43), le16(8), le16(0), le64(16), le64(count), Buffer.alloc(40));

/** What is hostile about it, its format, its bytes, the finding codes that must be there, and text that must still be found. */
type Row = [what: string, format: MediaFormat, file: Uint8Array, codes: string[], found?: string];

const hostile: Row[] = [
  ['nothing at all, as a JPEG', 'jpeg', Buffer.alloc(0), ['bad-structure']],
  ['nothing at all, as a PNG', 'png', Buffer.alloc(0), ['bad-structure']],
  ['nothing at all, as a WebP', 'webp', Buffer.alloc(0), ['bad-structure']],
  ['nothing at all, as a GIF', 'gif', Buffer.alloc(0), ['bad-structure']],
  ['nothing at all, as a TIFF', 'tiff', Buffer.alloc(0), ['bad-structure']],
  ['nothing at all, as a PDF', 'pdf', Buffer.alloc(0), ['bad-structure']],
  ['nothing at all, as a package', 'ooxml', Buffer.alloc(0), ['truncated']],
  ['nothing at all, as an SVG', 'svg', Buffer.alloc(0), []],
  ['nothing at all, as Markdown', 'markdown', Buffer.alloc(0), []],

  [
    'a JPEG cut in a segment',
    'jpeg',
    bytes('\xff\xd8', jpegSegment(0xfe, 'a long comment').subarray(0, 10)),
    ['truncated'],
    'a long',
  ],
  [
    'a JPEG without an end',
    'jpeg',
    withSegments(jpeg, jpegSegment(0xfe, 'note')).subarray(0, -2),
    ['truncated'],
    'note',
  ],
  [
    'a segment of impossible length',
    'jpeg',
    bytes('\xff\xd8\xff\xe5\x00\x01', jpegSegment(0xfe, 'note'), '\xff\xd9'),
    ['bad-structure'],
    'note',
  ],
  [
    'rubbish between segments',
    'jpeg',
    withSegments(jpeg, bytes('rubbish'), jpegSegment(0xfe, 'note')),
    ['bad-structure'],
    'note',
  ],
  [
    'filling bytes before markers',
    'jpeg',
    withSegments(jpeg, bytes('\xff\xff\xff'), jpegSegment(0xfe, 'note')),
    [],
    'note',
  ],
  [
    'a label behind a NUL in a comment',
    'jpeg',
    withSegments(jpeg, jpegSegment(0xfe, 'harmless\0', wrapped('hidden'))),
    [],
    '"hidden"',
  ],
  [
    'a label behind a binary name in an APP segment',
    'jpeg',
    withSegments(jpeg, jpegSegment(0xe7, '\x01\x02\xff\x80', `AIGC${label('hidden')}`, '\x00\x9c')),
    [],
    '"hidden"',
  ],
  [
    'XMP without its header',
    'jpeg',
    withSegments(jpeg, jpegSegment(0xe1, '<x:xmpmeta>AIGC</x:xmpmeta>')),
    [],
    '<x:xmpmeta>',
  ],
  [
    'extended XMP with a missing part',
    'jpeg',
    withSegments(jpeg, extendedXmpSegment(guid, 100, 50, utf8('x'.repeat(50)))),
    ['bad-structure'],
    'xxx',
  ],
  [
    'extended XMP beyond its own length',
    'jpeg',
    withSegments(jpeg, extendedXmpSegment(guid, 10, 4, utf8('x'.repeat(50)))),
    ['bad-structure', 'truncated'],
  ],
  [
    'extended XMP that declares 4 GB',
    'jpeg',
    withSegments(jpeg, extendedXmpSegment(guid, 0xffffffff, 0, utf8('abc'))),
    ['truncated'],
    'abc',
  ],
  [
    'extended XMP under a hundred names',
    'jpeg',
    withSegments(
      jpeg,
      ...Array.from({ length: 100 }, (_, i) => extendedXmpSegment(String(i).padStart(32, '0'), 1, 0, utf8('x'))),
    ),
    ['too-many-entries'],
  ],
  [
    'EXIF in two-byte steps over itself',
    'jpeg',
    withSegments(jpeg, jpegSegment(0xe1, 'Exif\0\0', cyclicTiff)),
    ['bad-structure'],
  ],
  [
    'UTF-16 XMP',
    'jpeg',
    withSegments(
      jpeg,
      jpegSegment(0xe1, xmpHeader, '\xfe\xff', Buffer.from('<x:xmpmeta>标识</x:xmpmeta>', 'utf16le').swap16()),
    ),
    [],
    '标识',
  ],

  [
    'a chunk that declares 2 GB',
    'png',
    bytes(png.subarray(0, 33), be32(0x7fffffff), 'tEXtComment\0note'),
    ['truncated', 'truncated'],
    'note',
  ],
  [
    'a chunk type of control characters',
    'png',
    bytes(png.subarray(0, 33), be32(4), '\x1b[2J', 'abcd', be32(0)),
    ['bad-structure'],
  ],
  [
    'a compressed bomb',
    'png',
    withChunks(png, compressedTextChunk('Comment', Buffer.alloc(64 * 1024 * 1024))),
    ['compressed-too-large'],
  ],
  [
    'a hundred compressed bombs',
    'png',
    withChunks(png, ...Array<Uint8Array>(100).fill(compressedTextChunk('Comment', Buffer.alloc(8 * 1024 * 1024)))),
    ['compressed-too-large'],
  ],
  [
    'compressed text that breaks off',
    'png',
    withChunks(png, pngChunk('zTXt', 'AIGC\0\0', compressedTextChunk('', utf8(label('half'))).subarray(10, 80))),
    ['bad-structure'],
    '"Label":"1"',
  ],
  ['text longer than is kept', 'png', withChunks(png, textChunk('Comment', bigText)), ['value-too-long'], 'xxx'],
  ['a text chunk without a NUL', 'png', withChunks(png, pngChunk('tEXt', 'AIGC')), []],
  [
    'an international text without its parts',
    'png',
    withChunks(png, pngChunk('iTXt', 'AIGC\0\0\0')),
    ['bad-structure'],
  ],
  [
    'a label in a chunk nobody knows',
    'png',
    withChunks(png, pngChunk('aiGc', label('unknown-chunk'))),
    [],
    'unknown-chunk',
  ],
  [
    'six thousand texts',
    'png',
    withChunks(png, ...Array<Uint8Array>(6000).fill(textChunk('a', 'b'))),
    ['too-many-entries'],
  ],

  [
    'a WebP that declares more than it has',
    'webp',
    bytes('RIFF', le32(0xffffffff), 'WEBP', riffChunk('XMP ', utf8('<x/>'))),
    ['truncated'],
    '<x/>',
  ],
  [
    'a chunk of 4 GB',
    'webp',
    bytes('RIFF', le32(100), 'WEBP', 'XMP ', le32(0xfffffff0), '<x/>'),
    ['truncated', 'value-too-long'],
    '<x/>',
  ],
  [
    'a chunk behind the declared end',
    'webp',
    bytes(webp(), riffChunk('XMP ', utf8('<x/>'))),
    ['bad-structure'],
    '<x/>',
  ],
  [
    'a label behind the end of a WebP',
    'webp',
    bytes(webp(riffChunk('VP8 ', Buffer.alloc(10))), wrapped('behind')),
    [],
    '"behind"',
  ],

  [
    'a GIF that ends in a block',
    'gif',
    bytes(gif.subarray(0, -1), '!\xfe\x20note'),
    ['truncated', 'truncated'],
    'note',
  ],
  ['an unknown block', 'gif', withBlocks(gif, bytes('\x99')), ['bad-structure']],
  [
    'a label in an unknown application block',
    'gif',
    withBlocks(gif, bytes('!\xff\x0bEXAMPLE1234', subBlocks(utf8(wrapped('application'))))),
    [],
    '"application"',
  ],

  [
    'stray markers all the way',
    'jpeg',
    bytes('\xff\xd8', Buffer.alloc(2_000_000, bytes('\xff\xd8ab'))),
    ['bad-structure', 'too-many-entries'],
  ],
  [
    'a scan header in every four bytes',
    'jpeg',
    bytes('\xff\xd8', Buffer.alloc(2_000_000, bytes('\xff\xda\x00\x02'))),
    ['too-many-entries'],
  ],
  [
    'trailers inside trailers',
    'pdf',
    bytes('%PDF-1.4\n', Buffer.alloc(4_000_000, 'trailer<</Root [1 2 3 4 5')),
    ['bad-structure', 'too-many-entries'],
  ],
  [
    'objects that never end',
    'pdf',
    bytes('%PDF-1.4\n', Buffer.alloc(4_000_000, '1 0 obj<</Type/ObjStm/N 9/First 9>>stream\n')),
    ['bad-structure'],
  ],
  ['an attribute name of a megabyte', 'svg', utf8(`<svg><title>t</title><a ${'b'.repeat(1_000_000)}/></svg>`), [], 't'],
  ['a directory that is its own next', 'tiff', cyclicTiff, ['bad-structure']],
  ['sixty nested directories', 'tiff', deepTiff, ['nested-too-deep']],
  ['a directory that declares 65,535 fields', 'tiff', bytes('II', le16(42), le32(8), le16(65_535)), ['truncated']],
  ['a BigTIFF directory of 2⁵² fields', 'tiff', bigTiffHead(2 ** 52), ['truncated']],
  [
    'text of 4 GB',
    'tiff',
    bytes('II', le16(42), le32(8), le16(1), le16(0x010e), le16(2), le32(0xffffffff), le32(26), le32(0), 'note'),
    ['truncated'],
    'note',
  ],
  [
    'text beyond the end',
    'tiff',
    bytes('II', le16(42), le32(8), le16(1), le16(0x010e), le16(2), le32(100), le32(0xfffffff0), le32(0)),
    ['truncated'],
  ],
  ['a label behind a NUL in a tag', 'tiff', tiff([[textField(0x010e, `a\0${wrapped('hidden')}`)]]), [], '"hidden"'],
  ['a label in a tag nobody knows', 'tiff', tiff([[textField(0xfde8, wrapped('private'))]]), [], '"private"'],

  [
    'entities that would expand to gigabytes',
    'svg',
    utf8(
      `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><svg><title>&b;</title></svg>`,
    ),
    [],
    '&b;',
  ],
  [
    'an external entity',
    'svg',
    utf8('<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///secret">]><svg><desc>&x;</desc></svg>'),
    [],
    '&x;',
  ],
  ['a hundred thousand nested groups', 'svg', utf8(`<svg>${'<g>'.repeat(100_000)}<title>deep</title>`), [], 'deep'],
  [
    'more elements than are counted',
    'svg',
    utf8(`<svg>${'<g/>'.repeat(maxNodes + 1)}</svg>`),
    ['too-many-entries', 'bad-structure'],
  ],
  [
    'an SVG that breaks off in its metadata',
    'svg',
    utf8(`<svg><metadata><AIGC>${label('cut')}`),
    ['bad-structure'],
    '"cut"',
  ],
  ['an attribute that never ends', 'svg', utf8('<svg><title>before</title><g a="'), ['bad-structure'], 'before'],

  [
    'an index that points at itself',
    'pdf',
    bytes(infoPdf('<< /AIGC (x) >>').toString('latin1').replace('/Size 3', '/Size 3 /Prev 99')),
    ['bad-structure'],
    'x',
  ],
  ['a catalog that is its own reference', 'pdf', pdf([[1, '1 0 R']], '/Root 1 0 R'), ['bad-structure']],
  [
    'information of a thousand nested arrays',
    'pdf',
    infoPdf(`<< /AIGC (before) /Nested ${'['.repeat(1000)} >>`),
    [],
    'before',
  ],
  [
    'a metadata bomb',
    'pdf',
    pdf(
      [
        [1, '<< /Type /Catalog /Metadata 2 0 R >>'],
        [2, pdfStream('/Filter /FlateDecode', bomb('zlib'))],
      ],
      '/Root 1 0 R',
    ),
    ['compressed-too-large'],
  ],
  [
    'a stream that lies about its length',
    'pdf',
    pdf(
      [
        [1, '<< /Type /Catalog /Metadata 2 0 R >>'],
        [2, '<< /Length 999999 >>\nstream\n<x:xmpmeta/>\nendstream'],
      ],
      '/Root 1 0 R',
    ),
    [],
    '<x:xmpmeta/>',
  ],
  [
    'a length that refers to itself',
    'pdf',
    pdf(
      [
        [1, '<< /Type /Catalog /Metadata 2 0 R >>'],
        [2, '<< /Length 2 0 R >>\nstream\n<x:xmpmeta/>\nendstream'],
      ],
      '/Root 1 0 R',
    ),
    [],
    '<x:xmpmeta/>',
  ],
  ['an object stream inside itself', 'pdf', selfPackedPdf(), ['bad-structure']],
  [
    'a document without any index',
    'pdf',
    bytes(`%PDF-1.4\n7 0 obj\n<< /AIGC ${pdfLiteral(label('lost'))} >>\nendobj\n`),
    ['bad-structure'],
    '"lost"',
  ],
  [
    'a label in the catalog',
    'pdf',
    pdf([[1, `<< /Type /Catalog /AIGC ${pdfLiteral(label('catalog'))} >>`]], '/Root 1 0 R'),
    [],
    '"catalog"',
  ],
  [
    'a label as a dictionary',
    'pdf',
    infoPdf('<< /AIGC << /Label (1) /ProduceID (as-dictionary) >> >>'),
    [],
    '"ProduceID":"as-dictionary"',
  ],
  [
    'a label behind a reference',
    'pdf',
    pdf(
      [
        [1, '<< /Type /Catalog >>'],
        [2, '<< /AIGC 3 0 R >>'],
        [3, pdfLiteral(label('referred'))],
      ],
      '/Root 1 0 R /Info 2 0 R',
    ),
    [],
    '"referred"',
  ],
  ['three hundred saves', 'pdf', manySaves(300), ['too-many-entries'], 'AIGC'],
  [
    'bytes before the header',
    'pdf',
    bytes('\r\n\r\nsomething\n', infoPdf(`<< /AIGC ${pdfLiteral(label('shifted'))} >>`)),
    [],
    '"shifted"',
  ],

  ['a zip bomb', 'ooxml', zip(officeFiles(Buffer.alloc(64 * 1024 * 1024, 0x20))), ['compressed-too-large']],
  [
    'a zip bomb that declares a small size',
    'ooxml',
    zip([
      {
        name: 'docProps/custom.xml',
        data: Buffer.alloc(64 * 1024 * 1024, 0x20),
        declares: { packed: 65_500, unpacked: 1000 },
      },
    ]),
    ['compressed-too-large'],
  ],
  [
    'a part of 2⁵² bytes',
    'ooxml',
    zip([{ name: 'docProps/custom.xml', data: utf8('<a/>'), declares: { packed: 2 ** 52, unpacked: 2 ** 52 } }], {
      zip64: true,
    }),
    ['compressed-too-large'],
  ],
  [
    'an encrypted part',
    'ooxml',
    zip([{ name: 'docProps/custom.xml', data: utf8('<a/>'), encrypted: true }]),
    ['encrypted-document'],
  ],
  [
    'a document with a password',
    'ooxml',
    bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', Buffer.alloc(504)),
    ['encrypted-document'],
  ],
  [
    'the same part twice',
    'ooxml',
    zip([
      ...officeFiles(customProperties([['AIGC', label('first')]])),
      { name: 'docProps/custom.xml', data: customProperties([['AIGC', label('second')]]) },
    ]),
    [],
    '"second"',
  ],
  ['a package cut at its end', 'ooxml', zip(officeFiles(customProperties([]))).subarray(0, -30), ['truncated']],
  [
    'a package behind other bytes',
    'ooxml',
    bytes('#!/bin/sh\n', zip(officeFiles(customProperties([['AIGC', label('behind')]])))),
    [],
    '"behind"',
  ],
  [
    'a directory that points nowhere',
    'ooxml',
    bytes('PK\x05\x06', Buffer.alloc(8), le32(46), le32(0xfffffff0), le16(0)),
    ['bad-structure'],
  ],
];

function bomb(kind: 'zlib' | 'raw'): Uint8Array {
  const chunk = compressedTextChunk('', Buffer.alloc(32 * 1024 * 1024));
  return kind === 'raw' ? deflateRawSync(Buffer.alloc(32 * 1024 * 1024)) : chunk.subarray(10, chunk.length - 4);
}

/** The index says that object 1 is packed in the stream that is object 1. */
function selfPackedPdf(): Uint8Array {
  const dictionary = '<< /Type /XRef /Size 2 /W [1 2 1] /Root 1 0 R /Info 1 0 R /Length 8 >>';
  const index = bytes('\0\0\0\0', '\x02\0\x01\0');
  return bytes('%PDF-1.5\n9 0 obj\n', dictionary, '\nstream\n', index, '\nendstream\nendobj\nstartxref\n9\n%%EOF\n');
}

function manySaves(count: number): Uint8Array {
  let document: Uint8Array = infoPdf('<< /AIGC (AIGC 0) >>');
  for (let i = 1; i < count; i += 1) {
    const previousAt = Buffer.from(document).lastIndexOf('xref\n0 1');
    document = pdfUpdate(document, [[2, `<< /AIGC (AIGC ${i}) >>`]], '/Root 1 0 R /Info 2 0 R', previousAt);
  }
  return document;
}

/** Counts what is asked of a source and refuses what no reader may ask. */
function watched(file: Uint8Array): ByteSource & { readonly asked: { wrong: number; bytes: number } } {
  const inner = bufferSource(file);
  const asked = { wrong: 0, bytes: 0 };
  return {
    size: inner.size,
    asked,
    read: (offset, length) => {
      if (!(offset >= 0) || Number.isNaN(length)) asked.wrong += 1;
      const answer = inner.read(offset, Math.min(length, maxReadBytes));
      asked.bytes += answer.length;
      return answer;
    },
  };
}

describe('hostile containers', () => {
  test.each(hostile)('%s (%s)', async (_what, format, file, codes, found) => {
    const source = watched(file);
    const { entries, findings } = await readMetadata(source, format);
    const seen = findings.map(({ code }) => code);
    for (const code of new Set(codes)) expect(seen).toContain(code);
    if (codes.length === 0) expect(seen).toEqual([]);
    if (found !== undefined) expect(entries.map(({ value }) => value)).toContainEqual(expect.stringContaining(found));
    expect(entries.length).toBeLessThanOrEqual(maxEntries);
    expect(entries.every(({ value }) => value.length <= maxValueCharacters)).toBe(true);
    for (const { place } of entries) expect((place.offset ?? 0) + (place.length ?? 0)).toBeLessThanOrEqual(file.length);
    expect(findings.length).toBeLessThanOrEqual(80);
    expect(source.asked.wrong).toBe(0);
    expect(source.asked.bytes).toBeLessThan(160 * 1024 * 1024);
  });

  test('a file of many GB is not read to find a label at its front', async () => {
    const front = withChunks(png, textChunk('AIGC', label('front'))).subarray(0, -12);
    const picture = bytes(be32(0x7fffffff), 'IDAT');
    const size = 3 * 1024 * 1024 * 1024;
    const head = bytes(front, picture);
    const sparse: ByteSource = {
      size,
      read: (offset, length) => {
        const out = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
        if (offset < head.length) out.set(head.subarray(offset, offset + length));
        asked += out.length;
        return out;
      },
    };
    let asked = 0;
    const { entries } = await readMetadata(sparse, 'png');
    expect(entries.map(({ key }) => key)).toContain('AIGC');
    expect(asked).toBeLessThan(64 * 1024);
  });

  test('a PDF of many GB costs at most 32 MiB of reads', async () => {
    let asked = 0;
    const size = 8 * 1024 * 1024 * 1024;
    const line = utf8('1 0 obj << /Type /ObjStm >> ');
    const sparse: ByteSource = {
      size,
      read: (offset, length) => {
        const out = Buffer.alloc(Math.max(0, Math.min(length, size - offset)), line);
        asked += out.length;
        return out;
      },
    };
    const { findings } = await readMetadata(sparse, 'pdf');
    expect(findings.map(({ code }) => code)).toContain('bad-structure');
    expect(asked).toBeLessThanOrEqual(33 * 1024 * 1024);
  });
});

import { closeSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { MediaFormat } from '../../../contract/screening.ts';
import { descriptorSource } from '../../media/bytes.ts';
import { readMetadata } from '../labels.ts';
import type { MetadataEntry } from '../metadata.ts';

const folder = join(import.meta.dirname, '../../../../test/fixtures/labels-images');

/** File, its format, the location and key that must carry the label, what the value must contain (the file's stem unless said). */
type Row = [file: string, format: MediaFormat, location: string, key: string, contains?: string];

const labels: Row[] = [
  ['jpeg-xmp.jpg', 'jpeg', 'jpeg.app1.xmp', 'XMP'],
  ['jpeg-xmp.jpg', 'jpeg', 'jpeg.app1.xmp', 'XMP', 'digitalsourcetype/trainedAlgorithmicMedia'],
  ['jpeg-xmp-attribute.jpg', 'jpeg', 'jpeg.app1.xmp', 'XMP'],
  ['jpeg-xmp-sharp.jpg', 'jpeg', 'jpeg.app1.xmp', 'XMP'],
  ['jpeg-xmp-extended.jpg', 'jpeg', 'jpeg.app1.xmp', 'XMP'],
  ['jpeg-exif-comment.jpg', 'jpeg', 'jpeg.app1.exif', 'UserComment'],
  ['jpeg-exif-comment.jpg', 'jpeg', 'jpeg.app1.exif', 'Software', 'Example Painter 2'],
  ['jpeg-exif-comment.jpg', 'jpeg', 'jpeg.app1.exif', 'XPComment', '标识 note'],
  ['jpeg-exif-comment-unicode.jpg', 'jpeg', 'jpeg.app1.exif', 'UserComment'],
  ['jpeg-exif-comment-unicode.jpg', 'jpeg', 'jpeg.app1.exif', 'UserComment', '人工智能生成'],
  ['jpeg-exif-description.jpg', 'jpeg', 'jpeg.app1.exif', 'ImageDescription'],
  ['jpeg-exif-sharp.jpg', 'jpeg', 'jpeg.app1.exif', 'ImageDescription'],
  ['jpeg-app11-bare.jpg', 'jpeg', 'jpeg.app11', 'AIGC'],
  ['jpeg-comment.jpg', 'jpeg', 'jpeg.com', 'COM'],
  ['jpeg-iptc.jpg', 'jpeg', 'jpeg.app13.iptc', 'Caption-Abstract'],
  ['jpeg-iptc.jpg', 'jpeg', 'jpeg.app13.iptc', 'OriginatingProgram', 'Example Painter'],
  ['jpeg-trailer.jpg', 'jpeg', 'jpeg.trailer', 'trailer'],
  ['jpeg-multi-picture.jpg', 'jpeg', 'jpeg.trailer', 'trailer'],
  ['jpeg-progressive-late-comment.jpg', 'jpeg', 'jpeg.com', 'COM'],
  ['png-xmp.png', 'png', 'png.itxt.xmp', 'XMP'],
  ['png-xmp-compressed.png', 'png', 'png.itxt.xmp', 'XMP'],
  ['png-text.png', 'png', 'png.text', 'AIGC'],
  ['png-text.png', 'png', 'png.text', 'parameters', 'Sampler: Euler a'],
  ['png-text.png', 'png', 'png.text', 'Software', 'Example Painter 2'],
  ['png-text-wrapped.png', 'png', 'png.text', 'AIGC'],
  ['png-text-wrapped.png', 'png', 'png.text', 'prompt', 'KSampler'],
  ['png-text-wrapped.png', 'png', 'png.text', 'workflow', '"nodes"'],
  ['png-text-wrapped.png', 'png', 'png.text', 'Description', '人工智能生成'],
  ['png-ztxt.png', 'png', 'png.text', 'AIGC'],
  ['png-itxt.png', 'png', 'png.text', 'AIGC'],
  ['png-exif.png', 'png', 'png.exif', 'UserComment'],
  ['png-raw-profile.png', 'png', 'png.exif', 'ImageDescription'],
  ['png-trailer.png', 'png', 'png.trailer', 'trailer'],
  ['png-checksum.png', 'png', 'png.text', 'AIGC'],
  ['apng-text.png', 'png', 'png.text', 'AIGC'],
  ['webp-xmp.webp', 'webp', 'webp.xmp', 'XMP'],
  ['webp-exif.webp', 'webp', 'webp.exif', 'ImageDescription'],
  ['webp-xmp-unannounced.webp', 'webp', 'webp.xmp', 'XMP'],
  ['gif-xmp.gif', 'gif', 'gif.xmp', 'XMP'],
  ['gif-comment.gif', 'gif', 'gif.comment', 'Comment'],
  ['gif-xmp-sub-blocks.gif', 'gif', 'gif.xmp', 'XMP'],
  ['tiff-xmp.tif', 'tiff', 'tiff.xmp', 'XMP'],
  ['tiff-description.tif', 'tiff', 'tiff.exif', 'ImageDescription'],
  ['tiff-description.tif', 'tiff', 'tiff.exif', 'UserComment', 'in the EXIF directory'],
  ['tiff-second-page.tif', 'tiff', 'tiff.exif', 'ImageDescription'],
  ['bigtiff-xmp.tif', 'tiff', 'tiff.xmp', 'XMP'],
  ['svg-xmp.svg', 'svg', 'svg.xmp', 'XMP'],
  ['svg-text.svg', 'svg', 'svg.text', 'desc'],
  ['svg-text.svg', 'svg', 'svg.text', 'AIGC', '"svg-text-metadata"'],
  ['svg-text.svg', 'svg', 'svg.text', 'comment', 'Generator: Example Painter 2'],
  ['svg-text.svg', 'svg', 'svg.text', 'data-generator', 'Example Painter'],
  ['pdf-info.pdf', 'pdf', 'pdf.info', 'AIGC'],
  ['pdf-info.pdf', 'pdf', 'pdf.info', 'Producer', 'Example Writer (test)'],
  ['pdf-info.pdf', 'pdf', 'pdf.info', 'Creator', 'Ex'],
  ['pdf-exiftool.pdf', 'pdf', 'pdf.info', 'AIGC'],
  ['pdf-exiftool.pdf', 'pdf', 'pdf.xmp', 'XMP', 'pdf-exiftool-xmp'],
  ['pdf-packed.pdf', 'pdf', 'pdf.info', 'AIGC'],
  ['pdf-updated.pdf', 'pdf', 'pdf.info', 'AIGC'],
  ['pdf-updated.pdf', 'pdf', 'pdf.info', 'AIGC', '"pdf-info"'],
  ['pdf-broken-index.pdf', 'pdf', 'pdf.info', 'AIGC'],
  ['pdf-xmp.pdf', 'pdf', 'pdf.xmp', 'XMP'],
  ['docx-custom.docx', 'ooxml', 'ooxml.custom', 'AIGC'],
  ['docx-custom.docx', 'ooxml', 'ooxml.core', 'dc:creator', 'Fixture & Sons'],
  ['docx-custom.docx', 'ooxml', 'ooxml.app', 'Application', 'Example Writer'],
  ['xlsx-custom-zip64.xlsx', 'ooxml', 'ooxml.custom', 'AIGC'],
  ['pptx-custom-elsewhere.pptx', 'ooxml', 'ooxml.custom', 'AIGC'],
  ['markdown-map.md', 'markdown', 'markdown.front-matter', 'AIGC'],
  ['markdown-json.md', 'markdown', 'markdown.front-matter', 'AIGC'],
  ['markdown-quoted.md', 'markdown', 'markdown.front-matter', 'AIGC'],
];

const findings: Record<string, string[]> = {
  'png-checksum.png': ['checksum-mismatch'],
  'pdf-broken-index.pdf': ['bad-structure'],
  'pdf-encrypted.pdf': ['encrypted-document'],
};

const open: number[] = [];
afterAll(() => {
  for (const fd of open) closeSync(fd);
});

function read(file: string, format: MediaFormat) {
  const fd = openSync(join(folder, file), 'r');
  open.push(fd);
  return readMetadata(descriptorSource(fd), format);
}

describe('what the readers find in each location', () => {
  test.each(labels)('%s (%s): %s %s', async (file, format, location, key, contains) => {
    const wanted = contains ?? file.replace(/\.\w+$/, '');
    const { entries } = await read(file, format);
    const found = entries.filter((entry) => entry.place.location === location && entry.key === key);
    expect(found.map(({ value }) => value)).toContainEqual(expect.stringContaining(wanted));
    expect(
      found.every(({ kind, cut }) => kind === (key === 'XMP' ? 'xmp' : 'text') || (key === 'trailer' && !cut)),
    ).toBe(true);
  });

  test.each([...new Map(labels.map(([file, format]) => [file, format])), ['pdf-encrypted.pdf', 'pdf'] as const])(
    '%s has the findings of its manifest and no others',
    async (file, format) => {
      const metadata = await read(file, format);
      expect(metadata.findings.map(({ code }) => code)).toEqual(findings[file] ?? []);
    },
  );

  test('every fixture of the folder stands in the table', () => {
    const media = readdirSync(folder).filter((name) => !/\.(ts|config)$|^MANIFEST/.test(name));
    const told = new Set([...labels.map(([file]) => file), 'pdf-encrypted.pdf']);
    expect(media.filter((name) => !told.has(name))).toEqual([]);
  });

  test('one label in a file is one entry', async () => {
    for (const [file, format] of [
      ['jpeg-xmp-sharp.jpg', 'jpeg'],
      ['png-ztxt.png', 'png'],
      ['pdf-packed.pdf', 'pdf'],
    ] as const) {
      const { entries } = await read(file, format);
      expect(entries.filter(({ value }) => value.includes('001191990000MA0000000810001'))).toHaveLength(1);
    }
  });

  test('an encrypted document shows its keys and none of its values', async () => {
    const { entries } = await read('pdf-encrypted.pdf', 'pdf');
    const shown = ({ key, kind, value }: MetadataEntry) => ({ key, kind, value });
    expect(entries.map(shown)).toEqual([
      { key: 'AIGC', kind: 'binary', value: '' },
      { key: 'Producer', kind: 'binary', value: '' },
    ]);
  });

  test('the label of an earlier save is told apart by its path', async () => {
    const { entries } = await read('pdf-updated.pdf', 'pdf');
    expect(entries.map(({ place }) => place.path)).toEqual(['Info/AIGC', 'revision 1 of 2/Info/AIGC']);
  });

  test('places point at the bytes of the carrier', async () => {
    const fd = openSync(join(folder, 'jpeg-exif-comment.jpg'), 'r');
    open.push(fd);
    const source = descriptorSource(fd);
    const { entries } = await readMetadata(source, 'jpeg');
    const comment = entries.find(({ key }) => key === 'UserComment');
    const carrier = source.read(comment?.place.offset ?? 0, comment?.place.length ?? 0);
    expect(Buffer.from(carrier).toString('latin1')).toBe(`ASCII\0\0\0${comment?.value}`);
  });
});

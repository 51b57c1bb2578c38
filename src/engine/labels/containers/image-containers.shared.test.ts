import { closeSync, existsSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { MediaFormat } from '../../../contract/screening.ts';
import { descriptorSource } from '../../media/bytes.ts';
import { readMetadata } from '../labels.ts';
import type { Metadata } from '../metadata.ts';

const folder = '../shared/data/c2pa';
const formats: Record<string, MediaFormat> = { jpg: 'jpeg', png: 'png', webp: 'webp', tiff: 'tiff' };
/** Readers that get every file, whatever it is: a wrong guess of the format must not break them. */
const readers: MediaFormat[] = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'svg', 'pdf', 'ooxml', 'markdown'];

async function read(path: string, format: MediaFormat): Promise<Metadata> {
  const fd = openSync(path, 'r');
  try {
    return await readMetadata(descriptorSource(fd), format);
  } finally {
    closeSync(fd);
  }
}

function filesOf(): string[] {
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];
}

describe.runIf(existsSync('../shared/data'))('public C2PA samples', () => {
  test('there are samples to read', () => {
    expect(filesOf().length).toBeGreaterThan(20);
  });

  test.each(filesOf())('%s is read by every reader without an exception', async (path) => {
    for (const format of readers) {
      const metadata = await read(path, format);
      expect(metadata.entries.every(({ place }) => place.location !== '')).toBe(true);
    }
  });

  test.each(filesOf().filter((path) => /\.(jpg|png|webp|tiff)$/.test(path) && !path.includes('poc')))(
    '%s has nothing wrong with its container',
    async (path) => {
      const { findings } = await read(path, formats[path.split('.').at(-1) ?? ''] ?? 'jpeg');
      expect(findings).toEqual([]);
    },
  );

  /** What ExifTool shows of the same files. */
  test.each<[string, MediaFormat, string, string, string]>([
    ['public-testfiles/adobe-20220124-A.jpg', 'jpeg', 'jpeg.app1.exif', 'Model', 'Canon EOS REBEL T3'],
    ['public-testfiles/adobe-20220124-A.jpg', 'jpeg', 'jpeg.app13.iptc', 'DateCreated', '20110730'],
    ['public-testfiles/adobe-20220124-CICA.jpg', 'jpeg', 'jpeg.app1.xmp', 'XMP', 'XMP Core 6.0.0'],
    ['c2pa-rs/cloud.jpg', 'jpeg', 'jpeg.app13.iptc', 'Software', 'Adobe Photoshop'],
    ['c2pa-rs/test.tiff', 'tiff', 'tiff.xmp', 'XMP', 'Adobe XMP Core 6.0-c002'],
  ])('%s (%s): %s %s', async (file, format, location, key, contains) => {
    const { entries } = await read(join(folder, file), format);
    const found = entries.filter((entry) => entry.place.location === location && entry.key === key);
    expect(found.map(({ value }) => value)).toContainEqual(expect.stringContaining(contains));
  });

  test('a TIFF of 65,535 sub-directories ends', async () => {
    const { findings } = await read(join(folder, 'c2pa-rs/tiff_poc.tiff'), 'tiff');
    expect(findings.map(({ code }) => code)).toContain('bad-structure');
  });
});

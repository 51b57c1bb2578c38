import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type Container,
  digitalSourceType,
  label,
  labelsOf,
  oneLabel,
  otherTags,
  tagsOf,
  written,
} from '../../../../test/labelled-pictures.ts';
import { readHeif } from '../containers/bmff.ts';
import { readPng } from '../containers/png.ts';
import { readTiff } from '../containers/tiff.ts';
import { readWebp } from '../containers/webp.ts';
import { writeAvif, writeHeif } from './heif.ts';
import { writePng } from './png.ts';
import { writeTiff } from './tiff.ts';
import { writeWebp } from './webp.ts';

/** Public samples of the shared collection; see its MANIFEST.md. */
const samples = join(import.meta.dirname, '../../../../../shared/data/c2pa/c2pa-rs');
const png: Container = { format: 'png', extension: 'png', writer: writePng, reader: readPng };
const files: [string, Container][] = [
  ['libpng-test.png', png],
  ['sample1.avif', { format: 'avif', extension: 'avif', writer: writeAvif, reader: readHeif }],
  ['sample1.heif', { format: 'heic', extension: 'heif', writer: writeHeif, reader: readHeif }],
  ['sample1.webp', { format: 'webp', extension: 'webp', writer: writeWebp, reader: readWebp }],
  ['test.tiff', { format: 'tiff', extension: 'tiff', writer: writeTiff, reader: readTiff }],
];

describe.skipIf(!existsSync(samples))('a label in pictures of other programs', () => {
  test.each(files)('%s', (name, container) => {
    const before = readFileSync(join(samples, name));
    const after = written(container.writer, before, { aigc: label, digitalSourceType });
    expect(labelsOf(container, after)).toEqual(oneLabel());
    const [told = {}, tells = {}] = tagsOf(container.extension, [before, after]);
    expect(tells['XMP-TC260:Aigc']).toBe(label);
    const ignored = /MediaData|WebP_Flags|RIFF:.*Image(Width|Height)|FileType$|VP8Version|Scale$/;
    expect(otherTags(tells, ignored)).toEqual(otherTags(told, ignored));
    const gone = written(container.writer, after, { aigc: null, digitalSourceType: null });
    expect(labelsOf(container, gone)).toEqual([]);
    expect(written(container.writer, gone, { aigc: label, digitalSourceType }).length).toBe(after.length);
  });
});

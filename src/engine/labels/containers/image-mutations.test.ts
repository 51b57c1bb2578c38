import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { MediaFormat, Place } from '../../../contract/screening.ts';
import { type ByteSource, bufferSource } from '../../media/bytes.ts';
import { readMetadata } from '../labels.ts';
import { maxEntries, maxValueCharacters } from '../metadata.ts';

const folder = join(import.meta.dirname, '../../../../test/fixtures/labels-images');
const formats: Record<string, MediaFormat> = {
  jpg: 'jpeg',
  png: 'png',
  webp: 'webp',
  gif: 'gif',
  tif: 'tiff',
  svg: 'svg',
  pdf: 'pdf',
  docx: 'ooxml',
  xlsx: 'ooxml',
  pptx: 'ooxml',
  md: 'markdown',
};
const files = readdirSync(folder)
  .filter((name) => name !== 'MANIFEST.md')
  .flatMap((name) => {
    const format = formats[name.split('.').at(-1) ?? ''];
    return format ? [{ name, format }] : [];
  });

const mutationsEach = 150;

/** Mulberry32: the same mutations on every machine. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Flips, extreme values where lengths stand, cuts, and pieces repeated or left out. */
function mutate(file: Uint8Array, next: () => number): Uint8Array {
  const pick = (below: number) => Math.floor(next() * below);
  const at = pick(file.length);
  switch (pick(6)) {
    case 0:
      return file.subarray(0, at);
    case 1: {
      const end = Math.min(file.length, at + 1 + pick(64));
      return Buffer.concat([file.subarray(0, end), file.subarray(at)]);
    }
    case 2:
      return Buffer.concat([file.subarray(0, at), file.subarray(at + 1 + pick(64))]);
    case 3: {
      const out = Uint8Array.from(file);
      out.fill(next() < 0.5 ? 0xff : 0x00, at, at + 1 + pick(8));
      return out;
    }
    case 4: {
      const out = Uint8Array.from(file);
      // Digits and offsets in text formats, and bytes that mean something: quotes, brackets, NUL, markers.
      const telling = '0123456789()<>[]{}/"\'\\ \n\0:&;-#%\xff\xd8\xd9';
      for (let i = 0; i <= pick(8); i += 1) out[pick(out.length)] = telling.charCodeAt(pick(telling.length));
      return out;
    }
    default: {
      const out = Uint8Array.from(file);
      for (let i = 0; i <= pick(16); i += 1) {
        const place = pick(out.length);
        out[place] = (out[place] ?? 0) ^ (1 << pick(8));
      }
      return out;
    }
  }
}

function isInside(place: Place, size: number): boolean {
  const { offset = 0, length = 0 } = place;
  return (
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    offset >= 0 &&
    length >= 0 &&
    offset + length <= size
  );
}

describe('mutated files', () => {
  test.each(files)(
    '$name: no mutation throws, asks for what is not there, or costs without limit',
    async ({ name, format }) => {
      const original = readFileSync(join(folder, name));
      const next = random(original.length * 31 + name.length);
      for (let i = 0; i < mutationsEach; i += 1) {
        const file = mutate(original, next);
        let reads = 0;
        let wrong = 0;
        const inner = bufferSource(file);
        const source: ByteSource = {
          size: inner.size,
          read: (offset, length) => {
            reads += 1;
            if (!(offset >= 0) || Number.isNaN(length)) wrong += 1;
            return inner.read(offset, length);
          },
        };
        const { entries, findings } = await readMetadata(source, format);
        const told = `mutation ${i} of ${name}`;
        expect(wrong, told).toBe(0);
        expect(reads, told).toBeLessThan(50_000);
        expect(entries.length, told).toBeLessThanOrEqual(maxEntries);
        expect(
          entries.every(({ value }) => value.length <= maxValueCharacters),
          told,
        ).toBe(true);
        expect(
          entries.every(({ place }) => place.location !== '' && place.path !== ''),
          told,
        ).toBe(true);
        expect(
          entries.filter(({ place }) => !isInside(place, file.length)),
          told,
        ).toEqual([]);
        expect(
          findings.every(({ stage, params }) => stage === 'labels' && typeof params['where'] === 'string'),
          told,
        ).toBe(true);
      }
    },
  );

  test('the same mutation gives the same reading', async () => {
    const original = readFileSync(join(folder, 'pdf-exiftool.pdf'));
    const file = mutate(original, random(7));
    expect(await readMetadata(bufferSource(file), 'pdf')).toEqual(await readMetadata(bufferSource(file), 'pdf'));
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp, { type OutputInfo } from 'sharp';
import type { MediaFormat } from '../src/contract/screening.ts';
import { isCurrentLabel } from '../src/engine/labels/aigc/aigc.ts';
import { findLabels } from '../src/engine/labels/aigc/find.ts';
import { judgePlace } from '../src/engine/labels/aigc/places.ts';
import type { Metadata } from '../src/engine/labels/metadata.ts';
import { type LabelChange, LabelRefusal } from '../src/engine/labels/writing/change.ts';
import { bytesOf, piecesOf } from '../src/engine/labels/writing/pieces.ts';
import type { Writer } from '../src/engine/labels/writing/writers.ts';
import { type ByteSource, bufferSource } from '../src/engine/media/bytes.ts';
import { newFolder } from './new-folder.ts';

export const label = '{"Label":"1","ContentProducer":"001191110102MAD55U9H0F10002","ProduceID":"98ae6b12"}';
/** Longer than any packet's padding. */
export const longLabel = `{"Label":"1","ContentProducer":"001191110102MAD55U9H0F10002","ProduceID":"${'7'.repeat(600)}"}`;
export const digitalSourceType = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
/** An old label as phones write it into comments. */
export const oldLabel = '{"AIGC":{"Label":"2","ContentProducer":"old","ProduceID":"older"}}';

/** The writer and the reader of one container, and what `exiftool` calls it. */
export interface Container {
  format: MediaFormat;
  extension: string;
  writer: Writer;
  reader: (source: ByteSource) => Metadata;
}

export function written(writer: Writer, bytes: Uint8Array, change: LabelChange): Buffer {
  const source = bufferSource(bytes);
  return Buffer.from(bytesOf(source, piecesOf(source.size, writer(source, change))));
}

/** The labels that our reader finds in the file: their text, and whether a practice guide names their place. */
export function labelsOf({ reader, format }: Container, bytes: Uint8Array): { text: string; place: string }[] {
  return findLabels(reader(bufferSource(bytes)))
    .filter(isCurrentLabel)
    .map(({ raw, entry }) => ({ text: raw, place: judgePlace(format, entry.place.location, entry.key) }));
}

/** What the file must say when the label has been written. */
export const oneLabel = (text = label) => [{ text, place: 'place-named' }];

export type Tags = Record<string, unknown>;

/** What exiftool reads from each file, in one start of the program: every tag, of several with one name too, and the warnings of its validation. */
export function tagsOf(extension: string, files: readonly Uint8Array[]): Tags[] {
  const folder = newFolder();
  const names = files.map((bytes, index) => {
    const name = join(folder, `${index}.${extension}`);
    writeFileSync(name, bytes);
    return name;
  });
  const options = ['-j', '-G1:4', '-a', '-struct', '-validate', '-warning', '-error', '-all', '-ee'];
  // Warnings make it end with 1.
  const { stdout } = spawnSync('exiftool', [...options, ...names], { encoding: 'utf8', maxBuffer: 1e8 });
  return JSON.parse(stdout);
}

/** Tags without the facts of the file system, and without those a label brings. */
export function otherTags(tags: Tags, ignored = /^$/): Tags {
  const ours = /^(SourceFile|System:.*|File:.*Size|XMP-TC260:.*|XMP-x:.*|XMP-iptcExt:DigitalSourceType|XMP-rdf:.*)$/;
  return Object.fromEntries(Object.entries(tags).filter(([name]) => !ours.test(name) && !ignored.test(name)));
}

export async function pixelsOf(bytes: Uint8Array): Promise<{ data: Buffer; info: OutputInfo }> {
  const { data, info } = await sharp(bytes, { animated: true, limitInputPixels: false })
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  return { data, info };
}

/** A checksum of each frame, as ffmpeg decodes them. */
export function framesOf(extension: string, bytes: Uint8Array): string {
  const name = join(newFolder(), `frames.${extension}`);
  writeFileSync(name, bytes);
  return execFileSync('ffmpeg', ['-v', 'error', '-i', name, '-map', '0', '-f', 'framemd5', '-'], { encoding: 'utf8' });
}

export function viaExiftool(bytes: Uint8Array, options: readonly string[]): Buffer {
  return execFileSync('exiftool', ['-q', ...options, '-o', '-', '-'], { input: bytes, maxBuffer: 1e8 });
}

/** Any label the standard allows: one that our reader and the writer understand alike. */
export function expectAnyLabel(
  container: Container,
  bytes: Uint8Array,
  check: (found: unknown, wanted: unknown) => void,
) {
  const value = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) });
  fc.assert(
    fc.property(value, value, (producer, id) => {
      const object = { Label: '1', ContentProducer: `p${producer}`, ProduceID: `i${id}` };
      const after = written(container.writer, bytes, { aigc: JSON.stringify(object) });
      check(labelsOf(container, after), oneLabel(JSON.stringify(object)));
    }),
    { numRuns: 60 },
  );
}

/** Damages a file in many ways: each time the writer refuses, or its file says what was asked. Returns how many were written. */
export function damageAndWrite(
  container: Container,
  bytes: Uint8Array,
  check: (found: unknown, wanted: unknown) => void,
  { runs = 400, reach = bytes.length } = {},
): number {
  let writtenFiles = 0;
  const damage = fc.tuple(fc.nat(reach), fc.uint8Array({ maxLength: 6 }), fc.nat(12), fc.nat(3));
  fc.assert(
    fc.property(damage, fc.boolean(), ([at, inserted, removed, kind], isRemoval) => {
      const broken = damaged(bytes, at, inserted, removed, kind);
      try {
        const after = written(container.writer, broken, { aigc: isRemoval ? null : label });
        writtenFiles += 1;
        check(labelsOf(container, after), isRemoval ? [] : oneLabel());
      } catch (error) {
        if (!(error instanceof LabelRefusal)) throw error;
      }
    }),
    { numRuns: runs, seed: 5 },
  );
  return writtenFiles;
}

function damaged(bytes: Uint8Array, at: number, inserted: Uint8Array, removed: number, kind: number): Uint8Array {
  if (kind === 0) return bytes.subarray(0, at);
  if (kind === 1) return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]);
  const out = Uint8Array.from(bytes);
  if (kind === 2) out.fill(removed % 2 === 0 ? 0xff : 0, at, at + inserted.length);
  else out.set(inserted.subarray(0, Math.max(0, out.length - at)), at);
  return out;
}

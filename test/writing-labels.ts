import fc from 'fast-check';
import type { MediaFormat } from '../src/contract/screening.ts';
import { isCurrentLabel, readAigcLabels } from '../src/engine/labels/aigc/aigc.ts';
import { findLabels } from '../src/engine/labels/aigc/find.ts';
import type { Metadata } from '../src/engine/labels/metadata.ts';
import { type LabelChange, LabelRefusal } from '../src/engine/labels/writing/change.ts';
import { bytesOf, piecesOf } from '../src/engine/labels/writing/pieces.ts';
import type { Writer } from '../src/engine/labels/writing/writers.ts';
import { type ByteSource, bufferSource } from '../src/engine/media/bytes.ts';
import { counting } from './fixtures/labels-av/counting.ts';

/** A writer with the reader of its container. */
export interface Container {
  format: MediaFormat;
  write: Writer;
  read: (source: ByteSource) => Metadata;
}

/** All characters that JSON escapes, and those that containers may care about. */
export const wanted = JSON.stringify({
  Label: '1',
  ContentProducer: '001191990000MA0000000810001',
  ProduceID: 'a"b\\c(d)<e>&f#%g',
  ReservedCode1: '',
  ContentPropagator: '',
  PropagateID: '',
  ReservedCode2: '',
});

/** The file after the change; every range that the writer asks for is checked. */
export function rewritten({ write }: Container, bytes: Uint8Array, change: LabelChange): Buffer {
  const source = counting(bufferSource(bytes));
  return Buffer.from(bytesOf(source, piecesOf(source.size, write(source, change))));
}

/** `location key`, `place judgement` and text of each label that counts. */
export function labelsIn(
  { read, format }: Container,
  bytes: Uint8Array,
): { at: string; text: string; place: string }[] {
  const metadata = read(bufferSource(bytes));
  const signals = readAigcLabels(metadata, format);
  return findLabels(metadata).flatMap((label, index) => {
    if (!isCurrentLabel(label)) return [];
    const place = signals[index]?.checks?.find(({ id }) => id === 'GB-PLACE')?.code ?? '';
    return [{ at: `${label.entry.place.location} ${label.entry.key}`, text: label.raw, place }];
  });
}

/** Every entry that is no label, as `location key=value`. */
export function othersIn({ read }: Container, bytes: Uint8Array): string[] {
  const metadata = read(bufferSource(bytes));
  const labels = new Set(findLabels(metadata).map(({ entry }) => entry));
  return metadata.entries
    .filter((entry) => !labels.has(entry))
    .map(({ key, value, place }) => `${place.location} ${key}=${value}`);
}

/** `code where` of the refusal; any other exception goes on. */
export function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof LabelRefusal) return `${error.code} ${error.where}`;
    throw error;
  }
  return 'written';
}

/** Files cut off somewhere, with some bytes changed, inserted or left out. */
function damagedOnes(files: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const spot = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    isNearStart: fc.boolean(),
    byte: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 4, 0x7f, 0x80, 0xff)),
    what: fc.constantFrom('change', 'change', 'change', 'insert', 'remove'),
  });
  const cut = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 3 });
  return fc.tuple(fc.constantFrom(...files), fc.array(spot, { maxLength: 6 }), cut).map(([file, spots, end]) => {
    const bytes = Array.from(file.subarray(0, end === null ? undefined : Math.floor(end * file.length)));
    for (const { at, isNearStart, byte, what } of spots) {
      const index = Math.floor(at * (isNearStart ? Math.min(600, bytes.length) : bytes.length));
      if (what === 'insert') bytes.splice(index, 0, byte);
      else if (what === 'remove') bytes.splice(index, 1);
      else if (index < bytes.length) bytes[index] = byte;
    }
    return Uint8Array.from(bytes);
  });
}

/** Throws unless each damaged file is refused, or made into one in which the reader finds what was asked for. */
export function expectRefusedOrRight(container: Container, files: readonly Uint8Array[], numRuns: number): void {
  const changes: LabelChange[] = [
    { aigc: wanted },
    { aigc: null },
    { aigc: wanted, digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia' },
    { aigc: null, digitalSourceType: null },
  ];
  fc.assert(
    fc.property(damagedOnes(files), fc.constantFrom(...changes), (bytes, change) => {
      try {
        const texts = labelsIn(container, rewritten(container, bytes, change)).map(({ text }) => text);
        return JSON.stringify(texts) === JSON.stringify(change.aigc === null ? [] : [change.aigc]);
      } catch (error) {
        if (error instanceof LabelRefusal && error.where !== '') return true;
        throw error;
      }
    }),
    { numRuns },
  );
}

/** Throws unless every label of printable ASCII comes back character by character. */
export function expectAnyValue(container: Container, file: Uint8Array, numRuns: number): void {
  const code = fc.integer({ min: 0x21, max: 0x7e });
  const value = fc.string({ unit: code.map((one) => String.fromCharCode(one)), maxLength: 400 });
  fc.assert(
    fc.property(value, value, (ProduceID, ReservedCode1) => {
      const aigc = JSON.stringify({ Label: '2', ContentProducer: 'x', ProduceID, ReservedCode1 });
      const [label, ...more] = labelsIn(container, rewritten(container, file, { aigc }));
      return label?.text === aigc && label.place === 'place-named' && more.length === 0;
    }),
    { numRuns },
  );
}

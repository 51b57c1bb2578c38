import type { ByteSource } from '../../media/bytes.ts';
import type { Box } from '../containers/boxes.ts';
import { concat, u32be } from '../containers/integers.ts';
import type { BoxChange } from './bmff-change.ts';
import { absoluteOffsets, widened } from './bmff-offsets.ts';
import { LabelRefusal } from './change.ts';
import { movedBy } from './moved.ts';
import { ascii, be } from './numbers.ts';
import type { Edit } from './pieces.ts';

/** A box from the parts of its body. */
export function box(type: string, ...parts: Uint8Array[]): Uint8Array {
  const body = concat(parts);
  return concat([be(8 + body.length, 4), ascii(type), body]);
}

/**
 * The edits that make the changes: box sizes, free space behind the movie box (ISO 14496-12 8.1.2) that gives or takes the room, and,
 * where media moves all the same, every offset that counts from the beginning of the file. `top` are the boxes of the file, `moov`
 * one of them.
 */
export function editsOf(
  source: ByteSource,
  file: { top: readonly Box[]; moov: Box },
  changes: readonly BoxChange[],
): Edit[] {
  const edits = layout(source, file, changes);
  const moved = movedBy(edits);
  const stays = (box: Box) => box === file.moov || unlocated.has(box.type) || moved(box.start) === box.start;
  if (file.top.every(stays)) return edits;

  const offsets = absoluteOffsets(source, file.top);
  // A table of 32-bit offsets that has to become one of 64 bits moves everything again, so that another one may have to.
  const wide = new Set<(typeof offsets.chunkTables)[number]>();
  for (;;) {
    const widenings = [...wide].map((table) => ({ table, change: widened(table) }));
    const all = layout(source, file, [...changes, ...widenings.map(({ change }) => change)]);
    const target = movedBy(all);
    const narrow = offsets.chunkTables.filter((table) => !wide.has(table) && table.overflows(target));
    if (narrow.length === 0) {
      for (const { table, change } of widenings) table.fill(change.insert, target);
      const kept = offsets.chunkTables.filter((table) => !wide.has(table));
      return [...all, ...kept.flatMap((table) => table.edits(target)), ...offsets.edits(target)];
    }
    for (const table of narrow) wide.add(table);
  }
}

/** Boxes that nothing in the file points at. */
const unlocated = new Set(['free', 'skip', 'mfra', 'uuid', 'wide']);

function layout(
  source: ByteSource,
  { top, moov }: { top: readonly Box[]; moov: Box },
  changes: readonly BoxChange[],
): Edit[] {
  const growths = new Map<number, { box: Box; growth: number }>();
  for (const { within, remove, insert } of changes) {
    for (const box of within) {
      const known = growths.get(box.start) ?? { box, growth: 0 };
      known.growth += insert.length - remove;
      growths.set(box.start, known);
    }
  }
  const sizes = [...growths.values()].flatMap(({ box, growth }) => sizeEdit(source, box, growth, top.includes(box)));
  const edits = changes.map(({ at, remove, insert }) => ({ at, remove, insert }));
  const near = changes.filter(({ at }) => at >= moov.start && at <= moov.end);
  const growth = near.reduce((sum, { remove, insert }) => sum + insert.length - remove, 0);
  const free = freeSpaceBehind(top, moov);
  const isTouched = changes.some(({ at }) => free && at > free.start && at < free.end);
  return [...edits, ...sizes, ...(free && !isTouched ? takenFrom(source, free, growth) : [])];
}

/** Free space between the movie and more boxes. */
function freeSpaceBehind(top: readonly Box[], moov: Box): Box | null {
  const index = top.indexOf(moov) + 1;
  const [free, next] = [top[index], top[index + 1]];
  return free && next && (free.type === 'free' || free.type === 'skip') ? free : null;
}

function sizeEdit(source: ByteSource, box: Box, growth: number, isTop: boolean): Edit[] {
  if (growth === 0) return [];
  const declared = u32be(source.read(box.start, 4), 0);
  const size = box.end - box.start + growth;
  if (declared === 1) return [{ at: box.start + 8, remove: 8, insert: be(size, 8) }];
  // Only the last box of the file may leave its size open; in other places readers disagree about what it means.
  if (declared === 0 && !isTop) throw new LabelRefusal('container-damaged', box.type);
  if (size > 0xffffffff) throw new LabelRefusal('no-room', box.type);
  return [{ at: box.start, remove: 4, insert: be(size, 4) }];
}

function takenFrom(source: ByteSource, free: Box, growth: number): Edit[] {
  const size = free.end - free.start;
  if (growth === 0) return [];
  // Its own size written in the usual way: four bytes.
  if (u32be(source.read(free.start, 4), 0) !== size) return [];
  if (growth === size) return [{ at: free.start, remove: size, insert: new Uint8Array(0) }];
  if (growth > size - 8 || size - growth > 0xffffffff) return [];
  const header = { at: free.start, remove: 4, insert: be(size - growth, 4) };
  if (growth > 0) return [header, { at: free.end - growth, remove: growth, insert: new Uint8Array(0) }];
  return [header, { at: free.end, remove: 0, insert: new Uint8Array(-growth) }];
}

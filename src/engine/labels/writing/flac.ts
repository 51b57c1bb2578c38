import type { ByteSource } from '../../media/bytes.ts';

import { readFlac } from '../containers/flac.ts';
import { concat, latin1, u16be } from '../containers/integers.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { behindLeadingTags, editSurroundingTags } from './id3.ts';
import { confirmed } from './old-labels.ts';
import type { Edit } from './pieces.ts';
import { editVorbisComment, newVorbisComment } from './vorbis-comment.ts';

/**
 * Writes the label as field `AIGC` of a FLAC file's Vorbis comment (RFC 9639 8.6). The padding block gives or takes the room, so that
 * sound stays where it is when it can. Labels in ID3 and APE tags around the file go.
 */
export function writeFlac(source: ByteSource, change: LabelChange): Edit[] {
  const edits = [...editSurroundingTags(source), ...editBlocks(source, change.aigc)];
  return confirmed(edits, source, change, { format: 'flac', read: readFlac });
}

interface Block {
  type: number;
  /** Offset of the four header bytes. */
  at: number;
  length: number;
}

const streamInfo = 0;
const padding = 1;
const vorbisComment = 4;
/** Lengths have 24 bits (RFC 9639 8.1). */
const maxBlockBytes = 2 ** 24 - 1;
const maxBlocks = 20_000;

function editBlocks(source: ByteSource, aigc: string | null): Edit[] {
  const blocks = listBlocks(source);
  const comments = blocks.filter(({ type }) => type === vorbisComment);
  const edits: Edit[] = [];
  let growth = 0;
  for (const [index, block] of comments.entries()) {
    const where = index === 0 ? 'VORBIS_COMMENT' : `VORBIS_COMMENT[${index + 1}]`;
    const before = source.read(block.at + 4, block.length);
    if (before.length < block.length) throw new LabelRefusal('container-damaged', where);
    const place = { location: 'flac.vorbis-comment', where };
    const after = editVorbisComment(before, index === 0 ? aigc : null, place);
    if (after === before) continue;
    edits.push(lengthEdit(block, after.length, where));
    edits.push({ at: block.at + 4, remove: block.length, insert: after });
    growth += after.length - before.length;
  }
  const [first] = blocks;
  if (comments.length === 0 && aigc !== null && first) {
    const comment = newVorbisComment(aigc);
    edits.push(...insertAfter(source, first, comment));
    growth += 4 + comment.length;
  }
  return [...edits, ...takeFromPadding(source, blocks, growth)];
}

/** All metadata blocks; the first is STREAMINFO, else this is no FLAC file that could be understood. */
function listBlocks(source: ByteSource): Block[] {
  let at = behindLeadingTags(source);
  if (latin1(source.read(at, 4)) !== 'fLaC') throw new LabelRefusal('container-damaged', 'file');
  at += 4;
  const blocks: Block[] = [];
  for (let last = false; !last; ) {
    const head = source.read(at, 4);
    const [first = 0xff] = head;
    const block = { type: first & 0x7f, at, length: ((head[1] ?? 0) << 16) | u16be(head, 2) };
    if (block.type === 127 || at + 4 + block.length > source.size || (blocks.length === 0 && block.type !== streamInfo))
      throw new LabelRefusal('container-damaged', 'file');
    if (blocks.length >= maxBlocks) throw new LabelRefusal('container-too-large', 'file');
    blocks.push(block);
    last = first >= 0x80;
    at += 4 + block.length;
  }
  return blocks;
}

function insertAfter(source: ByteSource, block: Block, comment: Uint8Array): Edit[] {
  if (comment.length > maxBlockBytes) throw new LabelRefusal('no-room', 'VORBIS_COMMENT');
  const [first = 0] = source.read(block.at, 1);
  const wasLast = first & 0x80;
  const inserted = { at: block.at + 4 + block.length, remove: 0 };
  return [
    ...(wasLast ? [{ at: block.at, remove: 1, insert: Uint8Array.of(block.type) }] : []),
    { ...inserted, insert: concat([Uint8Array.of(wasLast | vorbisComment), uint24(comment.length), comment]) },
  ];
}

/** The first padding block shrinks or grows by what the comment needs, where it is large enough; sound moves otherwise. */
function takeFromPadding(source: ByteSource, blocks: readonly Block[], growth: number): Edit[] {
  const block = blocks.find(
    ({ type, length }) => type === padding && length >= growth && length - growth <= maxBlockBytes,
  );
  if (!block || growth === 0) return [];
  const end = block.at + 4 + block.length;
  // Where the zeros end: whatever a program hid in its padding stays.
  if (growth > 0 && source.read(end - growth, growth).some((byte) => byte !== 0)) return [];
  return [
    lengthEdit(block, block.length - growth, 'PADDING'),
    growth > 0
      ? { at: end - growth, remove: growth, insert: none }
      : { at: end, remove: 0, insert: new Uint8Array(-growth) },
  ];
}

const none = new Uint8Array(0);

/** Only the length changes, so the flag of the last block stays as it is. */
function lengthEdit(block: Block, length: number, where: string): Edit {
  if (length > maxBlockBytes) throw new LabelRefusal('no-room', where);
  return { at: block.at + 1, remove: 3, insert: uint24(length) };
}

function uint24(value: number): Uint8Array {
  return Uint8Array.of(value >> 16, (value >> 8) & 0xff, value & 0xff);
}

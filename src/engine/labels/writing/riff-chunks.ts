import type { ByteSource } from '../../media/bytes.ts';
import { bufferSource } from '../../media/bytes.ts';
import { concat, latin1, u32be, u32le } from '../containers/integers.ts';
import { LabelRefusal } from './change.ts';
import { editSurroundingTags } from './id3.ts';
import { ascii, be, le } from './numbers.ts';
import { bytesOf, piecesOf } from './pieces.ts';

/** A chunk of a RIFF file. Offsets count in the file. */
export interface Chunk {
  id: string;
  /** What a `LIST` or `RIFF` is a list of, else empty. */
  type: string;
  start: number;
  bodyStart: number;
  /** Behind the body, and behind the byte that pads it to an even length. */
  end: number;
  next: number;
}

/** RIFX counts the other way round. */
export type ByteOrder = 'little' | 'big';

const maxChunks = 100_000;
/** Chunks that are rewritten are held in memory. */
export const maxChunkBytes = 16 * 1024 * 1024;

/**
 * The chunks of one level, in order, or those before the first with a certain name. `longSizes` are sizes of chunks that have no room
 * for their own (RF64). Zeros behind the last one
 * are padding; anything else that is no chunk, or reaches out of the level, makes this throw a LabelRefusal.
 */
export function chunksIn(
  source: ByteSource,
  level: {
    start: number;
    end: number;
    where: string;
    order: ByteOrder;
    longSizes?: ReadonlyMap<string, number>;
    before?: string;
  },
): Chunk[] {
  const { start, end, where, order, longSizes, before } = level;
  const chunks: Chunk[] = [];
  for (let at = start; at + 8 <= end; ) {
    const head = source.read(at, 12);
    const id = latin1(head, 0, 4);
    if (!isChunkId(id)) {
      if (source.read(at, Math.min(end - at, maxPaddingBytes)).some((byte) => byte !== 0)) {
        throw new LabelRefusal('container-damaged', `${where}, offset ${at}`);
      }
      break;
    }
    if (id === before) break;
    const declared = order === 'big' ? u32be(head, 4) : u32le(head, 4);
    const size = declared === 0xffffffff ? (longSizes?.get(id) ?? declared) : declared;
    const bodyEnd = at + 8 + size;
    if (bodyEnd > end) throw new LabelRefusal('container-damaged', `${where}/${id.trimEnd()}`);
    if (chunks.length >= maxChunks) throw new LabelRefusal('container-too-large', where);
    const isList = id === 'LIST' || id === 'RIFF';
    const next = Math.min(end, bodyEnd + padding(source, bodyEnd, size));
    chunks.push({ id, type: isList ? latin1(head, 8, 12) : '', start: at, bodyStart: at + 8, end: bodyEnd, next });
    at = next;
  }
  return chunks;
}

const maxPaddingBytes = 65_536;

/** The children of a `LIST`. */
export function childrenOf(source: ByteSource, list: Chunk, order: ByteOrder): Chunk[] {
  return chunksIn(source, { start: list.bodyStart + 4, end: list.end, where: list.type.trimEnd(), order });
}

/** A whole chunk with its pad byte. */
export function chunk(id: string, body: Uint8Array, order: ByteOrder = 'little'): Uint8Array {
  return concat([ascii(id), u32(body.length, order), body, new Uint8Array(body.length % 2)]);
}

export function u32(value: number, order: ByteOrder): Uint8Array {
  return order === 'big' ? be(value, 4) : le(value, 4);
}

/** The body of an `id3 ` chunk without labels; null where there are none in it. */
export function withoutId3Labels(source: ByteSource, { bodyStart, end, id }: Chunk): Uint8Array | null {
  if (end - bodyStart > maxChunkBytes) throw new LabelRefusal('container-too-large', id);
  const tag = bufferSource(source.read(bodyStart, end - bodyStart));
  const edits = editSurroundingTags(tag);
  return edits.length === 0 ? null : bytesOf(tag, piecesOf(tag.size, edits));
}

/** Chunks start at even offsets; some writers forget the pad byte, and readers forgive them. */
function padding(source: ByteSource, bodyEnd: number, size: number): number {
  if (size % 2 === 0) return 0;
  const next = source.read(bodyEnd, 5);
  return next[0] !== 0 && isChunkId(latin1(next, 0, 4)) && !isChunkId(latin1(next, 1, 5)) ? 0 : 1;
}

function isChunkId(id: string): boolean {
  return /^[\x20-\x7e]{4}$/.test(id) && id !== '    ';
}

import { concat, latin1 } from '../../labels/containers/integers.ts';
import { frameBytes, type Id3Tag, newTag, parseTag, rewriteTag } from '../../labels/writing/id3-tag.ts';
import { ascii } from '../../labels/writing/numbers.ts';
import type { ByteSource } from '../../media/bytes.ts';
import { dataBinding, type Place } from './bind.ts';
import { SigningRefusal } from './refusal.ts';

/**
 * A `GEOB` frame of an ID3v2 tag at the start (C2PA 2.2 §A.3.6), for MP3 and FLAC. The other frames stay as they are; the library
 * would write the tag anew as version 2.4, and lose one that is unsynchronised. Versions 2.3 and 2.4 only: null for others.
 */
export function placeInId3(source: ByteSource): ((storeBytes: number) => Place) | null {
  if (latin1(source.read(0, 3)) !== 'ID3') {
    return (storeBytes) => ({
      edits: (store) => [{ at: 0, remove: 0, insert: newTag(frame(3, store)) }],
      binding: dataBinding({ start: headerBytes + frameHeaderBytes + prefix.length, length: storeBytes }),
    });
  }
  const tag = parseTag(source, 0, source.size, 'id3');
  const { version } = tag;
  // A frame that would have to be changed back and forth would not stand in the file as it is hashed.
  if ((tag.flags & unsynchronised) !== 0) throw new SigningRefusal('file-unsignable', 'UnsynchronisedTag');
  if (version === 2) return null;
  const old = new Map(tag.frames.filter((each) => isManifest(tag, each)).map((each) => [each, null]));
  const start = tag.toFile(tag.framesStart) + frameHeaderBytes + prefix.length;
  return (storeBytes) => ({
    edits: (store) => rewriteTag(source, tag, old, frame(version, store)),
    binding: dataBinding({ start, length: storeBytes }),
  });
}

const headerBytes = 10;
const frameHeaderBytes = 10;
const unsynchronised = 0x80;
/** Encoding (Latin-1), media type, file name and description, as c2pa-rs writes them. */
const prefix = ascii('\0application/c2pa\0c2pa\0c2pa manifest store\0');

function frame(version: 3 | 4, store: Uint8Array): Uint8Array {
  return frameBytes(version, 'GEOB', concat([prefix, store]));
}

function isManifest(tag: Id3Tag, { id, bodyStart }: Id3Tag['frames'][number]): boolean {
  const start = latin1(tag.body.read(bodyStart, 64));
  return id === 'GEOB' && /^[\0-\x03]application\/(c2pa|x-c2pa-manifest-store)\0/.test(start);
}

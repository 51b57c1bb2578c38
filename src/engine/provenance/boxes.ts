import type { ByteSource } from '../media/bytes.ts';

/**
 * Whether an ISO base media file holds a C2PA `uuid` box at the top level (C2PA 2.x §A.5). For files that the library
 * cannot count through; null when the boxes do not lead to the end of the file.
 */
export function holdsManifestBox(source: ByteSource): boolean | null {
  let offset = 0;
  for (let boxes = 0; boxes < maxBoxes && offset < source.size; boxes++) {
    const header = source.read(offset, 32);
    if (header.length < 8) return null;
    const view = new DataView(header.buffer, header.byteOffset, header.length);
    const declared = view.getUint32(0);
    const isLong = declared === 1;
    if (isLong && header.length < 16) return null;
    const size = declared === 0 ? source.size - offset : isLong ? Number(view.getBigUint64(8)) : declared;
    const from = isLong ? 16 : 8;
    if (ascii(header.subarray(4, 8)) === 'uuid' && hex(header.subarray(from, from + 16)) === c2paUuid) return true;
    // attacker-controlled length: a box smaller than its own header would never end the walk
    if (size < from) return null;
    offset += size;
  }
  return offset >= source.size ? false : null;
}

const c2paUuid = 'd8fec3d61b0e483c92975828877ec481';
const maxBoxes = 10_000;

const ascii = (bytes: Uint8Array) => String.fromCharCode(...bytes);
const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

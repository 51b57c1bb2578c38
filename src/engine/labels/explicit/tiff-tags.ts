export type TiffCompression = 'none' | 'lzw' | 'jpeg' | 'deflate' | 'zstd' | 'webp';

/** Compression of the first picture, tag 259 (TIFF 6.0, section 8); null for one that is not written, and for BigTIFF. */
export function tiffCompression(tiff: Uint8Array): TiffCompression | null {
  const view = viewOf(tiff);
  const little = tiff[0] === 0x49;
  if (!isTiff(view, little)) return null;
  const at = entryAt(view, little, 259);
  return at === null ? 'none' : (compressions[view.getUint16(at + 8, little)] ?? null);
}

/** Pixels an inch by XResolution (282) and ResolutionUnit (296) of an EXIF block; null when it has none. */
export function exifDensity(exif: Uint8Array): number | null {
  const named = Buffer.from(exif.subarray(0, 4)).toString('latin1') === 'Exif';
  const view = viewOf(named ? exif.subarray(6) : exif);
  const little = view.byteLength > 0 && view.getUint8(0) === 0x49;
  if (!isTiff(view, little)) return null;
  const at = entryAt(view, little, 282);
  const where = at === null ? null : view.getUint32(at + 8, little);
  if (where === null || where + 8 > view.byteLength) return null;
  const unitAt = entryAt(view, little, 296);
  const perCentimetre = unitAt !== null && view.getUint16(unitAt + 8, little) === 3;
  const density = (view.getUint32(where, little) / view.getUint32(where + 4, little)) * (perCentimetre ? 2.54 : 1);
  return Number.isFinite(density) && density > 0 ? density : null;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function isTiff(view: DataView, little: boolean): boolean {
  return view.byteLength >= 8 && view.getUint16(2, little) === 42;
}

/** Offset of the entry with that tag in the first directory (TIFF 6.0, section 2: entries of 12 bytes). */
function entryAt(view: DataView, little: boolean, tag: number): number | null {
  const start = view.getUint32(4, little);
  if (start + 2 > view.byteLength) return null;
  const end = Math.min(view.byteLength, start + 2 + view.getUint16(start, little) * 12);
  for (let at = start + 2; at + 12 <= end; at += 12) if (view.getUint16(at, little) === tag) return at;
  return null;
}

const compressions: { readonly [value: number]: TiffCompression } = {
  1: 'none',
  5: 'lzw',
  7: 'jpeg',
  8: 'deflate',
  32946: 'deflate',
  50000: 'zstd',
  50001: 'webp',
};

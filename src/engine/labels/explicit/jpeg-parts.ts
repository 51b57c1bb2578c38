/** What a JPEG says of its own making, and its segments (ITU-T T.81 Annex B). */
export interface JpegParts {
  /** 1…100: the libjpeg quality whose tables are as fine as these. */
  quality: number;
  subsampling: '4:4:4' | '4:2:0' | 'other';
  progressive: boolean;
  arithmetic: boolean;
  /** Application segments and comments from 0xFF to their end, in order. */
  segments: { marker: number; bytes: Uint8Array }[];
  /** Bytes behind the end of the picture. */
  trailing: number;
}

/** Reads the header up to the first scan; null when it is no JPEG or broken before that. */
export function readJpegParts(file: Uint8Array): JpegParts | null {
  const parts: JpegParts = {
    quality: 90,
    subsampling: 'other',
    progressive: false,
    arithmetic: false,
    segments: [],
    trailing: 0,
  };
  const tables: Uint8Array[] = [];
  if (file[0] !== 0xff || file[1] !== 0xd8) return null;
  let at = 2;
  while (at + 4 <= file.length && file[at] === 0xff) {
    const marker = file[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = ((file[at + 2] ?? 0) << 8) | (file[at + 3] ?? 0);
    const end = at + 2 + length;
    if (length < 2 || end > file.length) return null;
    const body = file.subarray(at + 4, end);
    if (marker === 0xdb) tables.push(...quantisationTables(body));
    else if (isFrame(marker)) {
      parts.progressive = (marker & 3) === 2;
      parts.arithmetic = marker > 0xc8;
      parts.subsampling = subsamplingOf(body);
    } else if (isApplication(marker)) parts.segments.push({ marker, bytes: file.subarray(at, end) });
    at = end;
    if (marker === 0xda) {
      parts.quality = qualityOf(tables);
      parts.trailing =
        file.length -
        2 -
        Math.max(
          Buffer.from(file.buffer, file.byteOffset, file.length).lastIndexOf('\xff\xd9', undefined, 'latin1'),
          0,
        );
      return parts;
    }
  }
  return null;
}

/**
 * The picture of `encoded` with the application segments and comments of the original, byte by byte. Left out are what would no
 * longer be true: Adobe's colour transform (APP14), content credentials (APP11) and offsets into the old file (MPF in APP2).
 */
export function withSegmentsOf({ segments }: JpegParts, encoded: Uint8Array): Uint8Array {
  const kept = segments.filter((segment) => !staleReason(segment)).map(({ bytes }) => bytes);
  const rest: Uint8Array[] = [];
  let at = 2;
  while (at + 4 <= encoded.length && encoded[at] === 0xff) {
    const marker = encoded[at + 1] ?? 0;
    const end = at + 2 + (((encoded[at + 2] ?? 0) << 8) | (encoded[at + 3] ?? 0));
    if (marker === 0xda) break;
    if (!isApplication(marker)) rest.push(encoded.subarray(at, end));
    at = end;
  }
  return Buffer.concat([encoded.subarray(0, 2), ...kept, ...rest, encoded.subarray(at)]);
}

/** What goes with a segment that cannot be kept; null for one that is kept. */
export function staleReason({ marker, bytes }: { marker: number; bytes: Uint8Array }): string | null {
  const name = Buffer.from(bytes.subarray(4, 12)).toString('latin1');
  if (marker === 0xeb) return 'content-credentials-removed';
  if (marker === 0xee && name.startsWith('Adobe')) return 'colour-transform-replaced';
  return marker === 0xe2 && name.startsWith('MPF\0') ? 'further-pictures-lost' : null;
}

function isApplication(marker: number): boolean {
  return (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe;
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function quantisationTables(body: Uint8Array): Uint8Array[] {
  const tables: Uint8Array[] = [];
  for (let at = 0; at + 65 <= body.length && tables.length < 4; ) {
    const wide = (body[at] ?? 0) >> 4 !== 0;
    // A table of 16-bit values belongs to a 12-bit picture or a very coarse one: its high bytes are left aside.
    tables.push(
      wide ? body.subarray(at + 1, at + 129).filter((_, index) => index % 2 === 1) : body.subarray(at + 1, at + 65),
    );
    at += wide ? 129 : 65;
  }
  return tables;
}

function subsamplingOf(frame: Uint8Array): JpegParts['subsampling'] {
  const factors = Array.from({ length: Math.min(4, frame[5] ?? 0) }, (_, index) => frame[7 + index * 3] ?? 0);
  const [luma, ...chroma] = factors;
  if (chroma.some((factor) => factor !== 0x11)) return 'other';
  return luma === 0x22 ? '4:2:0' : luma === 0x11 ? '4:4:4' : 'other';
}

/** Luminance table of T.81 Annex K.1, which libjpeg scales by quality. Sums do not depend on the order. */
const annexK = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
  87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
];

/** The lowest quality whose luminance steps are, in sum, not coarser than the file's. */
function qualityOf(tables: readonly Uint8Array[]): number {
  const [luma] = tables;
  if (!luma || luma.length < 64) return 90;
  const steps = sum(luma);
  for (let quality = 1; quality <= 100; quality += 1) {
    const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
    const scaled = annexK.map((step) => Math.min(255, Math.max(1, Math.floor((step * scale + 50) / 100))));
    if (sum(scaled) <= steps) return quality;
  }
  return 100;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

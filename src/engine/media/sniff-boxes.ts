import type { MediaKind } from '../../contract/screening.ts';
import { boxAt, eachBox } from '../labels/containers/boxes.ts';
import { latin1 } from '../labels/containers/integers.ts';
import type { ByteSource } from './bytes.ts';
import { image, type Sniffed } from './sniffed.ts';

/** ISO media (ISO 14496-12) and QuickTime files: MP4 and its kin, HEIF pictures. */
export function sniffBoxes(source: ByteSource, head: Uint8Array): Sniffed | null {
  if (!boxTypesAtStart.has(latin1(head, 4, 8))) return null;
  let brands: string[] | null = null;
  let kind: MediaKind | null = null;
  let boxes = 0;
  for (const box of eachBox(source, 0, source.size)) {
    if (++boxes > maxTopBoxes) break;
    // Junk instead of a second box: a bare `free` or `skip` at the start is not enough to believe the file.
    if (!/^[\x20-\x7e\xa9]{4}$/.test(box.type)) break;
    if (box.type === 'ftyp' && !brands) {
      const body = source.read(box.bodyStart, Math.min(box.end - box.bodyStart, 4096));
      brands = [];
      for (let at = 0; at + 4 <= body.length; at += 4) if (at !== 4) brands.push(latin1(body, at, at + 4));
      if (stillBrands(brands)) break;
    }
    if (box.type === 'moov') {
      kind = kindOfMovie(source, box.bodyStart, box.end);
      if (brands || kind) break;
    }
  }
  if (brands) return byBrand(brands, kind);
  const first = boxAt(source, 0, source.size);
  if (!first) return null;
  // Segments of fragmented files have no brand of their own.
  if (['styp', 'moof', 'sidx'].includes(first.type)) return movie('mp4', kind);
  // QuickTime before 2001 had no ftyp.
  if (kind || (boxes > 1 && first.type !== 'free' && first.type !== 'skip')) return movie('mov', kind);
  return null;
}

function byBrand(brands: string[], kind: MediaKind | null): Sniffed | null {
  const [major = ''] = brands;
  if (otherBrands.has(major)) return null;
  const still = stillBrands(brands);
  if (still) return still;
  if (major === 'qt  ') return movie('mov', kind);
  if (/^M4V/.test(major)) return movie('m4v', kind);
  if (/^(M4[ABP]|F4[AB]) $/.test(major)) {
    return { format: 'm4a', kind: kind ?? 'audio', mime: 'audio/mp4' };
  }
  // A major brand nobody registered says nothing; QuickTime among the compatible ones does.
  if (!/^(iso|mp4|avc|3g|dash|cmf|MSNV|hvc|f4v|mmp4)/i.test(major) && brands.includes('qt  '))
    return movie('mov', kind);
  return movie('mp4', kind);
}

/** AVIF and HEIF pictures and sequences, by the major brand; the generic `mif1`, `msf1` by the compatible ones (ISO 23008-12 10). */
function stillBrands(brands: string[]): Sniffed | null {
  const [major = ''] = brands;
  if (avifBrands.has(major)) return image('avif', 'image/avif');
  if (heicBrands.has(major)) return image('heic', 'image/heic');
  if (!['mif1', 'msf1', 'mif2', 'miaf'].includes(major)) return null;
  return brands.some((brand) => avifBrands.has(brand)) ? image('avif', 'image/avif') : image('heic', 'image/heif');
}

function movie(format: 'mp4' | 'mov' | 'm4v', kind: MediaKind | null): Sniffed {
  const mime = format === 'mov' ? 'video/quicktime' : kind === 'audio' ? 'audio/mp4' : 'video/mp4';
  return { format, kind: kind ?? 'video', mime };
}

/** By the handlers of the tracks; null when there is none of sound or picture. */
function kindOfMovie(source: ByteSource, start: number, end: number): MediaKind | null {
  let kind: MediaKind | null = null;
  let seen = 0;
  for (const track of eachBox(source, start, end)) {
    if (++seen > maxInnerBoxes) break;
    if (track.type !== 'trak') continue;
    const media = firstBox(source, track.bodyStart, track.end, 'mdia');
    const handler = media && firstBox(source, media.bodyStart, media.end, 'hdlr');
    const type = handler ? latin1(source.read(handler.bodyStart, 12), 8, 12) : '';
    if (type === 'vide') return 'video';
    if (type === 'soun') kind = 'audio';
  }
  return kind;
}

function firstBox(source: ByteSource, start: number, end: number, type: string) {
  let seen = 0;
  for (const box of eachBox(source, start, end)) {
    if (box.type === type) return box;
    if (++seen > maxInnerBoxes) return null;
  }
  return null;
}

const maxTopBoxes = 4_096;
const maxInnerBoxes = 4_096;
const boxTypesAtStart = new Set('ftyp moov mdat wide free skip pnot uuid styp moof sidx'.split(' '));
const avifBrands = new Set(['avif', 'avis', 'avio']);
const heicBrands = new Set('heic heix heim heis hevc hevx hevm hevs'.split(' '));
/** ISO media files that hold none of our formats: JPEG 2000, JPEG XL, Canon raw pictures. */
const otherBrands = new Set(['jp2 ', 'jpx ', 'jpm ', 'jpxb', 'mjp2', 'jxl ', 'crx ']);

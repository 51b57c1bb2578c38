import type { MediaFormat } from '../../../contract/screening.ts';

/**
 * Whether a label stands where the TC260 practice guides (20257A video, 20258A text, 20259A image, 202510A audio) want it:
 * - `place-named`: a guide names this place for this container
 * - `place-tolerated`: seen in real files, or the general XMP form in a container whose guide names another place
 * - `place-not-named`: somewhere else
 * - `container-not-covered`: no guide says anything about this container
 */
export type PlaceJudgement = 'place-named' | 'place-tolerated' | 'place-not-named' | 'container-not-covered';

/** `location` as in `Place.location`; `key` is the entry's own name, which decides for EXIF. */
export function judgePlace(format: MediaFormat, location: string, key: string): PlaceJudgement {
  const rule = rules[format];
  if (!rule) return 'container-not-covered';
  const place = location.replace(/^jpeg\.app\d+$/, 'jpeg.appN');
  const asWritten = place.endsWith('.exif') ? `${place}:${key}` : place;
  if (rule.named.includes(asWritten)) return 'place-named';
  if (rule.tolerated.includes(asWritten) || location.endsWith('.xmp')) return 'place-tolerated';
  return 'place-not-named';
}

interface PlaceRule {
  named: readonly string[];
  tolerated: readonly string[];
}

const isoVideo: PlaceRule = {
  named: ['bmff.moov.udta.meta.mdta'],
  // XMP in a `uuid` box, a literal `aigc` box, and what the Doubao application for iOS writes.
  tolerated: ['bmff.aigc', 'bmff.moov.meta', 'bmff.moov.udta.meta.keyless'],
};
const vorbis = (name: 'flac' | 'ogg'): PlaceRule => ({ named: [`${name}.vorbis-comment`], tolerated: [] });
const heif: PlaceRule = { named: ['heif.xmp'], tolerated: ['heif.exif:UserComment', 'heif.exif:ImageDescription'] };
const matroska: PlaceRule = { named: ['matroska.tags'], tolerated: [] };

/** Regulation catalogue, section 5.3 "where it is stored". */
const rules: { [format in MediaFormat]?: PlaceRule } = {
  jpeg: {
    named: ['jpeg.app1.xmp', 'jpeg.app1.exif:UserComment'],
    tolerated: ['jpeg.app1.exif:ImageDescription', 'jpeg.appN'],
  },
  png: { named: ['png.itxt.xmp', 'png.text'], tolerated: ['png.exif:UserComment', 'png.exif:ImageDescription'] },
  webp: { named: ['webp.xmp'], tolerated: ['webp.exif:UserComment', 'webp.exif:ImageDescription'] },
  tiff: { named: ['tiff.xmp'], tolerated: ['tiff.exif:UserComment', 'tiff.exif:ImageDescription'] },
  gif: { named: ['gif.xmp'], tolerated: [] },
  heic: heif,
  avif: heif,
  mp4: isoVideo,
  mov: isoVideo,
  m4v: isoVideo,
  m4a: isoVideo,
  mkv: matroska,
  webm: matroska,
  flv: { named: ['flv.onmetadata'], tolerated: [] },
  avi: { named: ['avi.info'], tolerated: [] },
  wav: { named: ['wav.aigc'], tolerated: [] },
  mp3: { named: ['id3.txxx'], tolerated: [] },
  flac: vorbis('flac'),
  ogg: vorbis('ogg'),
  opus: vorbis('ogg'),
  pdf: { named: ['pdf.info'], tolerated: [] },
  ooxml: { named: ['ooxml.custom'], tolerated: [] },
  markdown: { named: ['markdown.front-matter'], tolerated: [] },
};

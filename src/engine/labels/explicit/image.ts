import sharp, { type Metadata, type Sharp } from 'sharp';
import type { MediaFormat } from '../../../contract/screening.ts';
import { maxImagePixels } from '../../media/image.ts';
import { drawLabel, type Overlay } from './draw.ts';
import { type FaceFinder, scaled, usefulSide } from './faces.ts';
import type { LabelFont } from './glyphs.ts';
import { hideIdentifier } from './hidden.ts';
import { drawIcon, type IconWord } from './icon.ts';
import { readJpegParts, staleReason, withSegmentsOf } from './jpeg-parts.ts';
import { type Box, type LabelPosition, layOut } from './layout.ts';
import { seenSize, toStored } from './orientation.ts';
import { readPngChunks, withChunksOf } from './png-parts.ts';
import { exifDensity, tiffCompression } from './tiff-tags.ts';

/** What is drawn: a text with both elements, or the EU's sign. */
export type ExplicitLabel =
  | { kind: 'text'; texts: readonly string[]; position: LabelPosition }
  | { kind: 'icon'; word: IconWord; arrangement: 'beside' | 'beneath'; position: LabelPosition };

export interface DrawnLabel {
  overlay: Overlay;
  text: string;
  /** Ink height of a line in pixels, and its part of the short side. */
  heightPx: number;
  ratio: number;
  /** Where it stands: elsewhere than asked when it would have covered a face. */
  position: LabelPosition;
  remarks: string[];
}

export type Refused = { status: 'refused'; code: string; subject: string };

export type LabelledImage =
  | ({ status: 'labelled'; bytes: Uint8Array; lost: string[] } & Omit<DrawnLabel, 'overlay'> & { box: Box })
  | Refused;

/** Draws the label for a picture or film of that size as it is seen, away from `faces` where that can be. */
export async function drawFor(
  size: { width: number; height: number },
  label: ExplicitLabel,
  faces: readonly Box[],
  font: LabelFont,
): Promise<DrawnLabel | Refused> {
  if (label.kind === 'icon') {
    const icon = await drawIcon({ ...size, ...label, avoid: faces }, font);
    if (!icon) return { status: 'refused', code: 'picture-too-small', subject: `${size.width} × ${size.height}` };
    return { ...icon, text: label.word === null ? 'AI' : `AI ${label.word}` };
  }
  const layout = layOut({ ...size, ...label, avoid: faces }, font);
  if (layout.status === 'refused') return layout;
  const { text, heightPx, ratio, position, remarks } = layout;
  return { overlay: await drawLabel(layout), text, heightPx, ratio, position, remarks: [...remarks] };
}

/**
 * A picture with a label drawn on it, in the same format: upright as it is seen, with its metadata, profile, depth, transparency
 * and frames. `lost` names what could not be kept. Pixels outside the label change only as far as the format's compression does that.
 */
export async function labelImage(
  bytes: Uint8Array,
  format: MediaFormat,
  label: ExplicitLabel,
  font: LabelFont,
  findFaces: FaceFinder | null = null,
): Promise<LabelledImage> {
  const made = await rewriteImage(bytes, format, { label, findFaces, identifier: null }, font);
  if (made.status === 'refused') return made;
  const { drawn, bytes: written, lost } = made;
  if (!drawn) throw new Error('a label that was asked for was not drawn');
  return { status: 'labelled', bytes: written, lost, ...drawn };
}

export interface RewrittenImage {
  status: 'rewritten';
  bytes: Uint8Array;
  lost: string[];
  /** Null where no label was drawn. */
  drawn: (Omit<DrawnLabel, 'overlay'> & { box: Box }) | null;
}

/** As `labelImage`, with a label drawn, an identifier hidden, or both, in one encoding. */
export async function rewriteImage(
  bytes: Uint8Array,
  format: MediaFormat,
  what: { label: ExplicitLabel | null; findFaces: FaceFinder | null; identifier: bigint | null },
  font: LabelFont,
): Promise<RewrittenImage | Refused> {
  const write = writers[format];
  if (!write) return { status: 'refused', code: 'picture-format-not-written', subject: format };
  const source = await inspect(bytes);
  if ('status' in source) return source;
  const stop = refusal(source) ?? (what.identifier === null ? null : refusalToHide(source));
  if (stop) return stop;

  const orientation = source.meta.orientation ?? 1;
  const stored = { width: source.meta.width, height: source.meta.pageHeight ?? source.meta.height };
  const seen = seenSize(stored, orientation);
  const faces = what.label && what.findFaces ? await facesOf(source, seen, what.findFaces) : [];
  const drawn = what.label ? await drawFor(seen, what.label, faces, font) : null;
  if (drawn && 'status' in drawn) return drawn;
  const overlay = drawn ? toStored(drawn.overlay, stored, orientation) : null;
  let picture = await compose(source, overlay, stored);
  if (what.identifier !== null) {
    const hidden = await hideIdentifier(picture, what.identifier, overlay !== null);
    if (hidden.status === 'refused') return hidden;
    picture = hidden.picture;
  }
  const written = await write(picture, source);
  return { status: 'rewritten', drawn: drawn ? described(drawn) : null, ...written };
}

/** Faces of a picture's first frame, in pixels of the picture as it is seen. */
async function facesOf({ bytes }: Source, seen: { width: number; height: number }, find: FaceFinder): Promise<Box[]> {
  const { data, info } = await sharp(bytes, { limitInputPixels: maxImagePixels })
    .autoOrient()
    .toColourspace('srgb')
    .flatten({ background: '#808080' })
    .resize({ width: usefulSide, height: usefulSide, fit: 'inside', withoutEnlargement: true })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return (await find({ data, width: info.width, height: info.height })).map((box) =>
    scaled(box, seen.width / info.width),
  );
}

function described({ overlay, ...about }: DrawnLabel): RewrittenImage['drawn'] {
  const { left, top, width, height } = overlay;
  return { ...about, box: { left, top, width, height } };
}

/** The mark is made for eight bits and for one picture. */
function refusalToHide({ meta }: Source): Refused | null {
  if (meta.depth !== 'uchar') return { status: 'refused', code: 'watermark-depth', subject: String(meta.depth) };
  if ((meta.pages ?? 1) > 1) return { status: 'refused', code: 'watermark-frames', subject: String(meta.pages) };
  return null;
}

interface Source {
  bytes: Uint8Array;
  meta: Metadata;
  open(): Sharp;
}

async function inspect(bytes: Uint8Array): Promise<Source | Refused> {
  const open = () => sharp(bytes, { limitInputPixels: maxImagePixels, animated: true, failOn: 'error' });
  try {
    return { bytes, meta: await open().metadata(), open };
  } catch {
    return { status: 'refused', code: 'picture-not-decodable', subject: '' };
  }
}

function refusal({ bytes, meta }: Source): Refused | null {
  if (meta.format === 'png' && readPngChunks(bytes)?.some(({ name }) => name === 'acTL'))
    return { status: 'refused', code: 'animated-png-not-written', subject: 'APNG' };
  // Through RGB and back every printed colour would change.
  if (meta.space === 'cmyk') return { status: 'refused', code: 'printing-colours-not-written', subject: 'CMYK' };
  return null;
}

/** Keeps 16 bits, grey and missing transparency as they were: the overlay is RGBA and would turn all of them into 8-bit RGBA. */
async function compose(
  { open, meta }: Source,
  overlay: Overlay | null,
  stored: { width: number; height: number },
): Promise<Sharp> {
  const wide = meta.depth === 'ushort';
  const grey = meta.space === 'b-w' || meta.space === 'grey16';
  let picture = open().keepMetadata();
  // Composing forgets the resolution, and the encoder would then write another one into EXIF.
  const density = meta.density ?? (meta.exif ? exifDensity(meta.exif) : null);
  if (density) picture = picture.withDensity(density);
  if (wide) picture = picture.pipelineColourspace('rgb16');
  const raw = overlay ? { width: overlay.width, height: overlay.height, channels: 4 as const } : null;
  if (overlay && raw && (meta.pages ?? 1) > 1) {
    // One overlay as large as a frame, repeated down the column of frames in which sharp holds them.
    const frame = await sharp({ create: { ...stored, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
      .composite([{ input: overlay.rgba, raw, left: overlay.left, top: overlay.top }])
      .raw()
      .toBuffer();
    picture = picture.composite([{ input: frame, raw: { ...stored, channels: 4 }, tile: true, left: 0, top: 0 }]);
  } else if (overlay && raw)
    picture = picture.composite([{ input: overlay.rgba, raw, left: overlay.left, top: overlay.top }]);
  if (!meta.hasAlpha) picture = picture.removeAlpha();
  if (grey) return picture.toColourspace(wide ? 'grey16' : 'b-w');
  return wide ? picture.toColourspace('rgb16') : picture;
}

type Write = (picture: Sharp, source: Source) => Promise<{ bytes: Uint8Array; lost: string[] }>;

/** Formats that are written; HEIC is not among them, for want of a free encoder in sharp. */
const writers: { readonly [format in MediaFormat]?: Write } = {
  jpeg: writeJpeg,
  png: writePng,
  webp: writeWebp,
  gif: writeGif,
  tiff: writeTiff,
  avif: writeAvif,
};

async function writeJpeg(picture: Sharp, { bytes, meta }: Source) {
  const parts = readJpegParts(bytes);
  if (!parts) throw new Error('a JPEG that was decoded has no readable header');
  const chromaSubsampling = parts.subsampling === '4:2:0' ? '4:2:0' : '4:4:4';
  const encoded = await picture
    .jpeg({ quality: parts.quality, chromaSubsampling, progressive: parts.progressive, optimiseCoding: true })
    .toBuffer();
  const lost = parts.segments.flatMap((segment) => staleReason(segment) ?? []);
  if (parts.subsampling === 'other' && meta.space !== 'b-w') lost.push('colour-sampling-made-finer');
  if (parts.arithmetic) lost.push('arithmetic-coding-lost');
  if (parts.trailing > 0) lost.push('trailing-data-lost');
  return { bytes: withSegmentsOf(parts, encoded), lost: once(lost, 'colour-transform-replaced') };
}

async function writePng(picture: Sharp, { bytes, meta }: Source) {
  const original = readPngChunks(bytes);
  const encoded = readPngChunks(
    await picture
      .png({ compressionLevel: 7, adaptiveFiltering: true, palette: false, progressive: meta.isProgressive ?? false })
      .toBuffer(),
  );
  if (!original || !encoded) throw new Error('a PNG that was decoded has no readable chunks');
  const lost: string[] = [];
  if (meta.isPalette) lost.push('palette-became-full-colour');
  if (original.some(({ name }) => name === 'caBX')) lost.push('content-credentials-removed');
  return { bytes: withChunksOf(original, encoded), lost };
}

async function writeWebp(picture: Sharp, { bytes, meta }: Source) {
  const { loop, delay } = meta;
  const timing = { ...(loop === undefined ? {} : { loop }), ...(delay === undefined ? {} : { delay }) };
  const lost = hasWebpManifest(bytes) ? ['content-credentials-removed'] : [];
  // VP8L is the lossless stream of WebP (RFC 9649 2.6).
  if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('VP8L'))
    return { bytes: await picture.webp({ lossless: true, ...timing }).toBuffer(), lost };
  const encode = (quality: number) =>
    picture
      .clone()
      .webp({ quality, ...timing })
      .toBuffer();
  return { ...(await atOldSize(encode, bytes.length, meta)), lost };
}

async function writeGif(picture: Sharp, { bytes, meta }: Source) {
  const { loop, delay } = meta;
  const encoded = await picture
    .gif({
      reuse: false,
      effort: 8,
      ...(loop === undefined ? {} : { loop }),
      ...(delay === undefined ? {} : { delay }),
    })
    .toBuffer();
  const extensions = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const lost = ['palette-rebuilt'];
  if (extensions.includes('XMP DataXMP') || extensions.includes(Buffer.from([0x21, 0xfe])))
    lost.push('gif-metadata-lost');
  return { bytes: encoded, lost };
}

async function writeTiff(picture: Sharp, { bytes, meta }: Source) {
  const original = tiffCompression(bytes);
  const compression = original ?? 'deflate';
  const resolution = meta.density ? { xres: meta.density / 25.4, yres: meta.density / 25.4 } : {};
  const encoded = await picture.tiff({ compression, quality: 95, predictor: 'horizontal', ...resolution }).toBuffer();
  return { bytes: encoded, lost: ['private-tags-lost', ...(original === null ? ['compression-changed'] : [])] };
}

async function writeAvif(picture: Sharp, { bytes, meta }: Source) {
  const chromaSubsampling = meta.chromaSubsampling === '4:2:0' ? '4:2:0' : '4:4:4';
  const encode = (quality: number) => picture.clone().avif({ quality, chromaSubsampling, effort: 3 }).toBuffer();
  const lost = (meta.bitsPerSample ?? 8) > 8 ? ['bit-depth-reduced'] : [];
  return { ...(await atOldSize(encode, bytes.length, meta)), lost };
}

/** Where a file does not tell its quality: the lowest quality that spends as many bytes as the original did. */
async function atOldSize(encode: (quality: number) => Promise<Buffer>, bytes: number, { width, height }: Metadata) {
  if (width * height > searchedPixels) return { bytes: await encode(90) };
  let [low, high] = [40, 98];
  let best = await encode(high);
  while (high - low > 3) {
    const quality = Math.round((low + high) / 2);
    const tried = await encode(quality);
    if (tried.length >= bytes) {
      best = tried;
      high = quality;
    } else low = quality;
  }
  return { bytes: best };
}

/** Above this one encoding takes seconds, and the search would take half a minute. */
const searchedPixels = 3_000_000;

function hasWebpManifest(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('C2PA');
}

function once(codes: readonly string[], harmless: string): string[] {
  return [...new Set(codes)].filter((code) => code !== harmless);
}

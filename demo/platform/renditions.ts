import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { LabellingTools } from '../../src/features/labelling/request.ts';
import type { Credentials, Declared } from './credentials.ts';
import type { Gaps } from './gaps.ts';
import { type Accepted, maxPixels } from './intake.ts';
import { type Label, writeLabel } from './labels.ts';
import { ffmpeg, inputOf } from './programs.ts';

export interface Rendition {
  name: string;
  path: string;
  contentType: string;
}

export interface Publishing {
  /** Of the item alone. */
  folder: string;
  /** Null for what has no sign. */
  label: Label | null;
  /** The upload carries a C2PA manifest that a label would break. */
  manifest: boolean;
  /** That manifest holds: renditions get one of their own, with it as their parent. */
  renew: { said: Declared; credentials: Credentials } | null;
  gaps: Gaps;
  tools: LabellingTools;
}

/** What the public gets of an upload, in the order in which it is listed. The upload itself becomes the first of them. */
export async function makeRenditions(upload: Accepted, publishing: Publishing): Promise<Rendition[]> {
  const { folder, gaps, label, manifest, renew } = publishing;
  const isChanged = manifest && (label !== null || gaps.has('credentials-stripped'));
  const source = isChanged ? await withoutManifest(upload, publishing) : upload;
  const renditions = await makeEach(source, publishing);
  // An upload that nobody changed keeps its own manifest.
  const parent = isChanged ? upload.path : join(folder, 'original.published');
  for (const path of new Set(renditions.map((one) => one.path)))
    if (path !== parent) await renew?.credentials.sign(path, parent, renew.said);
  if (isChanged) await rm(upload.path);
  return renditions;
}

function makeEach(source: Accepted, publishing: Publishing): Promise<Rendition[]> {
  switch (source.kind) {
    case 'image':
      return makePictures(source, publishing);
    case 'video':
      return makeFilms(source, publishing);
    case 'audio':
      return makeSounds(source, publishing);
  }
}

type Picture = Extract<Accepted, { kind: 'image' }>;
type Film = Extract<Accepted, { kind: 'video' }>;
type Sound = Extract<Accepted, { kind: 'audio' }>;

async function makePictures(upload: Picture, publishing: Publishing): Promise<Rendition[]> {
  const { folder, gaps, label } = publishing;
  const picture = sharp(upload.path, { limitInputPixels: maxPixels });
  const { width, height, orientation = 1 } = await picture.metadata();
  const fits = upload.format === 'jpeg' && Math.max(width, height) <= webPixels && orientation === 1;
  const [web, preview] = [join(folder, 'web'), join(folder, 'preview')];
  await picture.clone().autoOrient().resize(within(previewPixels)).jpeg().toFile(preview);
  if (!fits) await picture.clone().autoOrient().resize(within(webPixels)).jpeg().toFile(web);
  const original = await publish('original', upload.path, upload.contentType, publishing);
  return [
    original,
    // A small JPEG is its own web rendition.
    fits ? { ...original, name: 'web' } : await publish('web', web, 'image/jpeg', publishing),
    await publish('preview', preview, 'image/jpeg', {
      ...publishing,
      label: gaps.has('preview-unlabelled') ? null : label,
    }),
  ];
}

async function makeFilms(upload: Film, publishing: Publishing): Promise<Rendition[]> {
  const { folder, gaps, label } = publishing;
  const [web, poster] = [join(folder, 'web'), join(folder, 'preview')];
  await ffmpeg([
    ...inputOf(upload),
    ...['-map', '0:v:0', '-map', '0:a:0?', '-map_metadata', '-1', '-vf', upTo480, '-pix_fmt', 'yuv420p'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-threads', '1', '-c:a', 'aac', '-movflags', '+faststart'],
    ...['-f', 'mp4', web],
    ...['-map', '0:v:0', '-map_metadata', '-1', '-frames:v', '1', '-c:v', 'mjpeg', '-f', 'image2', '-update', '1'],
    poster,
  ]);
  return [
    await publish('original', upload.path, upload.contentType, publishing),
    await publish('web', web, 'video/mp4', {
      ...publishing,
      label: gaps.has('transcode-drops-labels') ? null : label,
    }),
    await publish('preview', poster, 'image/jpeg', publishing),
  ];
}

async function makeSounds(upload: Sound, publishing: Publishing): Promise<Rendition[]> {
  const web = join(publishing.folder, 'web');
  if (upload.format !== 'm4a')
    await ffmpeg([...inputOf(upload), '-map', '0:a:0', '-map_metadata', '-1', '-c:a', 'aac', '-f', 'ipod', web]);
  const original = await publish('original', upload.path, upload.contentType, publishing);
  return [
    original,
    upload.format === 'm4a' ? { ...original, name: 'web' } : await publish('web', web, 'audio/mp4', publishing),
  ];
}

/** Encoded or packed anew, without metadata: the old manifest would call the new label a forgery. */
async function withoutManifest(upload: Accepted, { folder }: Publishing): Promise<Accepted> {
  const packed = join(folder, 'packed');
  if (upload.kind === 'image') {
    await sharp(upload.path, { limitInputPixels: maxPixels }).autoOrient().toFormat(upload.format).toFile(packed);
  } else {
    const muxer = { mp4: 'mp4', m4v: 'mp4', mov: 'mov', webm: 'webm', mp3: 'mp3', wav: 'wav', m4a: 'ipod' };
    const copied = ['-map', '0:v?', '-map', '0:a?', '-map_metadata', '-1', '-c', 'copy'];
    await ffmpeg([...inputOf(upload), ...copied, '-f', muxer[upload.format], packed]);
  }
  return { ...upload, path: packed };
}

async function publish(
  name: string,
  draft: string,
  contentType: string,
  { folder, label, tools }: Publishing,
): Promise<Rendition> {
  const path = join(folder, `${name}.published`);
  if (label) {
    await writeLabel(draft, path, label, tools);
    await rm(draft);
  } else await rename(draft, path);
  return { name, path, contentType };
}

const webPixels = 1280;
const previewPixels = 320;

function within(side: number) {
  return { width: side, height: side, fit: 'inside', withoutEnlargement: true } as const;
}

/** Short side at most 480, both sides even. */
const upTo480 = "scale=w='if(gte(iw,ih),-2,2*trunc(min(480,iw)/2))':h='if(gte(iw,ih),2*trunc(min(480,ih)/2),-2)'";

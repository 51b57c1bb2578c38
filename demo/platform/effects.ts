import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { noFields } from '../../src/engine/labels/aigc/compose.ts';
import type { LabellingTools } from '../../src/features/labelling/request.ts';
import { drawExportLabel } from './export-label.ts';
import type { Gaps } from './gaps.ts';
import { maxPixels } from './intake.ts';
import { producerCode, writeLabel } from './labels.ts';
import { ffmpeg } from './programs.ts';
import type { Rendition } from './renditions.ts';
import { cutFace, drawScene, scenePlace, sceneSize } from './scene.ts';

export const exportFormats = ['mp4', 'webm', 'jpeg'] as const;
type ExportFormat = (typeof exportFormats)[number];

const contentTypes: Record<ExportFormat, string> = { mp4: 'video/mp4', webm: 'video/webm', jpeg: 'image/jpeg' };

export interface Swap {
  face: string;
  /** Number and folder of the item that is made. */
  id: string;
  folder: string;
  gaps: Gaps;
  tools: LabellingTools;
}

/** Three seconds of the template with that face, and a still: generated content, so each export carries both labels. */
export async function swapFace(swap: Swap): Promise<Rendition[]> {
  await drawExports(swap);
  const exports: Rendition[] = [];
  for (const format of exportFormats) exports.push(await labelExport(format, swap));
  return exports;
}

async function drawExports({ face, folder, gaps }: Swap): Promise<void> {
  const [scene, cut, label] = await Promise.all([
    drawScene(),
    cutFace(face, maxPixels),
    drawExportLabel(sceneSize, gaps),
  ]);
  const layers = { scene, face: cut, label: label.png };
  for (const [name, png] of Object.entries(layers)) await writeFile(join(folder, `${name}.png`), png);
  const { left, top } = scenePlace;
  await sharp(scene)
    .composite([
      { input: cut, left, top },
      { input: label.png, left: label.left, top: label.top },
    ])
    .jpeg({ quality: 90 })
    .toFile(join(folder, 'jpeg'));
  const shown = label.seconds === null ? '' : `:enable='lt(t,${label.seconds})'`;
  const filter = [
    `[0][1]overlay=x='${left}+6*sin(2*t)':y='${top}+3*sin(3*t)'[swapped]`,
    `[swapped][2]overlay=x=${label.left}:y=${label.top}${shown},format=yuv420p,split[mp4][webm]`,
  ].join(';');
  const layer = (name: string) => ['-loop', '1', '-framerate', '15', '-i', join(folder, `${name}.png`)];
  await ffmpeg([
    ...[...layer('scene'), ...layer('face'), ...layer('label'), '-filter_complex', filter],
    ...['-map', '[mp4]', '-t', '3', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '20'],
    ...['-movflags', '+faststart', '-f', 'mp4', join(folder, 'mp4')],
    ...['-map', '[webm]', '-t', '3', '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'],
    ...['-b:v', '1500k', '-f', 'webm', join(folder, 'webm')],
  ]);
  for (const name of Object.keys(layers)) await rm(join(folder, `${name}.png`));
}

async function labelExport(format: ExportFormat, { id, folder, gaps, tools }: Swap): Promise<Rendition> {
  const draft = join(folder, format);
  const rendition = { name: format, path: `${draft}.published`, contentType: contentTypes[format] };
  if (format === 'webm' && gaps.has('webm-export-unlabelled')) return { ...rendition, path: draft };
  const fields = { ...noFields, ContentProducer: producerCode, ProduceID: id };
  await writeLabel(draft, rendition.path, { level: '1', fields }, tools);
  await rm(draft);
  return rendition;
}

import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import type { Limits } from '../../../box/pool.ts';
import type { LabelPlan } from '../../../contract/labelling.ts';
import type { SampleFormat } from '../../../contract/target.ts';
import { speaker } from '../../../contract/words.ts';
import { labelFile } from '../../labelling/labelling.ts';
import { renderFilm } from './films.ts';
import { drawPicture, withSettings } from './pictures.ts';
import { randomFrom } from './random.ts';
import { formats, type Sample, type Treatment } from './sample.ts';

export interface Wanted {
  treatment: Treatment;
  count: number;
  /** Taken in turn. */
  formats: readonly SampleFormat[];
}

export interface SampleShop {
  folder: string;
  /** The same seed makes the same samples. */
  seed: string;
  /** Of every id: a sample's name is unique in its run. */
  prefix: string;
  tools: Parameters<typeof labelFile>[1];
  limits: Limits;
}

/** Invented, with check characters that hold: labels are compared by it. */
export const sampleProducer = '001191999900MADEM0000D10001';

/** Makes samples, the same for the same seed; labels and traces are written by the labeller that users have. */
export async function makeSamples(wanted: readonly Wanted[], shop: SampleShop, signal: AbortSignal): Promise<Sample[]> {
  const orders = wanted.flatMap(({ treatment, count, formats: kinds }) => {
    const usable = kinds.filter((format) => treatment !== 'traces' || formats[format].traces);
    return Array.from({ length: usable.length === 0 ? 0 : count }, (_, index) => {
      const format = usable[index % usable.length] ?? 'jpeg';
      return { treatment, format, id: `${shop.prefix}-${treatment}-${format}-${String(index + 1).padStart(2, '0')}` };
    });
  });
  return pMap(orders, (order) => makeSample(order, shop), { concurrency: 2, signal });
}

type Order = Pick<Sample, 'id' | 'treatment' | 'format'>;

async function makeSample({ id, treatment, format }: Order, shop: SampleShop): Promise<Sample> {
  const { folder, seed } = shop;
  const { kind } = formats[format];
  const path = join(folder, `${id}.${format}`);
  const random = randomFrom(`${seed}/${id}`);
  if (format === 'jpeg' || format === 'png' || format === 'webp') {
    const drawn = await drawPicture(random, format, treatment === 'genuine');
    await writeFile(path, treatment === 'traces' && format === 'png' ? withSettings(drawn) : drawn);
  } else await renderFilm(random, format, path);
  const produceId = treatment === 'labelled' ? `${seed.slice(0, 8)}-${id}` : null;
  const plan = planFor(treatment, format, produceId);
  if (plan) await writeOver(path, plan, shop);
  const bytes = await readFile(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { id, treatment, format, kind, path, bytes: bytes.length, sha256, produceId };
}

function planFor(treatment: Treatment, format: SampleFormat, produceId: string | null): LabelPlan | null {
  if (produceId !== null) {
    const implicit = {
      mode: 'write' as const,
      label: '1' as const,
      contentProducer: sampleProducer,
      produceId,
      seal: false,
    };
    return { implicit, replace: false };
  }
  // A PNG carries a generator's settings instead.
  if (treatment !== 'traces' || format === 'png') return null;
  return { implicit: null, sourceType: 'trainedAlgorithmicMedia', replace: false };
}

async function writeOver(path: string, plan: LabelPlan, { tools, limits }: SampleShop): Promise<void> {
  const labelled = `${path}.labelled`;
  const request = { input: path, output: labelled, overwrite: true, plan, hashLimit: 0, limits, say: speaker('en') };
  await labelFile(request, tools);
  await rename(labelled, path);
}

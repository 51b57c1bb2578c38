import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import type { Limits } from '../../../box/pool.ts';
import type { LabelPlan } from '../../../contract/labelling.ts';
import type { SampleFormat } from '../../../contract/target.ts';
import { speaker } from '../../../contract/words.ts';
import { labelFile } from '../../labelling/labelling.ts';
import { renderFilm, renderKnown } from './films.ts';
import { drawPicture, withSettings } from './pictures.ts';
import { randomFrom } from './random.ts';
import { formats, type Sample, type Treatment } from './sample.ts';
import { throwawaySigner } from './throwaway-signer.ts';

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
  /** When the run began: its throw-away certificate is valid from then on. */
  begunAt: Date;
}

/** Invented, with check characters that hold: labels are compared by it. */
export const sampleProducer = '001191999900MADEM0000D10001';

/** Makes samples, the same for the same seed; labels and traces are written by the labeller that users have. */
export async function makeSamples(wanted: readonly Wanted[], shop: SampleShop, signal: AbortSignal): Promise<Sample[]> {
  const orders = wanted.flatMap(({ treatment, count, formats: kinds }) => {
    const usable = kinds.filter((format) => takes(format, treatment));
    return Array.from({ length: usable.length === 0 ? 0 : count }, (_, index) => {
      const format = usable[index % usable.length] ?? 'jpeg';
      return { treatment, format, id: `${shop.prefix}-${treatment}-${format}-${String(index + 1).padStart(2, '0')}` };
    });
  });
  return pMap(orders, (order) => makeSample(order, shop), { concurrency: 2, signal });
}

function takes(format: SampleFormat, treatment: Treatment): boolean {
  if (treatment === 'traces') return formats[format].traces;
  return treatment !== 'credentials' || formats[format].credentials;
}

type Order = Pick<Sample, 'id' | 'format'> & { treatment: Treatment };

async function makeSample({ id, treatment, format }: Order, shop: SampleShop): Promise<Sample> {
  const { folder, seed } = shop;
  const { kind } = formats[format];
  const path = join(folder, `${id}.${format}`);
  const random = randomFrom(`${seed}/${id}`);
  if (format === 'jpeg' || format === 'png' || format === 'webp') {
    const drawn = await drawPicture(random, format, treatment === 'genuine');
    await writeFile(path, treatment === 'traces' && format === 'png' ? withSettings(drawn) : drawn);
  } else await (treatment === 'known' ? renderKnown : renderFilm)(random, format, path);
  const produceId = treatment === 'labelled' ? `${seed.slice(0, 8)}-${id}` : null;
  const plan = planFor(treatment, format, produceId);
  const manifest = plan ? await writeOver(path, plan, shop) : null;
  const bytes = await readFile(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { id, treatment, format, kind, path, bytes: bytes.length, sha256, produceId, manifest };
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
  // The declaration stands in the manifest alone, so that nothing else can be mistaken for it.
  if (treatment === 'credentials')
    return { implicit: null, replace: false, credentials: { system: 'Sample Generator' } };
  // A PNG carries a generator's settings instead.
  if (treatment !== 'traces' || format === 'png') return null;
  return { implicit: null, sourceType: 'trainedAlgorithmicMedia', replace: false };
}

/** The name of the manifest, where one was written. */
async function writeOver(
  path: string,
  plan: LabelPlan,
  { seed, begunAt, tools, limits }: SampleShop,
): Promise<string | null> {
  const labelled = `${path}.labelled`;
  const request = { input: path, output: labelled, overwrite: true, plan, hashLimit: 0, limits, say: speaker('en') };
  const signing = throwawaySigner(seed, { name: 'Clearmirror samples', at: begunAt });
  const { steps } = await labelFile(request, plan.credentials ? { ...tools, signing } : tools);
  await rename(labelled, path);
  return steps.flatMap((step) => (step.step === 'credentials' ? [step.manifest] : []))[0] ?? null;
}

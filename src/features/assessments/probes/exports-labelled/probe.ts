import { createHash } from 'node:crypto';
import { renditionsIn, uploadOf } from '../../publishing.ts';
import { readJson } from '../../target/service.ts';
import type { Probe } from '../probe.ts';
import { judgeExport } from './judge.ts';

/** Lets a generating function work, and measures the labels of every format that it offers. */
export const exportsLabelled: Probe = {
  id: 'exports-labelled',
  impact: 'misleads',
  reaches: {
    'CNLB-2': 'settles',
    'CNLB-3': 'settles',
    'GB-X0': 'settles',
    'GB-X2': 'settles',
    'GB-X3': 'settles',
    'GB-X4': 'settles',
    'GB-M1': 'settles',
    'GB-M2': 'settles',
    'GB-M3': 'settles',
  },
  lacks: ({ effects }) => (effects && effects.length > 0 ? null : 'effects'),
  // An export takes seconds to make and to measure: a few say as much.
  wants: (_target, samples) => [
    { treatment: 'genuine', count: Math.max(2, Math.round(samples * 0.02)), formats: ['jpeg'] },
  ],
  run: async (bench) => {
    for (const effect of bench.service.target.effects ?? []) {
      for (const sample of bench.samples) {
        const key = `${effect.name}/${sample.id}`;
        await bench.unit(key, { sample, subject: effect.name }, async () => {
          const answer = await bench.service.ask(effect.request, {}, { upload: await uploadOf(sample) });
          const offered = renditionsIn(effect.exports, readJson(answer));
          const judged = offered.map(async ({ name, url }) => {
            const { bytes } = await bench.service.get(url, maxExportBytes);
            const sha256 = createHash('sha256').update(bytes).digest('hex');
            const seen = await bench.look(bytes, { explicit: true });
            return judgeExport(`${effect.name}/${name}`, seen).map((one) => ({ ...one, url, sha256 }));
          });
          return (await Promise.all(judged)).flat();
        });
      }
    }
  },
};

const maxExportBytes = 256 * 1024 * 1024;

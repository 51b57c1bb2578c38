import { readFile } from 'node:fs/promises';
import { valuesFor } from '../../publishing.ts';
import type { Sample } from '../../samples/sample.ts';
import { TargetFailure } from '../../target/failure.ts';
import { readJson, textAt } from '../../target/service.ts';
import type { Probe, ProbeBench, Seeing } from '../probe.ts';
import { badUploads } from './bodies.ts';
import { judgeRefusal } from './judge.ts';

/** Sends what no decoder can read, and looks whether the service still stands afterwards. */
export const malformed: Probe = {
  id: 'malformed',
  impact: 'weakens',
  reaches: { 'CN18-E0': 'supports' },
  lacks: ({ publish, item }) => (publish ? (item ? null : 'item') : 'publish'),
  wants: ({ publish }) => {
    const film = publish?.formats.includes('mp4') ? ['mp4' as const] : [];
    return [{ treatment: 'genuine', count: 2 * (1 + film.length), formats: ['jpeg', ...film] }];
  },
  run: async (bench) => {
    const bytesOf = async (format: string) => {
      const sample = bench.samples.find((one) => one.format === format);
      return sample ? readFile(sample.path) : null;
    };
    const [before, after] = bench.samples.filter(({ format }) => format === 'jpeg');
    const jpeg = (await bytesOf('jpeg')) ?? Buffer.alloc(0);
    const { maxMegabytes } = bench.service.target.publish ?? {};
    const maxBytes = maxMegabytes === undefined ? null : Math.round(maxMegabytes * 1024 * 1024);
    for (const upload of badUploads({ jpeg, mp4: await bytesOf('mp4') }, maxBytes))
      await bench.unit(upload.subject, { sample: null, subject: upload.subject }, async () => {
        // Where nothing can be published, a refusal says nothing about broken files.
        if (before) await bench.publish(before);
        return send(bench, upload);
      });
    await bench.unit('after', { sample: after ?? null, subject: 'still-there' }, async () => {
      if (before) await bench.publish(before);
      return after ? lookAfter(bench, after) : [];
    });
  },
};

async function send({ service, took }: ProbeBench, upload: ReturnType<typeof badUploads>[number]): Promise<Seeing[]> {
  const { publish } = service.target;
  if (!publish) throw new Error('asked for what the target does not describe');
  const values = valuesFor({ treatment: 'genuine' }, publish);
  try {
    const answer = await service.ask(publish.request, values, { upload });
    if (answer.status >= 200 && answer.status < 300) {
      const item = textAt(publish.item, readJson(answer));
      if (item !== null) await took(`malformed-${upload.subject}`, item, 'usual');
    }
    return [judgeRefusal(upload.subject, answer.status, answer.ms)];
  } catch (error) {
    if (!(error instanceof TargetFailure) || error.code !== 'too-slow') throw error;
    const about = { subject: upload.subject, requirements: ['CN18-E0'], params: error.params };
    return [{ ...about, outcome: 'lost', code: 'malformed-hangs' }];
  }
}

async function lookAfter(bench: ProbeBench, sample: Sample): Promise<Seeing[]> {
  const about = { subject: 'still-there', requirements: ['CN18-E0'] };
  try {
    await bench.publish(sample);
    return [{ ...about, outcome: 'kept', code: 'service-still-there' }];
  } catch (error) {
    if (!(error instanceof TargetFailure)) throw error;
    return [{ ...about, outcome: 'lost', code: 'service-gone', params: { reason: error.code } }];
  }
}

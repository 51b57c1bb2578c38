import { uploadOf, valuesFor } from '../../publishing.ts';
import { readJson, requiredAt } from '../../target/service.ts';
import type { Probe, Seeing } from '../probe.ts';

/** Tries to publish as somebody whose identity nobody verified. */
export const identity: Probe = {
  id: 'identity',
  impact: 'hinders',
  reaches: { 'CN18-E2': 'supports', 'CN19-3': 'settles', 'CNDS-3': 'settles' },
  lacks: ({ publish, unidentified }) => (publish ? (unidentified ? null : 'unidentified') : 'publish'),
  wants: ({ publish }) => [
    { treatment: 'genuine', count: Math.min(3, publish?.formats.length ?? 0), formats: publish?.formats ?? [] },
  ],
  run: async (bench) => {
    const { publish, unidentified } = bench.service.target;
    if (!publish || !unidentified) throw new Error('asked for what the target does not describe');
    for (const sample of bench.samples) {
      await bench.unit(sample.id, { sample, subject: 'publishing' }, async () => {
        const values = valuesFor(sample, publish);
        const upload = await uploadOf(sample);
        const answer = await bench.service.ask(publish.request, values, { upload, headers: unidentified.headers });
        const { status, url } = answer;
        const about = { subject: 'publishing', requirements: ['CN18-E2', 'CN19-3', 'CNDS-3'], params: { status }, url };
        // A failure of the server refuses nobody.
        if (status >= 500 || (status >= 300 && status < 400)) readJson(answer);
        if (status >= 400) return [{ ...about, outcome: 'kept', code: 'unidentified-refused' } satisfies Seeing];
        bench.took(sample.id, requiredAt(publish.item, readJson(answer)), 'unidentified');
        return [{ ...about, outcome: 'lost', code: 'unidentified-published' } satisfies Seeing];
      });
    }
  },
};

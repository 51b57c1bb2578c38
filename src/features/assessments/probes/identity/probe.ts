import { uploadOf, valuesFor } from '../../publishing.ts';
import { readJson, requiredAt } from '../../target/service.ts';
import type { Probe, Seeing } from '../probe.ts';

/** Tries to publish as somebody whose identity nobody verified. */
export const identity: Probe = {
  id: 'identity',
  impact: 'hinders',
  reaches: { 'CN18-E2': 'supports', 'CN19-3': 'settles', 'CNDS-3': 'settles' },
  lacks: ({ publish, unidentified }) => (publish ? (unidentified ? null : 'unidentified') : 'publish'),
  wants: ({ publish }) => [{ treatment: 'genuine', count: publish ? 4 : 0, formats: publish?.formats ?? [] }],
  run: async (bench) => {
    const { publish, unidentified } = bench.service.target;
    if (!publish || !unidentified) throw new Error('asked for what the target does not describe');
    const [control, ...others] = bench.samples;
    for (const sample of others) {
      await bench.unit(sample.id, { sample, subject: 'publishing' }, async () => {
        // Where nobody can publish, a refusal says nothing.
        if (control) await bench.publish(control);
        const values = valuesFor(sample, publish);
        const upload = await uploadOf(sample);
        const answer = await bench.service.ask(publish.request, values, { upload, headers: unidentified.headers });
        const { status, url } = answer;
        const about = { subject: 'publishing', requirements: ['CN18-E2', 'CN19-3', 'CNDS-3'], params: { status }, url };
        if (status === 401 || status === 403)
          return [{ ...about, outcome: 'kept', code: 'unidentified-refused' } satisfies Seeing];
        // Anything else that is no success (too many requests, a failure of the server) is not about who asks.
        await bench.took(sample.id, requiredAt(publish.item, readJson(answer)), 'unidentified');
        return [{ ...about, outcome: 'lost', code: 'unidentified-published' } satisfies Seeing];
      });
    }
  },
};

import { logFields } from '../../../../contract/target.ts';
import { allAt, textAt } from '../../target/service.ts';
import type { Probe } from '../probe.ts';
import { judgeFields, judgeReach, type LogEntry } from './judge.ts';

/** Publishes something, and reads what the service wrote down about it and about others before. */
export const logs: Probe = {
  id: 'logs',
  impact: 'hinders',
  reaches: { 'CN18-E3': 'supports', 'CN18-E3-min': 'settles' },
  lacks: (target) => (target.logs ? null : 'logs'),
  wants: ({ publish }) => (publish ? [{ treatment: 'genuine', count: 1, formats: publish.formats.slice(0, 1) }] : []),
  run: async (bench) => {
    const { logs: described } = bench.service.target;
    if (!described) throw new Error('asked for logs that the target does not describe');
    const [sample] = bench.samples;
    const begun = bench.now().getTime();
    if (sample) await bench.publish(sample).catch(() => null);
    const read = async (request = described.request): Promise<LogEntry[]> => {
      const answer = await bench.service.askJson(request);
      return allAt(described.each, answer).map((entry) =>
        Object.fromEntries(
          logFields.flatMap((field) => {
            const path = described.fields[field];
            return path === undefined ? [] : [[field, textAt(path, entry)]];
          }),
        ),
      );
    };
    await bench.unit('fields', { sample: sample ?? null, subject: 'fields' }, async () => {
      const entries = await read();
      const own = entries.some((entry) => timeOf(entry) >= begun - 5_000);
      const recorded = { subject: 'own-publication', requirements: ['CN18-E3'] };
      return [
        ...judgeFields(entries.slice(0, entriesLookedAt)),
        ...(sample ? [{ ...recorded, ...(own ? recordedThere : recordedNot) }] : []),
      ];
    });
    await bench.unit('reach', { sample: null, subject: 'reach' }, async () => {
      const times = (await read(described.oldest)).map(timeOf).filter((time) => !Number.isNaN(time));
      const oldest = times.length === 0 ? null : times.reduce((least, time) => Math.min(least, time));
      return [judgeReach(oldest, described.days, bench.now().getTime())];
    });
  },
};

const entriesLookedAt = 50;
const recordedThere = { outcome: 'kept', code: 'log-own-recorded' } as const;
const recordedNot = { outcome: 'lost', code: 'log-own-missing' } as const;

function timeOf({ time }: LogEntry): number {
  return time === null || time === undefined ? Number.NaN : Date.parse(time);
}

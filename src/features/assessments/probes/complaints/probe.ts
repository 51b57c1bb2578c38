import { allAt, type Json, readJson, textAt } from '../../target/service.ts';
import type { Probe, ProbeBench, Seeing } from '../probe.ts';
import { type ComplaintTimes, judgeChannel, judgeComplaint } from './judge.ts';

/** Complains as a stranger would, and reads in the records how long people waited. */
export const complaints: Probe = {
  id: 'complaints',
  impact: 'hinders',
  reaches: { 'CN18-E6': 'settles' },
  lacks: (target) => (target.complaints ? null : 'complaints'),
  wants: ({ publish }) => (publish ? [{ treatment: 'genuine', count: 1, formats: publish.formats.slice(0, 1) }] : []),
  run: async (bench) => {
    await bench.unit('channel', { sample: null, subject: 'channel' }, () => lookAtChannel(bench));
    await bench.unit('complaint', { sample: bench.samples[0] ?? null, subject: 'own-complaint' }, () =>
      complain(bench),
    );
    await bench.unit('records', { sample: null, subject: 'records' }, () => lookAtRecords(bench));
  },
};

type Complaints = NonNullable<ProbeBench['service']['target']['complaints']>;

function described({ service }: ProbeBench): Complaints {
  const { complaints: described } = service.target;
  if (!described) throw new Error('asked for complaints that the target does not describe');
  return described;
}

async function lookAtChannel(bench: ProbeBench): Promise<Seeing[]> {
  const { page, pageSays } = described(bench);
  if (!page) return [];
  const shown = await bench.service.show(page);
  return [{ ...judgeChannel(shown, pageSays ?? []), url: shown.url }];
}

async function complain(bench: ProbeBench): Promise<Seeing[]> {
  const { request, number } = described(bench);
  const [sample] = bench.samples;
  if (!request || !number || !sample) return [];
  const { item } = await bench.publish(sample);
  const text = 'A test complaint of a security assessment; nobody needs to act. 安全评估测试投诉，无需处理。';
  const answer = await bench.service.ask(request, { item, text });
  const about = { subject: 'own-complaint', requirements: ['CN18-E6'], url: answer.url };
  if (answer.status >= 500) readJson(answer);
  const isTaken = answer.status < 300 && textAt(number, readJson(answer)) !== null;
  return isTaken
    ? [{ ...about, outcome: 'kept', code: 'complaint-taken' }]
    : [{ ...about, outcome: 'lost', code: 'complaint-not-taken', params: { status: answer.status } }];
}

async function lookAtRecords(bench: ProbeBench): Promise<Seeing[]> {
  const { records, handledWithinHours } = described(bench);
  if (!records) return [];
  const answer = await bench.service.askJson(records.request);
  const timeAt = (path: string | undefined, one: Json) => {
    const told = path === undefined ? null : textAt(path, one);
    const time = told === null ? Number.NaN : Date.parse(told);
    return Number.isNaN(time) ? null : time;
  };
  const judged = allAt(records.each, answer).flatMap((one) => {
    const times: ComplaintTimes = {
      receivedAt: timeAt(records.receivedAt, one),
      acknowledgedAt: timeAt(records.acknowledgedAt, one),
      handledAt: timeAt(records.handledAt, one),
    };
    return judgeComplaint(times, handledWithinHours, bench.now().getTime());
  });
  if (judged.length > 0) return judged;
  return [{ subject: 'records', requirements: ['CN18-E6'], outcome: 'unclear', code: 'complaints-none' }];
}

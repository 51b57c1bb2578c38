import type { z } from 'zod';
import { type Filing, filingsSchema, filingWithStepsSchema, type newFilingSchema } from '../contract/filings.ts';
import type { MoveDay } from './dates.ts';
import type { Door } from './door.ts';
import type { Crew } from './people.ts';

interface Filed extends Pick<Filing, 'rulebook' | 'filedOn'> {
  service: string;
  function?: string;
  /** The current one when left out. */
  version?: number;
  number: string;
  authority: string;
  answered?: { to: 'accepted'; on: string } | { to: 'returned'; on: string; reason: string };
}

const platform = '示例安全评估平台 / Example assessment platform';
const algorithms = '示例算法备案系统 / Example algorithm filing system';

/** Reports that the signatory filed elsewhere and noted here. The face swap has none: its gate is shut. */
const filed: Filed[] = [
  {
    ...{ rulebook: 'cn-2018', service: 'shimmer-video', number: '示例评〔2024〕0117', authority: platform },
    filedOn: '2024-08-27',
    answered: { to: 'accepted', on: '2024-09-12' },
  },
  {
    ...{ rulebook: 'cn-algorithm', service: 'shimmer-video', number: '示例备〔2024〕0003', authority: algorithms },
    filedOn: '2024-09-26',
    answered: { to: 'accepted', on: '2024-10-22' },
  },
  {
    ...{ rulebook: 'cn-2018', service: 'shimmer-video', function: 'live-stream', version: 1, authority: platform },
    ...{ number: '示例评〔2025〕0064', filedOn: '2025-04-29', answered: { to: 'accepted', on: '2025-05-16' } },
  },
  {
    ...{ rulebook: 'cn-2018', service: 'shimmer-video', function: 'feed', version: 2, authority: platform },
    ...{ number: '示例评〔2025〕0158', filedOn: '2025-10-14', answered: { to: 'accepted', on: '2025-10-30' } },
  },
  {
    ...{ rulebook: 'cn-algorithm', service: 'shimmer-video', function: 'feed', version: 2, authority: algorithms },
    ...{ number: '示例备〔2025〕0009', filedOn: '2025-11-10', answered: { to: 'accepted', on: '2025-12-04' } },
  },
  {
    ...{ rulebook: 'cn-algorithm', service: 'shimmer-video', function: 'live-stream', version: 1 },
    ...{ number: '示例备〔2025〕0004', authority: algorithms, filedOn: '2025-05-29' },
    answered: { to: 'accepted', on: '2025-06-19' },
  },
  {
    ...{ rulebook: 'cn-2018', service: 'moonlit-rooms', number: '示例评〔2025〕0171', authority: platform },
    filedOn: '2025-11-18',
    answered: { to: 'accepted', on: '2025-12-05' },
  },
  {
    ...{ rulebook: 'cn-2018', service: 'moonlit-rooms', function: 'voice-room', version: 1, authority: platform },
    ...{ number: '示例评〔2025〕0172', filedOn: '2025-11-18', answered: { to: 'accepted', on: '2025-12-05' } },
  },
  {
    ...{ rulebook: 'cn-2018', service: 'shimmer-video', function: 'live-stream', authority: platform },
    ...{ number: '示例评〔2026〕0203', filedOn: '2026-10-29' },
    answered: {
      to: 'returned',
      on: '2026-11-11',
      reason:
        '第四项缺少连麦房间的巡查记录，请补充后重新提交。 / Item 4 lacks records of how rooms joined by voice are watched; add them and file again.',
    },
  },
  {
    ...{ rulebook: 'cn-2018', service: 'moonlit-rooms', function: 'invitation', authority: platform },
    ...{ number: '示例评〔2026〕0211', filedOn: '2026-11-13' },
  },
];

export async function recordFilings(crew: Crew, door: Door, move: MoveDay): Promise<void> {
  const as = await crew.as('shen');
  const { items } = await door.ask({ as, path: '/api/v1/filings', query: { limit: '100' }, answer: filingsSchema });
  for (const { answered, ...report } of filed) {
    const known = items.find(({ number }) => number === report.number);
    const body: z.input<typeof newFilingSchema> = {
      ...report,
      filedOn: move(report.filedOn),
      filedBy: '沈一 Shen Yi',
    };
    const filing =
      known ?? (await door.ask({ as, method: 'POST', path: '/api/v1/filings', body, answer: filingWithStepsSchema }));
    if (!answered || filing.state !== 'filed') continue;
    const path = `/api/v1/filings/${filing.id}/moves`;
    const step = { ...answered, on: move(answered.on), revision: filing.revision };
    await door.ask({ as, method: 'POST', path, body: step, answer: filingWithStepsSchema });
  }
}

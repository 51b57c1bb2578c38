import type { Sample } from '../../samples/sample.ts';
import { type Told, toldOf } from '../../told.ts';
import { type Probe, type ProbeBench, type Seeing, share } from '../probe.ts';
import { judgeSign, type SignedTreatment } from './judge.ts';

/** Publishes labelled, declared and undeclared samples, and reads which sign the public is shown. */
export const publicSign: Probe = {
  id: 'public-sign',
  impact: 'misleads',
  reaches: { 'CNLB-4': 'settles', 'CNLB-5': 'settles', 'CNLB-6': 'settles' },
  lacks: ({ publish, item, page }) => (publish ? (item ? (page || item.sign ? null : 'page') : 'item') : 'publish'),
  wants: ({ publish }, samples) => {
    const formats = publish?.formats ?? [];
    const count = share(samples, 0.1, formats);
    return (['labelled', 'declared', 'traces'] as const).map((treatment) => ({ treatment, count, formats }));
  },
  run: (bench) => bench.each(bench.samples, (sample) => lookAtSigns(bench, sample)),
};

/** What state and page say of one sample. */
export async function lookAtSigns(bench: ProbeBench, sample: Sample): Promise<Seeing[]> {
  const { treatment } = sample;
  if (treatment === 'credentials' || treatment === 'known' || treatment === 'copy')
    throw new Error(`no rule gives ${treatment} a sign`);
  const told = await toldOf(await bench.publish(sample), bench.service);
  return told.map((one) => judgeTold(treatment, one));
}

/** The right sign is right, whatever else the page wanted. Any other may be one that it would have changed. */
export function judgeTold(treatment: SignedTreatment, { place, told, unread, missing, url, status }: Told): Seeing {
  const seeing = { ...judgeSign(treatment, place, told ?? 'none'), ...(url === null ? {} : { url }) };
  if (unread === null || (told !== null && seeing.outcome === 'kept')) return seeing;
  const { subject, requirements } = seeing;
  const params = { status, ...(unread === 'page-incomplete' ? { wanted: missing?.join(', ') ?? '' } : {}) };
  return { subject, requirements, outcome: 'unclear', code: unread, params, url };
}

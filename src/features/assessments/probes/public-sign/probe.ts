import type { Sample } from '../../samples/sample.ts';
import { type Probe, type ProbeBench, type Seeing, share } from '../probe.ts';
import { judgeSign, signOnPage } from './judge.ts';

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
  const { item, sign } = await bench.publish(sample);
  const { page } = bench.service.target;
  const seen: Seeing[] = sign === null ? [] : [judgeSign(sample.treatment, 'state', sign)];
  if (!page) return seen;
  const { bytes, status, url } = await bench.service.ask(page.request, { item });
  const told = status === 200 ? signOnPage(bytes.toString('utf8'), page.says) : null;
  if (told !== null) return [...seen, { ...judgeSign(sample.treatment, 'page', told), url }];
  const { subject, requirements } = judgeSign(sample.treatment, 'page', 'none');
  const code = status === 200 ? 'page-without-words' : 'page-status';
  return [...seen, { subject, requirements, outcome: 'unclear', code, params: { status }, url }];
}

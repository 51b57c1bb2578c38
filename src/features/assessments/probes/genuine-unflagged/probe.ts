import { type Probe, share } from '../probe.ts';
import { lookAtSigns } from '../public-sign/probe.ts';

/** Publishes genuine samples: a sign on one of them tells the public that its author lies. */
export const genuineUnflagged: Probe = {
  id: 'genuine-unflagged',
  impact: 'misleads',
  reaches: { 'CNLB-6': 'supports' },
  lacks: ({ publish, item, page }) => (publish ? (item ? (page || item.sign ? null : 'page') : 'item') : 'publish'),
  wants: ({ publish }, samples) => {
    const formats = publish?.formats ?? [];
    return [{ treatment: 'genuine', count: share(samples, 0.25, formats), formats }];
  },
  run: (bench) => bench.each(bench.samples, (sample) => lookAtSigns(bench, sample)),
};

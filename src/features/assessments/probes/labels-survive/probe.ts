import { createHash } from 'node:crypto';
import { type Probe, share } from '../probe.ts';
import { judgeRendition } from './judge.ts';

/** Publishes labelled samples and looks at every rendition that the public gets. */
export const labelsSurvive: Probe = {
  id: 'labels-survive',
  impact: 'misleads',
  reaches: {
    'GB-M1': 'settles',
    'GB-M2': 'settles',
    'GB-M3': 'settles',
    'GB-M5': 'settles',
    'GB-M6': 'settles',
    'CNLB-4': 'supports',
    'CNLB-7': 'settles',
  },
  lacks: (target) => (target.publish ? (target.item ? null : 'item') : 'publish'),
  wants: ({ publish }, samples) => {
    const formats = publish?.formats ?? [];
    return [{ treatment: 'labelled', count: share(samples, 0.35, formats), formats }];
  },
  run: (bench) =>
    bench.each(bench.samples, async (sample) => {
      const { renditions } = await bench.publish(sample);
      const seen = renditions.map(async ({ name, url }) => {
        const { bytes } = await bench.service.get(url, maxRenditionBytes);
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        const looked = await bench.look(bytes, { explicit: false });
        return judgeRendition(sample, name, looked).map((one) => ({ ...one, url, sha256 }));
      });
      return (await Promise.all(seen)).flat();
    }),
};

/** Samples are small; what comes back of them is not larger than this. */
const maxRenditionBytes = 64 * 1024 * 1024;

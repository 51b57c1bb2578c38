import { createHash } from 'node:crypto';
import { type Probe, share } from '../probe.ts';
import { judgeCredentials } from './judge.ts';

/** Publishes samples whose signed manifest declares them as generated, and looks what is left of it in every rendition. */
export const credentialsSurvive: Probe = {
  id: 'credentials-survive',
  impact: 'misleads',
  // Each of these asks for more than that a manifest is kept: showing it, terms of use, marks of other kinds.
  reaches: { 'EUCOP-3': 'supports', 'USCA-6': 'supports', 'USCB-6': 'supports', 'IN-2': 'supports' },
  lacks: (target) => (target.publish ? (target.item ? null : 'item') : 'publish'),
  wants: ({ publish }, samples) => {
    const formats = publish?.formats ?? [];
    return [{ treatment: 'credentials', count: share(samples, 0.05, formats), formats }];
  },
  run: (bench) =>
    bench.each(bench.samples, async (sample) => {
      const { renditions } = await bench.publish(sample);
      const seen = renditions.map(async ({ name, url }) => {
        const { bytes } = await bench.service.get(url, maxRenditionBytes);
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        const looked = await bench.look(bytes, { explicit: false });
        return { ...judgeCredentials(sample, name, looked), url, sha256 };
      });
      return Promise.all(seen);
    }),
};

/** Samples are small; what comes back of them is not larger than this. */
const maxRenditionBytes = 64 * 1024 * 1024;

import type { Seen } from '../../look.ts';
import type { Sample } from '../../samples/sample.ts';
import type { Seeing } from '../probe.ts';

const requirements = ['EUCOP-3', 'USCA-6', 'USCB-6', 'IN-2'];

/**
 * One rendition: does its active manifest hold, and does it still say that the content is generated? It is the sample's own, or a new one
 * that has the sample's as its parent.
 */
export function judgeCredentials({ kind, manifest }: Sample, name: string, seen: Seen): Seeing {
  const about = (outcome: Seeing['outcome'], code: string, params: Seeing['params'] = {}): Seeing => ({
    ...{ subject: `${kind}/${name}`, requirements, outcome, code },
    params,
  });
  if (seen.state === 'unexaminable') return about('unclear', 'unexaminable', { reason: seen.reason });
  const { credentials } = seen;
  if (credentials.state !== 'holds')
    return about(credentials.state === 'unclear' ? 'unclear' : 'lost', `credentials-${credentials.state}`);
  if (!credentials.isAi) return about('lost', 'credentials-undeclared');
  if (credentials.label === manifest) return about('kept', 'credentials-kept');
  const parent = credentials.parents.find(({ isAi }) => isAi);
  if (!parent) return about('lost', 'credentials-unchained');
  if (parent.isBroken) return about('lost', 'credentials-parent-broken');
  return about('kept', 'credentials-renewed');
}

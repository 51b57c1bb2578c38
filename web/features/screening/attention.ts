import type { Attend, Matter } from '../feature.ts';
import { listScreenings } from './calls.ts';
import { plain } from './plain.ts';

/**
 * What was sent by this person and failed, and what contradicts itself and nobody has said a word about: both of the last
 * seven days, since older ones need no hurry any more.
 */
export const attention: Attend = (me, say) => {
  // Asked anew with each step of each examination: what was asked a moment ago is still true enough.
  const whom = `${me.organisation?.id} ${me.person?.id} ${say('screening.title')}`;
  if (whom !== asked.whom || Date.now() - asked.at > 8_000) asked = { whom, at: Date.now(), matters: look(me, say) };
  return asked.matters;
};

let asked: { whom: string; at: number; matters: Promise<Matter[]> } = { whom: '', at: 0, matters: Promise.resolve([]) };

const look: Attend = async ({ organisation, person, roles }, say) => {
  if (!organisation || !person) return [];
  const from = new Date(Date.now() - 7 * 86_400_000).toISOString();
  const decides = roles.some((role) => ['administrator', 'assessor', 'examiner', 'director'].includes(role));
  const [failed, disputed] = await Promise.all([
    listScreenings({ state: ['failed'], by: person.id, from }, { limit: 1 }),
    decides ? listScreenings({ conflicts: true, overridden: false, noted: false, from }, { limit: 1 }) : null,
  ]);
  const matters: Matter[] = [];
  const [oneFailed] = failed.items;
  if (oneFailed) {
    matters.push({
      id: 'screening-failed',
      title: say(failed.next === null ? 'screening.attention.failed' : 'screening.attention.failed-several', {
        name: plain(oneFailed.name),
      }),
      to: failed.next === null ? `/screen/${oneFailed.id}` : `/screen/history?state=failed&by=${person.id}`,
    });
  }
  const [oneDisputed] = disputed?.items ?? [];
  if (oneDisputed) {
    const one = disputed?.next === null;
    matters.push({
      id: 'screening-conflict',
      title: say(one ? 'screening.attention.conflict' : 'screening.attention.conflict-several', {
        name: plain(oneDisputed.name),
      }),
      about: say('screening.attention.conflict.about'),
      to: one ? `/screen/${oneDisputed.id}` : '/screen/history?conflicts=true&overridden=false&noted=false',
    });
  }
  return matters;
};

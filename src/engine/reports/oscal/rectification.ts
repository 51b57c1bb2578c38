import { endOfDay } from '../../rulebooks/clocks.ts';
import type { Filling } from './filling.ts';
import type { ToldHazard } from './hazards.ts';
import { lineOf, momentOf, proseOf } from './markup.ts';
import { own } from './namespace.ts';
import type { Remediation, RiskLogEntry, RiskTask } from './shapes.ts';
import { uuidsOf } from './uuids.ts';
import { word } from './words.ts';

/** What is planned about a hazard, with its dates as milestones. Empty until somebody plans. */
export function remediationsOf(filling: Filling, { tended, title }: ToldHazard, no: number): Remediation[] {
  if (!tended?.plannedAt) return [];
  const { record, lang, timeZone } = filling;
  const uuids = uuidsOf(record.run);
  const { plan, owner, dueOn, firstDueOn, plannedAt, doneAt, verifiedAt } = tended;
  const moments = [
    ['planned', plannedAt],
    ['due', firstDueOn && endOfDay(firstDueOn, timeZone)],
    ['extended', dueOn === firstDueOn ? null : dueOn && endOfDay(dueOn, timeZone)],
    ['done', doneAt],
    ['verified', verifiedAt],
  ] as const;
  const tasks = moments.flatMap(([what, at]): RiskTask[] =>
    at
      ? [
          {
            uuid: uuids.milestone(no, what),
            type: 'milestone',
            title: lineOf(word(lang, `milestone-${what}`)),
            timing: { 'on-date': { date: momentOf(at) } },
          },
        ]
      : [],
  );
  return [
    {
      uuid: uuids.remediation(no),
      lifecycle: doneAt ? 'completed' : 'planned',
      title: lineOf(title),
      description: proseOf(plan ?? word(lang, 'no-plan')),
      // People are named as the workspace names them: their accounts are nobody else's business.
      ...(owner && { props: [own('owner', owner.name)] }),
      tasks,
    },
  ];
}

/** Every step of it, oldest first. */
export function logOf({ record, lang }: Filling, { tended }: ToldHazard, no: number): RiskLogEntry[] {
  const uuids = uuidsOf(record.run);
  return (tended?.steps ?? []).map(({ to, at, by, dueOn, note }, step) => ({
    uuid: uuids.logged(no, step),
    title: lineOf(word(lang, `step-${to}`)),
    ...(note && { description: proseOf(note) }),
    start: momentOf(at),
    end: momentOf(at),
    props: [own('step', to), ...(dueOn ? [own('due', dueOn)] : []), ...(by?.name ? [own('by', by.name)] : [])],
    'status-change': statusAfter[to],
  }));
}

const statusAfter = {
  found: 'open',
  planned: 'remediating',
  extended: 'remediating',
  done: 'remediating',
  open: 'open',
  verified: 'closed',
  'found-again': 'open',
  'not-verified': 'open',
} as const;

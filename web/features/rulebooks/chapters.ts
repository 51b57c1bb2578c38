import type { Lang } from '../../../src/contract/lang.ts';
import type { Both, provenances, Rulebook } from '../../../src/contract/rulebook.ts';
import type { Condition } from '../../../src/contract/rulebook-condition.ts';

type Requirement = Rulebook['requirements'][number];
export type ClockRule = Rulebook['clocks'][number]['rule'];

/** A rule as the reading page shows it, whatever it is. */
export interface RuleEntry {
  id: string;
  clause: Both;
  title: Both | null;
  text: Both;
  quotes: readonly Lang[];
  verified: boolean;
  provenance: (typeof provenances)[number];
  source: readonly string[];
  when: Condition | null;
  clock: ClockRule | null;
  requirement: Pick<Requirement, 'method' | 'actor'> | null;
  inForce: { from: string; to: string | null } | undefined;
}

/** In the order in which one reads: whom it concerns, when something is due, by when, what is asked. */
const requirementChapters = {
  assess: ['assess'],
  report: ['report-field', 'filing', 'deadline'],
  labels: ['label', 'metadata'],
  duties: ['duty', 'record', 'prohibition'],
  authority: ['authority-power', 'penalty'],
} as const satisfies Record<string, readonly Requirement['kind'][]>;

export const chapterNames = [
  'scope',
  'triggers',
  'clocks',
  'assess',
  'report',
  'labels',
  'duties',
  'authority',
] as const;
export type ChapterName = (typeof chapterNames)[number];

export function chaptersOf(rulebook: Rulebook): { name: ChapterName; rules: RuleEntry[] }[] {
  const of = (kinds: readonly Requirement['kind'][]) =>
    rulebook.requirements.filter(({ kind }) => kinds.includes(kind)).map(fromRequirement);
  const rules: Record<ChapterName, RuleEntry[]> = {
    scope: [rulebook.scope, ...rulebook.definitions].map((rule) => ({ ...nothing, ...rule, inForce: rule.inForce })),
    triggers: rulebook.triggers.map((rule) => ({ ...nothing, ...rule, inForce: rule.inForce })),
    clocks: rulebook.clocks.map(({ rule, ...clock }) => ({
      ...nothing,
      ...clock,
      clock: rule,
      inForce: clock.inForce,
    })),
    assess: of(requirementChapters.assess),
    report: of(requirementChapters.report),
    labels: of(requirementChapters.labels),
    duties: of(requirementChapters.duties),
    authority: of(requirementChapters.authority),
  };
  return chapterNames.map((name) => ({ name, rules: rules[name] }));
}

const nothing = { title: null, when: null, clock: null, requirement: null };

function fromRequirement(requirement: Requirement): RuleEntry {
  const { when = null, method, actor, inForce } = requirement;
  return { ...requirement, when, clock: null, requirement: { method, actor }, inForce };
}

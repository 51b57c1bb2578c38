import { type FactName, type Facts, factNames, type MomentName } from '../../contract/facts.ts';
import type { Answer, DueAnswer, RulebookAnswer, TriggerAnswer } from '../../contract/question.ts';
import type { Calendar, Definition, Due, Requirement, Rulebook, Trigger } from '../../contract/rulebook.ts';
import { byWhen } from './by-when.ts';
import { dayInZone, todayInZone } from './clocks.ts';
import { both, type ConditionContext, type Judgement, judgeCondition } from './conditions.ts';
import { dayOf } from './facts.ts';

export interface Asked {
  facts: Facts;
  rulebooks: readonly Rulebook[];
  /** By id. A rulebook whose calendar is not here counts weekdays alone. */
  calendars: ReadonlyMap<string, Calendar>;
  /** What an operator set instead of a rulebook's own value: rulebook id → parameter id → number. */
  parameters?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  now: Date;
}

/**
 * Which rulebooks apply to the facts, which triggers fire and why, what is due and by when, and which fact to ask next.
 * Pure: the same question always has the same answer. Expects rulebooks that hold (`checkRulebook`).
 */
export function answerQuestion(asked: Asked): Answer {
  const rulebooks = asked.rulebooks.map((rulebook) => answerRulebook(rulebook, asked));
  const due = rulebooks.flatMap((rulebook) => rulebook.due);
  return {
    schema: 'clearmirror.answer/1',
    now: asked.now.toISOString(),
    facts: asked.facts,
    rulebooks,
    ask: whatToAsk(rulebooks),
    summary: due.some(({ blocks }) => blocks)
      ? 'blocked'
      : due.some(({ state }) => state === 'due')
        ? 'due'
        : due.length > 0 || rulebooks.some(({ verdict }) => verdict === 'cannot-say')
          ? 'may-be-due'
          : 'nothing-due',
  };
}

function answerRulebook(rulebook: Rulebook, asked: Asked): RulebookAnswer {
  const { id, version, jurisdiction, title, shortTitle } = rulebook;
  const judge = judgeFor(rulebook, asked);
  const scope = judge(rulebook.scope);
  const { state, ...scopeAnswer } = describe(rulebook.scope, scope, rulebook, asked);
  const head = { id, version, jurisdiction, title, shortTitle, scope: scopeAnswer };
  if (state === 'not-fired') return { ...head, verdict: 'does-not-apply', triggers: [], due: [] };

  // A trigger of a rulebook that may not apply is itself open.
  const judged = new Map(rulebook.triggers.map((trigger) => [trigger.id, both([scope, judge(trigger)])]));
  const triggers = rulebook.triggers.map((trigger) =>
    describe(trigger, withoutScope(judged.get(trigger.id) ?? scope, scope), rulebook, asked),
  );
  return {
    ...head,
    verdict: state === 'fired' ? 'applies' : 'cannot-say',
    triggers,
    due: rulebook.due.flatMap((due) => answerDue(due, judged, judge, rulebook, asked) ?? []),
  };
}

type Judge = (rule: Pick<Definition, 'id' | 'clause' | 'verified' | 'when' | 'inForce'>) => Judgement;

function judgeFor(rulebook: Rulebook, asked: Asked): Judge {
  const own = asked.parameters?.[rulebook.id] ?? {};
  const context: ConditionContext = {
    facts: asked.facts,
    rulebook,
    parameters: new Map(rulebook.parameters.map(({ id, value }) => [id, own[id] ?? value])),
    judgeDefinition: (definition) => judge(definition),
  };
  const judge: Judge = (rule) => both([judgeForce(rule, rulebook, asked), judgeCondition(rule.when, rule, context)]);
  return judge;
}

/** Whether the rule is in force at the moment that is asked about. What lies ahead without a date is taken to be today or later. */
function judgeForce(rule: Pick<Definition, 'inForce'>, rulebook: Rulebook, { facts, now }: Asked): Judgement {
  const { from, to } = forceOf(rule, rulebook);
  const { day, missing } = momentOf(facts, rulebook.timeZone, now);
  const nothing = { verified: true, because: [], missing: [] };
  if (to !== null && day > to) return { ...nothing, truth: 'no' };
  if (day >= from) return { ...nothing, truth: 'yes' };
  return missing ? { ...nothing, truth: 'unknown', missing: [missing] } : { ...nothing, truth: 'no' };
}

function forceOf(rule: Pick<Definition, 'inForce'>, rulebook: Rulebook): { from: string; to: string | null } {
  const own = rule.inForce;
  return { from: own?.from ?? rulebook.inForce.from, to: own?.to ?? rulebook.inForce.to };
}

const momentFacts: Record<MomentName, FactName | null> = {
  'launch-service': 'plannedAt',
  'add-function': 'plannedAt',
  'change-function': 'plannedAt',
  'end-service': 'plannedAt',
  'user-growth': null,
  incident: 'incident.on',
  'authority-notice': 'authorityNotice.date',
  'removal-request': 'removalRequest.receivedAt',
  none: null,
};

/** The day asked about. `missing`: a fact that could move it. */
function momentOf(facts: Facts, timeZone: string, now: Date): { day: string; missing: FactName | null } {
  const today = todayInZone(now, timeZone);
  if (facts.event === undefined) return { day: today, missing: 'event' };
  const fact = momentFacts[facts.event];
  if (fact === null) return { day: today, missing: null };
  const known = dayOf(facts, fact);
  return known === null ? { day: today, missing: fact } : { day: dayInZone(known, timeZone), missing: null };
}

const states = { yes: 'fired', no: 'not-fired', unknown: 'unknown' } as const;

function describe(rule: Trigger, judgement: Judgement, rulebook: Rulebook, asked: Asked): TriggerAnswer {
  const { id, clause, text, quotes, provenance, source } = rule;
  const force = judgeForce(rule, rulebook, asked);
  const { day } = momentOf(asked.facts, rulebook.timeZone, asked.now);
  return {
    id,
    clause,
    text,
    quotes,
    state: states[judgement.truth],
    because: unique(judgement.because),
    missing: judgement.missing,
    notInForce: force.truth === 'yes' ? null : { on: day, ...forceOf(rule, rulebook) },
    verified: rule.verified && judgement.verified,
    provenance,
    source,
  };
}

/** The scope is told once, for the rulebook; what it lacks still keeps its triggers open. */
function withoutScope(judgement: Judgement, scope: Judgement): Judgement {
  return { ...judgement, because: judgement.because.filter((reason) => !scope.because.includes(reason)) };
}

/** One definition may be reached by two ways. */
function unique<T>(reasons: T[]): T[] {
  return [...new Map(reasons.map((reason) => [JSON.stringify(reason), reason])).values()];
}

function answerDue(
  due: Due,
  judged: ReadonlyMap<string, Judgement>,
  judge: Judge,
  rulebook: Rulebook,
  asked: Asked,
): DueAnswer | null {
  const having = (truth: Judgement['truth']) => due.triggers.filter((id) => judged.get(id)?.truth === truth);
  const fired = having('yes');
  const triggers = fired.length > 0 ? fired : having('unknown');
  if (triggers.length === 0) return null;
  const clock = rulebook.clocks.find(({ id }) => id === due.clock);
  if (!clock) throw new Error(`${rulebook.id}: no clock ${due.clock}`);
  const isDue = fired.length > 0;
  const by = byWhen(clock.rule, rulebook, asked);
  const isVerified = (id: string) =>
    judged.get(id)?.verified === true && rulebook.triggers.some((trigger) => trigger.id === id && trigger.verified);
  const verified = clock.verified && triggers.some(isVerified);
  return {
    id: due.id,
    kind: due.kind,
    title: due.title,
    state: isDue ? 'due' : 'may-be-due',
    triggers,
    by,
    clock: {
      id: clock.id,
      clause: clock.clause,
      text: clock.text,
      verified: clock.verified,
      provenance: clock.provenance,
      source: clock.source,
    },
    requirements: due.requirements.filter((id) => concerns(id, rulebook, judge)),
    verified,
    // Principle 4: a rule whose text nobody has read may warn, never fail.
    blocks: isDue && due.gate && verified && by.kind === 'before-launch',
  };
}

/** What an assessment under this rulebook looks at: requirements that somebody can test, examine or ask about, without what is known not to concern the service. */
export function requirementsFor(rulebook: Rulebook, asked: Asked): Requirement[] {
  const judge = judgeFor(rulebook, asked);
  return rulebook.requirements.filter(
    ({ id, kind, method }) => assessed.has(kind) && method.length > 0 && concerns(id, rulebook, judge),
  );
}

/** The others are about the report, its filing, and what the authority may do. */
const assessed: ReadonlySet<Requirement['kind']> = new Set([
  'assess',
  'label',
  'metadata',
  'duty',
  'prohibition',
  'record',
]);

/** False only when the requirement is known not to concern this service. */
function concerns(id: string, rulebook: Rulebook, judge: Judge): boolean {
  const requirement = rulebook.requirements.find((candidate) => candidate.id === id);
  if (!requirement) throw new Error(`${rulebook.id}: no requirement ${id}`);
  return judge({ ...requirement, when: requirement.when ?? { always: true } }).truth !== 'no';
}

/** Facts that open rules wait for, the one that settles most first; then in the order of the contract. */
function whatToAsk(rulebooks: RulebookAnswer[]): Answer['ask'] {
  const waiting = new Map<FactName, { rulebook: string; rule: string }[]>();
  const wait = (fact: FactName, rulebook: string, rule: string) => {
    waiting.set(fact, [...(waiting.get(fact) ?? []), { rulebook, rule }]);
  };
  for (const { id, verdict, scope, triggers, due } of rulebooks) {
    if (verdict === 'cannot-say') for (const fact of scope.missing) wait(fact, id, scope.id);
    for (const trigger of triggers) for (const fact of trigger.missing) wait(fact, id, trigger.id);
    for (const { by, clock, state } of due) {
      if (state === 'due' && by.kind === 'start-unknown') for (const fact of by.waitsFor) wait(fact, id, clock.id);
    }
  }
  return factNames
    .flatMap((fact) => ({ fact, rules: waiting.get(fact) ?? [] }))
    .filter(({ rules }) => rules.length > 0)
    .sort((one, other) => other.rules.length - one.rules.length);
}

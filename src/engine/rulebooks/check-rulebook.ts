import { IANAZone } from 'luxon';
import { factKinds, isFactName } from '../../contract/facts.ts';
import type { Calendar, ClockRule, Rulebook } from '../../contract/rulebook.ts';
import { checkConditions, conditionsOf, definitionsIn } from './check-conditions.ts';
import { checkFiling, checkForm } from './check-form.ts';
import { checkTexts } from './check-texts.ts';
import { collect, type Mistake, type Report } from './mistakes.ts';
import { rulesOf } from './rules.ts';

/** What is wrong with a rulebook whose shape is right. Empty: `answerQuestion` can work with it. */
export function checkRulebook(rulebook: Rulebook, calendars: ReadonlyMap<string, Calendar>): Mistake[] {
  return collect((report) => {
    checkIds(rulebook, report);
    checkConditions(rulebook, report);
    checkRules(rulebook, report);
    checkClocks(rulebook, calendars, report);
    checkDue(rulebook, report);
    checkUnused(rulebook, report);
    checkForm(rulebook, report);
    checkFiling(rulebook, report);
    checkTexts(rulebook, [], report);
  });
}

type Path = (string | number)[];

function checkIds(rulebook: Rulebook, report: Report): void {
  const { scope, definitions, triggers, clocks, due, requirements, parameters } = rulebook;
  const seen = new Set([scope.id]);
  for (const [list, rules] of Object.entries({ definitions, triggers, clocks, due, requirements })) {
    for (const [index, { id }] of rules.entries()) {
      if (seen.has(id)) report('id-twice', [list, index, 'id'], { id });
      seen.add(id);
    }
  }
  for (const [index, { id }] of parameters.entries()) {
    if (parameters.findIndex((other) => other.id === id) !== index)
      report('id-twice', ['parameters', index, 'id'], { id });
  }
}

/** Everything that cites: clause, source, provenance, verified, dates. */
function checkRules(rulebook: Rulebook, report: Report): void {
  const { scope, definitions, triggers, clocks, requirements, form, sources, inForce } = rulebook;
  checkDates(inForce, ['inForce'], report);
  const lists = Object.entries({ definitions, triggers, clocks, requirements });
  const rules = [
    { rule: scope, path: ['scope'] },
    ...lists.flatMap(([list, some]) => some.map((rule, index) => ({ rule, path: [list, index] }))),
  ];
  for (const { rule, path } of rules) {
    checkSources(rule, sources, path, report);
    if (rule.quotes.length > 0 && rule.provenance === 'K')
      report('quoted-but-not-found', [...path, 'quotes'], { id: rule.id });
    if (rule.inForce) {
      checkDates(rule.inForce, [...path, 'inForce'], report);
      if (rule.inForce.from < inForce.from) report('before-rulebook', [...path, 'inForce', 'from'], { id: rule.id });
    }
  }
  if (form) checkSources({ id: 'form', ...form }, sources, ['form'], report);
}

interface Sourced {
  id: string;
  source: string[];
  provenance: string;
  verified: boolean;
}

function checkSources(rule: Sourced, sources: Rulebook['sources'], path: Path, report: Report): void {
  const { id } = rule;
  for (const [index, key] of rule.source.entries()) {
    if (!Object.hasOwn(sources, key)) report('unknown-source', [...path, 'source', index], { id, key });
  }
  if (rule.source.length === 0 && rule.provenance !== 'K') report('no-source', [...path, 'source'], { id });
  if (rule.verified && rule.provenance !== 'F') report('verified-but-not-found', [...path, 'verified'], { id });
}

function checkDates({ from, to }: { from: string; to: string | null }, path: Path, report: Report): void {
  if (to !== null && to < from) report('dates-reversed', [...path, 'to'], { from, to });
}

function checkClocks(rulebook: Rulebook, calendars: ReadonlyMap<string, Calendar>, report: Report): void {
  const { clocks, timeZone, calendar } = rulebook;
  if (!IANAZone.isValidZone(timeZone)) report('unknown-time-zone', ['timeZone'], { timeZone });
  if (calendar !== null && !calendars.has(calendar)) report('unknown-calendar', ['calendar'], { calendar });
  for (const [index, { id, rule }] of clocks.entries()) {
    const path = ['clocks', index, 'rule'];
    if ('unit' in rule && rule.unit === 'working-day' && calendar === null) report('needs-calendar', path, { id });
    for (const fact of startsOf(rule)) {
      if (!isFactName(fact)) report('unknown-fact', path, { fact });
      else if (!['day', 'figure'].includes(factKinds[fact].kind)) report('clock-not-a-day', path, { id, fact });
    }
  }
}

function startsOf(rule: ClockRule): string[] {
  return 'after' in rule ? rule.after : 'since' in rule ? rule.since : [];
}

function checkDue({ due, triggers, clocks, requirements }: Rulebook, report: Report): void {
  for (const [index, item] of due.entries()) {
    const path = ['due', index];
    const { id } = item;
    const wanted = item.triggers.map((name) => triggers.find((trigger) => trigger.id === name));
    for (const [place, trigger] of wanted.entries()) {
      if (!trigger) report('unknown-trigger', [...path, 'triggers', place], { id, name: item.triggers[place] ?? '' });
    }
    for (const [place, name] of item.requirements.entries()) {
      if (requirements.some((requirement) => requirement.id === name)) continue;
      report('unknown-requirement', [...path, 'requirements', place], { id, name });
    }
    const clock = clocks.find((candidate) => candidate.id === item.clock);
    if (!clock) report('unknown-clock', [...path, 'clock'], { id, name: item.clock });
    if (clock && 'afterFiling' in clock.rule) report('filing-clock-in-due', [...path, 'clock'], { id, name: clock.id });
    if (!item.gate) continue;
    for (const rule of [...wanted, clock]) {
      if (rule && !rule.verified) report('unverified-gate', [...path, 'gate'], { id, name: rule.id });
    }
    if (clock && !('before' in clock.rule)) report('gate-without-launch', [...path, 'gate'], { id });
  }
}

function checkUnused(rulebook: Rulebook, report: Report): void {
  const { due, triggers, clocks, definitions, filing, sources } = rulebook;
  for (const [index, { id }] of triggers.entries()) {
    if (!due.some((item) => item.triggers.includes(id))) report('unused-trigger', ['triggers', index], { id });
  }
  for (const [index, { id }] of clocks.entries()) {
    const isUsed = due.some(({ clock }) => clock === id) || filing?.moves.some(({ clock }) => clock === id);
    if (!isUsed) report('unused-clock', ['clocks', index], { id });
  }
  const named = new Set(conditionsOf(rulebook).flatMap(({ condition }) => definitionsIn(condition)));
  for (const [index, { id }] of definitions.entries()) {
    if (!named.has(id)) report('unused-definition', ['definitions', index], { id });
  }
  const cited = new Set(rulesOf(rulebook).flatMap(({ source }) => source));
  for (const key of rulebook.form?.source ?? []) cited.add(key);
  for (const key of Object.keys(sources)) if (!cited.has(key)) report('unused-source', ['sources', key], { key });
}

import fc from 'fast-check';
import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { type FactName, type Facts, factKinds, factNames, factsSchema } from '../../contract/facts.ts';
import { type Answer, answerSchema } from '../../contract/question.ts';
import { answerQuestion } from '../../engine/rulebooks/evaluate.ts';
import { checkRulebooks } from './rulebooks.ts';

/** What must hold for every set of facts, however odd, with the rulebooks that ship. */

const shipped = checkRulebooks(['rulebooks'], 'en');
const rulebooks = [...shipped.rulebooks, ...shipped.notChosen];
const now = new Date('2026-11-22T04:00:00Z');
const ask = (facts: Facts): Answer => answerQuestion({ facts, rulebooks, calendars: shipped.calendars, now });

// What is planned lies ahead: without a date the moment is taken to be today or later (docs/rulebooks.md).
const day = fc
  .date({ min: new Date('2026-11-22T00:00:00Z'), max: new Date('2028-12-31'), noInvalidDate: true })
  .map((date) => DateTime.fromJSDate(date, { zone: 'utc' }).toISODate() ?? '');

function anyValue(name: FactName): fc.Arbitrary<unknown> {
  const kind = factKinds[name];
  switch (kind.kind) {
    case 'flag':
      return fc.boolean();
    case 'choice':
      return fc.constantFrom(...kind.of);
    case 'list':
      return fc.subarray([...kind.of]);
    case 'figure':
      return fc.record({ value: fc.constantFrom(0, 999_999, 1_000_000, 1_000_001, 46_000_000), asOf: day });
    case 'day':
      return day;
  }
}

/** Every fact known. */
const completion = fc.tuple(...factNames.map((name) => anyValue(name).map((value) => ({ name, value }))));
const hidden = fc.array(fc.boolean(), { minLength: factNames.length, maxLength: factNames.length });

function facts(values: { name: FactName; value: unknown }[]): Facts {
  const built: Record<string, unknown> = {};
  for (const { name, value } of values) {
    const [first = name, second] = name.split('.');
    const inside = built[first];
    if (second === undefined) built[first] = value;
    else built[first] = { ...(typeof inside === 'object' ? inside : {}), [second]: value };
  }
  return factsSchema.parse(built);
}

const settled = (answer: Answer) =>
  answer.rulebooks.flatMap(({ id, verdict, triggers }) => [
    { rule: id, state: verdict === 'cannot-say' ? 'unknown' : verdict },
    ...triggers.map((trigger) => ({ rule: `${id} ${trigger.id}`, state: trigger.state })),
  ]);

test('what is settled with some facts unknown stays so, whatever they turn out to be', () => {
  fc.assert(
    fc.property(completion, hidden, (all, isHidden) => {
      const some = ask(facts(all.filter((_, index) => !isHidden[index])));
      const whole = ask(facts(all));
      const later = new Map(settled(whole).map(({ rule, state }) => [rule, state]));
      for (const { rule, state } of settled(some)) {
        if (state === 'unknown') continue;
        // A rulebook that turns out not to apply lists no triggers: its open ones are gone with it.
        expect([rule, later.get(rule) ?? 'not-fired']).toEqual([rule, state]);
      }
    }),
    { numRuns: 300 },
  );
});

test('with every fact known nothing is open, and nothing is asked', () => {
  fc.assert(
    fc.property(completion, (all) => {
      const answer = ask(facts(all));
      expect(settled(answer).filter(({ state }) => state === 'unknown')).toEqual([]);
      expect(answer.ask).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test('something open always names a fact that is not known, and that fact is asked', () => {
  fc.assert(
    fc.property(completion, hidden, (all, isHidden) => {
      const given = facts(all.filter((_, index) => !isHidden[index]));
      const answer = ask(given);
      const unknown = new Set(factNames.filter((_, index) => isHidden[index]));
      const asked = new Set(answer.ask.map(({ fact }) => fact));
      for (const { verdict, scope, triggers } of answer.rulebooks) {
        const open = triggers.filter(({ state }) => state === 'unknown');
        if (verdict === 'cannot-say') expect(scope.missing.length).toBeGreaterThan(0);
        for (const { id, missing } of open) {
          expect([id, missing.length > 0]).toEqual([id, true]);
          expect(missing.filter((fact) => !unknown.has(fact) || !asked.has(fact))).toEqual([]);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test('nothing unverified blocks, and every answer keeps to its contract', () => {
  fc.assert(
    fc.property(completion, hidden, (all, isHidden) => {
      const answer = answerSchema.parse(ask(facts(all.filter((_, index) => !isHidden[index]))));
      for (const { due } of answer.rulebooks) {
        expect(due.filter(({ blocks, verified, state }) => blocks && (!verified || state !== 'due'))).toEqual([]);
      }
    }),
    { numRuns: 100 },
  );
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Facts } from '../../contract/facts.ts';
import { rulebookSchema } from '../../contract/rulebook.ts';
import type { Condition } from '../../contract/rulebook-condition.ts';
import { type Asker, judgeCondition } from './conditions.ts';
import { answerQuestion } from './evaluate.ts';

const example = readFileSync('src/features/rulebooks/example-rulebook.yaml', 'utf8');
const rulebook = rulebookSchema.parse(parse(example));
const asker: Asker = { id: 'T', clause: { zh: '第一条', en: 'Art. 1' }, verified: true };
const read: Condition = { definition: 'read' };
const unread: Condition = { definition: 'unread' };

/** `read` holds, `unread` holds too but nobody read its text. */
function judge(condition: Condition, facts: Facts = {}) {
  return judgeCondition(condition, asker, {
    facts,
    rulebook: {
      ...rulebook,
      definitions: ['read', 'unread'].map((id) => ({ ...rulebook.scope, id, quotes: [] })),
    },
    parameters: new Map([['many', 10]]),
    judgeDefinition: ({ id }) => ({ truth: 'yes', verified: id === 'read', because: [], missing: [] }),
  });
}

const yes: Condition = { fact: 'isGenerator', is: true };
const no: Condition = { fact: 'isGenerator', is: false };
const open: Condition = { fact: 'isPropagator', is: true };
const truth = (condition: Condition) => judge(condition, { isGenerator: true }).truth;

describe('three-valued logic', () => {
  test.each([
    [{ not: yes }, 'no'],
    [{ not: no }, 'yes'],
    [{ not: open }, 'unknown'],
    [{ all: [yes, yes] }, 'yes'],
    [{ all: [yes, no] }, 'no'],
    [{ all: [yes, open] }, 'unknown'],
    [{ all: [no, open] }, 'no'],
    [{ any: [no, no] }, 'no'],
    [{ any: [yes, no] }, 'yes'],
    [{ any: [yes, open] }, 'yes'],
    [{ any: [no, open] }, 'unknown'],
    [{ any: [{ all: [no, open] }, { not: open }] }, 'unknown'],
    [{ always: true }, 'yes'],
  ] satisfies [Condition, string][])('%j is %s', (condition, expected) => {
    expect(truth(condition)).toBe(expected);
  });

  test('only what decided is given as the reason, and only what could decide is missing', () => {
    const { because, missing } = judge({ all: [yes, { any: [no, open] }] }, { isGenerator: true });
    expect([because, missing]).toEqual([[], ['isPropagator']]);
    const failed = judge({ all: [yes, no, open] }, { isGenerator: true });
    expect([failed.because.map(({ asks, holds }) => [asks.of, holds]), failed.missing]).toEqual([[[false, false]], []]);
  });
});

describe('what each word asks', () => {
  const facts: Facts = {
    event: 'incident',
    features: ['forum', 'blog'],
    mau: { value: 10, asOf: '2026-10-31' },
    plannedAt: '2026-12-31T17:00:00Z',
  };
  test.each([
    [{ fact: 'event', is: 'incident' }, 'yes'],
    [{ fact: 'event', isOneOf: ['none', 'incident'] }, 'yes'],
    [{ fact: 'event', isOneOf: ['none'] }, 'no'],
    [{ fact: 'features', has: 'blog' }, 'yes'],
    [{ fact: 'features', has: 'search' }, 'no'],
    [{ fact: 'features', hasAny: ['search', 'blog'] }, 'yes'],
    [{ fact: 'features', hasAll: ['forum', 'blog'] }, 'yes'],
    [{ fact: 'features', hasAll: ['forum', 'search'] }, 'no'],
    [{ fact: 'mau', atLeast: 10 }, 'yes'],
    [{ fact: 'mau', moreThan: 10 }, 'no'],
    [{ fact: 'mau', atLeast: { parameter: 'many' } }, 'yes'],
    [{ fact: 'mau', atLeast: 11 }, 'no'],
    // Half past midnight on New Year's Day in Shanghai.
    [{ fact: 'plannedAt', onOrAfter: '2027-01-01' }, 'yes'],
    [{ fact: 'plannedAt', before: '2027-01-01' }, 'no'],
  ] satisfies [Condition, string][])('%j: %s', (condition, expected) => {
    expect(judge(condition, facts).truth).toBe(expected);
  });
});

describe('what was read', () => {
  test.each([
    [read, true],
    [unread, false],
    [{ all: [read, unread] }, false],
    [{ any: [read, unread] }, true],
    [{ any: [unread, unread] }, false],
    [{ all: [read, { any: [unread, read] }] }, true],
  ] satisfies [Condition, boolean][])('%j rests on read text: %s', (condition, expected) => {
    expect(judge(condition).verified).toBe(expected);
  });

  test('a verified trigger that rests on an unread definition comes due and blocks nothing', () => {
    const facts: Facts = {
      jurisdictions: ['cn'],
      offeredToPublic: true,
      features: ['voice_room'],
      mau: { value: 9999, asOf: '2026-10-31' },
    };
    const due = (yaml: string) => {
      const answer = answerQuestion({
        facts,
        rulebooks: [rulebookSchema.parse(parse(yaml))],
        calendars: new Map(),
        now: new Date('2026-11-22T04:00:00Z'),
      });
      const found = answer.rulebooks[0]?.due.find(({ id }) => id === 'EX-D1');
      return [answer.summary, found?.state, found?.verified, found?.blocks];
    };
    expect(due(example)).toEqual(['blocked', 'due', true, true]);
    const leaning = example.replace('when: { fact: features, has: voice_room }', 'when: { definition: EX-big }');
    expect(due(leaning)).toEqual(['due', 'due', false, false]);
    // The scope counts too.
    const unreadScope = example.replace('  verified: true\n\ndefinitions:', '  verified: false\n\ndefinitions:');
    expect(due(unreadScope)).toEqual(['due', 'due', false, false]);
  });
});

import { expect, test } from 'vitest';
import { z } from 'zod';
import { factKinds, factNames, factsSchema } from './facts.ts';
import { readWords } from './words.ts';

/** Dotted names of everything that facts can hold, and what each can be. */
function leaves(schema: unknown, path: string[] = []): [string, string][] {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  if (!(inner instanceof z.ZodObject)) return [[path.join('.'), kindOf(inner)]];
  if ('asOf' in inner.shape) return [[path.join('.'), 'figure']];
  return Object.entries(inner.shape).flatMap(([key, part]) => leaves(part, [...path, key]));
}

function kindOf(schema: unknown): string {
  if (schema instanceof z.ZodBoolean) return 'flag';
  if (schema instanceof z.ZodArray) return 'list';
  if (schema instanceof z.ZodEnum) return 'choice';
  return schema instanceof z.ZodUnion || schema instanceof z.ZodISODate ? 'day' : 'text';
}

test('the table of facts and the schema of facts name the same things', () => {
  // A name on a notice is for people: no condition may ask for it.
  const known = leaves(factsSchema).filter(([name]) => name !== 'authorityNotice.name');
  const kinds = factNames.map((name): [string, string] => [name, factKinds[name].kind]);
  expect(kinds.sort()).toEqual(known.sort());
});

test('every fact and every word that it can hold can be said', () => {
  const words = readWords('zh');
  const wanted = factNames.flatMap((name) => {
    const kind = factKinds[name];
    const values = 'of' in kind ? [...kind.of] : [];
    return [`fact.${name}`, `fact.${name}.ask`, ...values.map((value) => `fact-word.${value}`)];
  });
  expect(wanted.filter((key) => words[key] === undefined)).toEqual([]);
});

test('a fact that is not known is left out; anything else is refused', () => {
  expect(factsSchema.parse({})).toEqual({});
  const refused: unknown[] = [
    { isGenerator: null },
    { isGenerator: 'yes' },
    { features: ['teleport'] },
    { plannedAt: '20 December' },
    { registeredUsers: 1_000_000 },
    { registeredUsers: { value: -1, asOf: '2026-10-31' } },
    { colour: 'red' },
  ];
  expect(refused.filter((facts) => factsSchema.safeParse(facts).success)).toEqual([]);
});

import { z } from 'zod';

/**
 * The condition language of rulebooks: a few words over facts, each true, false or unknown. No expressions in strings, nothing is
 * executed. Which words fit which fact is checked by `clearmirror rulebook check`.
 */

const fact = z.string().max(60);
const word = z.string().max(40);
/** A number, or the name of one of the rulebook's parameters. */
const threshold = z.union([z.number().int().nonnegative(), z.strictObject({ parameter: z.string().max(40) })]);

export const factConditionSchema = z.union([
  /** A yes-or-no fact is so; a choice is this word. */
  z.strictObject({ fact, is: z.union([z.boolean(), word]) }),
  /** A choice is one of these words. */
  z.strictObject({ fact, isOneOf: z.array(word).min(1).max(40) }),
  /** A list has this word; any of them; all of them. */
  z.strictObject({ fact, has: word }),
  z.strictObject({ fact, hasAny: z.array(word).min(1).max(40) }),
  z.strictObject({ fact, hasAll: z.array(word).min(1).max(40) }),
  /** A figure. */
  z.strictObject({ fact, atLeast: threshold }),
  z.strictObject({ fact, moreThan: threshold }),
  /** A day. */
  z.strictObject({ fact, onOrAfter: z.iso.date() }),
  z.strictObject({ fact, before: z.iso.date() }),
]);
export type FactCondition = z.infer<typeof factConditionSchema>;

export type Condition =
  | FactCondition
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { definition: string }
  | { always: true };

export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    factConditionSchema,
    z.strictObject({ all: z.array(conditionSchema).min(1).max(40) }),
    z.strictObject({ any: z.array(conditionSchema).min(1).max(40) }),
    z.strictObject({ not: conditionSchema }),
    z.strictObject({ definition: z.string().max(40) }),
    /** Whatever is in the scope of the rulebook. */
    z.strictObject({ always: z.literal(true) }),
  ]),
);

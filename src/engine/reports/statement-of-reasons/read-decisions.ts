import type { z } from 'zod';
import type { Lang } from '../../../contract/lang.ts';
import { type ModerationDecision, moderationDecisionsSchema } from '../../../contract/statement-of-reasons.ts';
import { type ApiFieldName, isApiFieldName } from './api-fields.ts';
import { checkEach, type StatementFault } from './check-statement.ts';
import { prefillOf, type Screened } from './prefill.ts';
import { placesInDecision, type Statement, statementOf } from './statement-of-reasons.ts';

/** A fault by its place in the file of decisions, and by the field of the database that it keeps empty or wrong. */
export interface DecisionFault extends StatementFault {
  field: ApiFieldName | null;
}

export interface DecisionsRead {
  /** Empty when there are faults: the database takes all or none. */
  statements: Statement[];
  faults: DecisionFault[];
}

/**
 * Makes the statements of a file of decisions. What a decision leaves out is filled in from the screening that it names, where there is
 * something to fill in; what it says itself stands.
 *
 * @param screenings By SHA-256 of their file.
 * @param lang In which the facts of a screening are told.
 */
export function readDecisions(
  text: string,
  { screenings, lang }: { screenings: ReadonlyMap<string, Screened>; lang: Lang },
): DecisionsRead {
  const json = parseJson(text);
  if (json === undefined) return broken([{ code: 'not-json', path: [], params: {}, field: null }]);
  const parsed = moderationDecisionsSchema.safeParse(json);
  if (!parsed.success) return broken(parsed.error.issues.flatMap(shapeFaults));
  const { decisions } = parsed.data;
  const unknown = decisions.flatMap(({ screening }, index): DecisionFault[] =>
    screening === undefined || screenings.has(screening)
      ? []
      : [{ code: 'screening-unknown', path: ['decisions', index, 'screening'], params: {}, field: null }],
  );
  const statements = decisions.map((decision) => statementOf(filledIn(decision, screenings, lang)));
  const faults = [...unknown, ...checkEach(statements).map(inDecisions)];
  return faults.length > 0 ? broken(faults) : { statements, faults: [] };
}

function filledIn(
  { screening, ...decision }: ModerationDecision,
  screenings: ReadonlyMap<string, Screened>,
  lang: Lang,
): ModerationDecision {
  const screened = screening === undefined ? undefined : screenings.get(screening);
  return screened ? { ...prefillOf(screened, lang), ...decision } : decision;
}

function broken(faults: DecisionFault[]): DecisionsRead {
  return { statements: [], faults };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function inDecisions({ code, path, params }: StatementFault): DecisionFault {
  const [, index = 0, name, ...rest] = path;
  const field = typeof name === 'string' && isApiFieldName(name) ? name : null;
  const place = field === null ? [] : placesInDecision[field];
  return { code, path: ['decisions', index, ...place, ...rest], params, field };
}

function shapeFaults(issue: z.core.$ZodIssue): DecisionFault[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  const fault = (code: StatementFault['code'], more: string[] = [], params: StatementFault['params'] = {}) => ({
    ...{ code, path: [...path, ...more], params },
    field: null,
  });
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => fault('unknown-field', [key], { field: key }));
  if (issue.code === 'invalid_value' || issue.code === 'invalid_union') return [fault('not-one-of')];
  if (issue.code === 'too_small') return [fault('empty')];
  if (issue.code === 'too_big') return [fault('too-many', [], { max: Number(issue.maximum) })];
  if (issue.code === 'invalid_format') return [fault('not-a-digest')];
  return [fault('wrong-type')];
}

import { type ApiFieldName, apiFieldNames, apiFields, isApiFieldName } from './api-fields.ts';

export const statementFaultCodes = [
  'required',
  'required-with',
  'only-with',
  'not-with',
  'no-decision',
  'wrong-type',
  'not-one-of',
  'too-long',
  'not-a-puid',
  'not-a-url',
  'not-a-day',
  'too-early',
  'too-late',
  'not-an-ean',
  'unknown-field',
  'not-an-object',
  'empty',
  'too-many',
  'puid-twice',
  'puid-in-line',
  'not-json',
  'not-a-digest',
  'screening-unknown',
] as const;
export type StatementFaultCode = (typeof statementFaultCodes)[number];

/** Why the Transparency Database would refuse a body, or silently drop a part of it; or why there is none yet. */
export interface StatementFault {
  code: StatementFaultCode;
  /** Place in the body, such as `['content_type', 1]`, in a batch after `statements` and the number of the statement. */
  path: (string | number)[];
  params: Record<string, string | number>;
}

export const mostStatements = 100;

/** One statement as a body of `POST /api/v1/statement`. Empty: it would be taken. */
export function checkStatement(body: unknown): StatementFault[] {
  if (!isRecord(body)) return [{ code: 'not-an-object', path: [], params: {} }];
  const unknown = Object.keys(body).filter((name) => !isApiFieldName(name));
  return [
    ...unknown.map((name): StatementFault => ({ code: 'unknown-field', path: [name], params: { field: name } })),
    ...apiFieldNames.flatMap((name) => fieldFaults(body, name)),
    ...conditionFaults(body),
  ];
}

/** A body of `POST /api/v1/statements`: all are taken, or none. */
export function checkBatch(body: unknown): StatementFault[] {
  const statements = isRecord(body) ? body['statements'] : undefined;
  if (!Array.isArray(statements)) return [{ code: 'not-an-object', path: ['statements'], params: {} }];
  if (statements.length === 0) return [{ code: 'empty', path: ['statements'], params: {} }];
  const tooMany: StatementFault = { code: 'too-many', path: ['statements'], params: { max: mostStatements } };
  return [...(statements.length > mostStatements ? [tooMany] : []), ...checkEach(statements)];
}

/** Any number of statements that go to one platform: each by itself, and that none has the number of another. */
export function checkEach(statements: readonly unknown[]): StatementFault[] {
  const seen = new Map<string, number>();
  return statements.flatMap((one, index) => {
    const puid = isRecord(one) ? one['puid'] : undefined;
    const faults = checkStatement(one);
    const first = typeof puid === 'string' ? seen.get(puid) : undefined;
    if (first !== undefined) faults.push({ code: 'puid-twice', path: ['puid'], params: { first: first + 1 } });
    else if (typeof puid === 'string') seen.set(puid, index);
    return faults.map((fault) => ({ ...fault, path: ['statements', index, ...fault.path] }));
  });
}

type Body = Record<string, unknown>;

function fieldFaults(body: Body, name: ApiFieldName): StatementFault[] {
  const { schema, required } = apiFields[name];
  const value = body[name];
  if (isMissing(value)) return required ? [{ code: 'required', path: [name], params: {} }] : [];
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => ({
    code: codeOf(issue.code === 'unrecognized_keys' ? 'unknown-field' : issue.message),
    path: [name, ...issue.path.filter((part) => typeof part !== 'symbol')],
    params: issue.code === 'custom' ? numbersAndWords(issue.params) : {},
  }));
}

/** What one field demands of another. */
function conditionFaults(body: Body): StatementFault[] {
  const families = ['decision_visibility', 'decision_monetary', 'decision_provision', 'decision_account'];
  const decided = families.some((family) => !isMissing(body[family]));
  return [
    ...(decided ? [] : [{ code: 'no-decision' as const, path: ['decision_visibility'], params: {} }]),
    ...goesWith(body, 'decision_visibility_other', 'decision_visibility', 'DECISION_VISIBILITY_OTHER'),
    ...goesWith(body, 'decision_monetary_other', 'decision_monetary', 'DECISION_MONETARY_OTHER'),
    ...goesWith(body, 'content_type_other', 'content_type', 'CONTENT_TYPE_OTHER'),
    ...goesWith(body, 'illegal_content_legal_ground', 'decision_ground', 'DECISION_GROUND_ILLEGAL_CONTENT'),
    ...goesWith(body, 'illegal_content_explanation', 'decision_ground', 'DECISION_GROUND_ILLEGAL_CONTENT'),
    ...goesWith(body, 'incompatible_content_ground', 'decision_ground', 'DECISION_GROUND_INCOMPATIBLE_CONTENT'),
    ...goesWith(body, 'incompatible_content_explanation', 'decision_ground', 'DECISION_GROUND_INCOMPATIBLE_CONTENT'),
    ...onlyWith(body, 'incompatible_content_illegal', 'decision_ground', 'DECISION_GROUND_INCOMPATIBLE_CONTENT'),
    ...(holds(body, 'source_type', 'SOURCE_VOLUNTARY') && !isMissing(body['source_identity'])
      ? [fault('not-with', 'source_identity', 'source_type', 'SOURCE_VOLUNTARY')]
      : []),
  ];
}

/** Required when the other field says so, and else dropped by the database: text that somebody wrote would be lost. */
function goesWith(body: Body, field: ApiFieldName, other: ApiFieldName, value: string): StatementFault[] {
  if (!holds(body, other, value)) return onlyWith(body, field, other, value);
  return isMissing(body[field]) ? [fault('required-with', field, other, value)] : [];
}

function onlyWith(body: Body, field: ApiFieldName, other: ApiFieldName, value: string): StatementFault[] {
  return holds(body, other, value) || isMissing(body[field]) ? [] : [fault('only-with', field, other, value)];
}

function fault(code: StatementFaultCode, field: ApiFieldName, other: ApiFieldName, value: string): StatementFault {
  return { code, path: [field], params: { other, value } };
}

function holds(body: Body, field: ApiFieldName, value: string): boolean {
  const held = body[field];
  return Array.isArray(held) ? held.includes(value) : held === value;
}

/** The database trims texts, and takes an empty one, or an empty list, for nothing. */
function isMissing(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  return Array.isArray(value) && value.length === 0;
}

function isRecord(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function codeOf(message: string): StatementFaultCode {
  return statementFaultCodes.find((code) => code === message) ?? 'wrong-type';
}

function numbersAndWords(params: Record<string, unknown> | undefined): StatementFault['params'] {
  const entries = Object.entries(params ?? {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string | number] => ['string', 'number'].includes(typeof entry[1])),
  );
}

import type { Lang } from '../contract/lang.ts';
import {
  checkBatch,
  checkStatement,
  type StatementFault,
} from '../engine/reports/statement-of-reasons/check-statement.ts';
import { sayFault } from './statement-text.ts';

/** What is wrong with bodies for the database that somebody else made, one a line; each fault as it is printed. */
export function checkBodies(file: string, text: string, lang: Lang): string[] {
  const told = (place: string, fault: StatementFault) => sayFault(place, { ...fault, field: null }, lang);
  const lines = text.split('\n').map((line, index) => ({ line, no: index + 1 }));
  const bodies = lines.filter(({ line }) => line.trim() !== '').map(({ line, no }) => ({ body: parsed(line), no }));
  if (bodies.length === 0) return [told(file, { code: 'empty', path: [], params: {} })];
  /** Number of the line in which each puid stood first. */
  const seen = new Map<string, number>();
  return bodies.flatMap(({ body, no }) =>
    [...faultsOf(body), ...againIn(body, no, seen)].map((fault) => told(`${file}:${no}`, fault)),
  );
}

/** The database takes every puid once, whatever body it comes in. */
function againIn(body: unknown, no: number, seen: Map<string, number>): StatementFault[] {
  const many = isObject(body) ? body['statements'] : undefined;
  const statements: unknown[] = Array.isArray(many) ? many : [body];
  return statements.flatMap((one, index): StatementFault[] => {
    const puid = isObject(one) ? one['puid'] : undefined;
    if (typeof puid !== 'string') return [];
    const line = seen.get(puid);
    if (line === undefined) seen.set(puid, no);
    // Within one batch its own check tells.
    if (line === undefined || line === no) return [];
    return [
      { code: 'puid-in-line', path: Array.isArray(many) ? ['statements', index, 'puid'] : ['puid'], params: { line } },
    ];
  });
}

const notJson = Symbol('not JSON');

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return notJson;
  }
}

function faultsOf(body: unknown): StatementFault[] {
  if (body === notJson) return [{ code: 'not-json', path: [], params: {} }];
  return isObject(body) && 'statements' in body ? checkBatch(body) : checkStatement(body);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

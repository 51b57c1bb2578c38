import type { Lang } from '../contract/lang.ts';
import {
  checkBatch,
  checkStatement,
  type StatementFault,
} from '../engine/reports/statement-of-reasons/check-statement.ts';
import { sayFault } from './statement-text.ts';

/** What is wrong with bodies for the database that somebody else made, one a line; each fault as it is printed. */
export function checkBodies(file: string, text: string, lang: Lang): string[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    return faultsOf(line).map((fault) => sayFault(`${file}:${index + 1}`, { ...fault, field: null }, lang));
  });
}

function faultsOf(line: string): StatementFault[] {
  try {
    const body: unknown = JSON.parse(line);
    const isBatch = typeof body === 'object' && body !== null && 'statements' in body;
    return isBatch ? checkBatch(body) : checkStatement(body);
  } catch {
    return [{ code: 'not-json', path: [], params: {} }];
  }
}

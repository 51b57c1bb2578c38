import { readFileSync, statSync } from 'node:fs';
import type { Lang } from '../contract/lang.ts';
import { Problem } from '../contract/problem.ts';
import { say } from '../contract/words.ts';
import { maxDocumentBytes, readRegisterDocument } from '../engine/register/read-document.ts';
import { errorCode } from '../platform/error-code.ts';
import { oneLine } from '../platform/one-line.ts';
import { refusalsOf } from '../platform/refusal.ts';
import type { CommandContext } from './command.ts';

export const refuse = refusalsOf('register', {
  'document-missing': 4,
  'document-too-large': 5,
  'document-broken': 2,
  'plan-obstacles': 5,
  'yes-needed': 2,
});

/** Reads a `clearmirror.yaml`; what is wrong with it is said line by line, then refused. */
export function readDocument(context: CommandContext, file: string, lang: Lang) {
  const { document, faults, lineOf } = readRegisterDocument(readText(file, lang), lang);
  if (document) return { document, lineOf };
  for (const { code, path, line, params } of faults) {
    sayPlace(context, { file, line, path, message: say(lang, `register.fault.${code}`, params) }, lang);
  }
  throw refuse(lang, 'document-broken', { file, count: faults.length });
}

function readText(file: string, lang: Lang): string {
  try {
    if (statSync(file).size > maxDocumentBytes) {
      throw refuse(lang, 'document-too-large', { file, limit: maxDocumentBytes / 1024 });
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw refuse(lang, 'document-missing', { file, code: errorCode(error) ?? '?' }, error);
  }
}

interface Place {
  file: string;
  line: number;
  path: readonly (string | number)[];
  message: string;
}

export function sayPlace({ err }: CommandContext, { file, line, path, message }: Place, lang: Lang): void {
  const where = path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at > 0 ? '.' : ''}${part}`))
    .join('');
  err(`${oneLine(say(lang, 'cli.register.obstacle', { file, line, path: where }))}\n    ${oneLine(message)}\n`);
}

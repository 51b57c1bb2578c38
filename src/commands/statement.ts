import { readFileSync, statSync } from 'node:fs';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { type Lang, langs } from '../contract/lang.ts';
import { Problem } from '../contract/problem.ts';
import { recordSchema } from '../contract/screening.ts';
import { overrideSchema } from '../contract/screenings.ts';
import { say } from '../contract/words.ts';
import type { Screened } from '../engine/reports/statement-of-reasons/prefill.ts';
import { readDecisions } from '../engine/reports/statement-of-reasons/read-decisions.ts';
import { batchesOf } from '../engine/reports/statement-of-reasons/statement-of-reasons.ts';
import { errorCode } from '../platform/error-code.ts';
import { oneLine } from '../platform/one-line.ts';
import { refusalsOf } from '../platform/refusal.ts';
import type { CommandContext } from './command.ts';
import { checkBodies } from './statement-check.ts';
import { sayFault } from './statement-text.ts';
import { writeWhole } from './write-whole.ts';

interface Flags {
  out?: string;
  screenings?: string;
  single: boolean;
  check: boolean;
  lang: Lang;
}

const refuse = refusalsOf('statement', {
  'file-missing': 4,
  'file-too-large': 5,
  'screenings-broken': 2,
  refused: 5,
  'out-unwritable': 1,
});

/** `clearmirror statement decisions.json`: bodies for the DSA Transparency Database, one a line. It sends nothing. */
export function statementCommand(context: CommandContext): Command {
  const about = (key: string) => say(context.config.lang, `cli.statement.${key}`);
  return new Command('statement')
    .description(about('about'))
    .argument('<file>', about('file'))
    .option('--out <file>', about('out'))
    .option('--screenings <file>', about('screenings'))
    .option('--single', about('single'), false)
    .option('--check', about('check'), false)
    .addOption(new Option('--lang <lang>', about('lang')).choices(langs).default(context.config.lang))
    .action((file: string, flags: Flags) =>
      flags.check ? check(context, file, flags) : makeStatements(context, file, flags),
    );
}

function makeStatements(context: CommandContext, file: string, { out, screenings, single, lang }: Flags): void {
  const known = new Map(screenings === undefined ? [] : readScreenings(screenings, lang));
  const { statements, faults } = readDecisions(readText(file, lang), { screenings: known, lang });
  if (faults.length > 0) {
    for (const fault of faults.slice(0, mostShown)) context.err(sayFault(file, fault, lang));
    throw refuse(lang, 'refused', { file, count: faults.length });
  }
  const bodies = single ? statements : batchesOf(statements);
  const text = bodies.map((body) => `${JSON.stringify(body)}\n`).join('');
  if (out === undefined) {
    context.out(text);
    return;
  }
  try {
    writeWhole(out, text);
  } catch (error) {
    throw refuse(lang, 'out-unwritable', { out, code: errorCode(error) ?? '?' }, error);
  }
  context.out(
    `${say(lang, 'cli.statement.written', { out: oneLine(out), bodies: bodies.length, count: statements.length })}\n`,
  );
}

function check(context: CommandContext, file: string, { lang }: Flags): void {
  const faults = checkBodies(file, readText(file, lang), lang);
  for (const fault of faults.slice(0, mostShown)) context.err(fault);
  if (faults.length > 0) throw refuse(lang, 'refused', { file, count: faults.length });
  context.out(`${say(lang, 'cli.statement.sound', { file: oneLine(file) })}\n`);
}

const mostShown = 100;
const maxBytes = 256 * 1024 * 1024;

function readText(file: string, lang: Lang): string {
  try {
    if (statSync(file).size > maxBytes) throw refuse(lang, 'file-too-large', { file, limit: maxBytes / 1024 / 1024 });
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw refuse(lang, 'file-missing', { file, code: errorCode(error) ?? '?' }, error);
  }
}

/** By SHA-256: what `clearmirror screen --json` printed, or screenings as a server answers them, one a line. */
function readScreenings(file: string, lang: Lang): [string, Screened][] {
  return readText(file, lang)
    .split('\n')
    .flatMap((line, index): [string, Screened][] => {
      if (line.trim() === '') return [];
      const screened = readScreened(line);
      if (!screened) throw refuse(lang, 'screenings-broken', { file, line: index + 1 });
      const { sha256 } = screened.record.file;
      return sha256 === null ? [] : [[sha256, screened]];
    });
}

function readScreened(line: string): Screened | null {
  try {
    const json: unknown = JSON.parse(line);
    const record = recordSchema.safeParse(json);
    if (record.success) return { record: record.data, override: null };
    const answer = answeredSchema.parse(json);
    return { record: answer.record, override: answer.override?.word ?? null };
  } catch {
    return null;
  }
}

const answeredSchema = z.object({ record: recordSchema, override: overrideSchema.pick({ word: true }).nullable() });

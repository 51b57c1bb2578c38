import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { openScreening } from '../app.ts';
import { type Lang, langs } from '../contract/lang.ts';
import type { ScreeningRecord } from '../contract/screening.ts';
import { strengths } from '../contract/strengths.ts';
import { speaker } from '../contract/words.ts';
import {
  limitsFor,
  usualHashLimit,
  usualMemoryMb,
  usualTimeSeconds,
  usualWindowSeconds,
} from '../features/screening/limits.ts';
import { type Screened, type ScreeningOptions, screenFiles } from '../features/screening/screening.ts';
import { type FoundFile, findFiles } from '../features/screening/walk.ts';
import type { CommandContext } from './command.ts';
import { showProgress } from './screen-progress.ts';
import type { Report } from './screen-report.ts';
import { describeFile, describeRow, describeTotals, plain, type Totals } from './screen-text.ts';
import { wholeNumber } from './whole-number.ts';

interface Flags {
  json?: boolean;
  report?: string;
  lang: Lang;
  jobs: number;
  full?: boolean;
  hash?: boolean;
  declared?: boolean;
  memoryLimit: number;
  timeLimit: number;
  failOn: string[];
  all?: boolean;
  details?: boolean;
  progress: boolean;
  verbose?: boolean;
}

/** `clearmirror screen PATH…`: what is known about each file, with evidence. */
export function screenCommand(context: CommandContext): Command {
  const say = speaker(context.config.lang);
  return new Command('screen')
    .description(say('cli.screen.about'))
    .argument('<path...>', say('cli.screen.paths'))
    .option('--json', say('cli.screen.json'))
    .option('--report <file>', say('cli.screen.report'))
    .addOption(new Option('--lang <lang>', say('cli.screen.lang')).choices(langs).default(context.config.lang))
    .option('--jobs <n>', say('cli.screen.jobs'), wholeNumber(1, 64), Math.min(8, availableParallelism()))
    .option('--full', say('cli.screen.full'))
    .option('--hash', say('cli.screen.hash'))
    .option('--declared', say('cli.screen.declared'))
    .option('--memory-limit <mb>', say('cli.screen.memory-limit'), wholeNumber(256, 65_536), usualMemoryMb)
    .option('--time-limit <s>', say('cli.screen.time-limit'), wholeNumber(1, 86_400), usualTimeSeconds)
    .option('--fail-on <words>', say('cli.screen.fail-on', { words: strengths.join(',') }), verdictWords, [])
    .option('--all', say('cli.screen.all'))
    .option('--details', say('cli.screen.details'))
    .option('--verbose', say('cli.screen.verbose'))
    .option('--no-progress', say('cli.screen.no-progress'))
    .addHelpText('after', `\n${say('cli.screen.examples')}`)
    .action((paths: string[], flags: Flags) => screen(context, paths, flags));
}

async function screen(context: CommandContext, paths: string[], flags: Flags): Promise<void> {
  const say = speaker(flags.lang);
  const screening = await openScreening({
    config: context.config,
    root: context.root,
    jobs: flags.jobs,
    onFault: ({ stage, reason, detail }) => {
      if (flags.verbose) context.err(`box down in ${stage ?? 'start'} (${reason}): ${plain(detail, 'text')}\n`);
    },
  });
  if (screening.reason) context.err(`${say('cli.screen.limits-only', { why: screening.reason })}\n`);

  const totals: Totals = { files: 0, unknown: 0, words: {} };
  const progress = showProgress(flags.progress);
  let bugs = 0;
  const onBug = (file: FoundFile, bug: unknown) => {
    bugs += 1;
    context.err(
      `${plain(file.name, 'text')}: ${say('cli.unexpected')}\n${bug instanceof Error ? bug.stack : String(bug)}\n`,
    );
  };
  const options = { ...optionsFrom(flags), onSettled: progress.settled, onBug };
  const detailed = flags.details === true || (await namesOneFile(paths));
  let report: Report | null = null;
  let worst = 0;
  const stopListening = onInterrupt(async (code) => {
    progress.stop();
    await report?.discard();
    process.exit(code);
  });
  try {
    report =
      flags.report === undefined ? null : await beginReport(flags.report, flags.lang, screening.versions.clearmirror);
    for await (const screened of screenFiles(progress.counting(findFiles(paths)), screening, options)) {
      count(totals, screened.record);
      worst = Math.max(worst, exitCodeFor(screened, flags.failOn));
      await report?.add(screened.record, screened.exhibits);
      if (flags.json) progress.print(context.out, `${plain(JSON.stringify(screened.record), 'json')}\n`);
      else if (detailed) progress.print(context.out, describeFile(screened.record, say));
      else if (flags.all || !isOther(screened)) progress.print(context.out, describeRow(screened.record, say));
    }
    await report?.close(totals);
  } catch (error) {
    await report?.discard();
    throw error;
  } finally {
    stopListening();
    progress.stop();
    await screening.pool.close();
  }
  if (!flags.json)
    context.out(describeTotals(totals, say, { detailed, all: flags.all === true, report: flags.report ?? null }));
  context.exit(bugs > 0 ? 1 : worst);
}

/** The page is loaded only when somebody wants one. */
async function beginReport(file: string, lang: Lang, generatedBy: string): Promise<Report> {
  const { openReport } = await import('./screen-report.ts');
  return openReport(file, { lang, say: speaker(lang), generatedBy });
}

/** Ctrl-C: records already printed are complete, boxes end with us (bwrap --die-with-parent), no half report stays. */
function onInterrupt(leave: (code: number) => Promise<void>): () => void {
  const interrupt = () => void leave(130);
  const terminate = () => void leave(143);
  const hangUp = () => void leave(129);
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', terminate);
  process.once('SIGHUP', hangUp);
  return () => {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', terminate);
    process.off('SIGHUP', hangUp);
  };
}

function optionsFrom(flags: Flags): ScreeningOptions {
  return {
    exhibits: flags.report !== undefined,
    declared: flags.declared === true,
    hashLimit: flags.hash ? null : usualHashLimit,
    windowSeconds: flags.full ? null : usualWindowSeconds,
    limits: limitsFor({ memoryMb: flags.memoryLimit, timeSeconds: flags.timeLimit }),
  };
}

/** docs/exit-codes.md; a higher number wins, so that what was asked for (10) is never hidden by a broken file. */
function exitCodeFor({ file, record }: Screened, failOn: string[]): number {
  if (failOn.includes(record.verdict.word)) return 10;
  if (record.findings.some(({ code }) => code === 'unreadable') && file.named) return 4;
  return record.findings.some(({ severity }) => severity === 'error') ? 3 : 0;
}

/** In folders lie notes and scripts too: they are counted, and listed with --all. */
function isOther({ file, record }: Screened): boolean {
  return (
    !file.named &&
    record.findings.every(
      ({ code }) =>
        code === 'unknown-format' || code === 'empty-file' || code === 'link-not-followed' || code === 'not-hashed',
    ) &&
    record.file.format === null &&
    record.findings.length > 0
  );
}

function count(totals: Totals, record: ScreeningRecord): void {
  totals.files += 1;
  const unexaminable = record.verdict.code === 'unexaminable';
  if (record.file.format === null && !unexaminable) totals.unknown += 1;
  else {
    const word = unexaminable ? 'unexaminable' : record.verdict.word;
    totals.words[word] = (totals.words[word] ?? 0) + 1;
  }
}

async function namesOneFile(paths: string[]): Promise<boolean> {
  if (paths.length !== 1) return false;
  for await (const file of findFiles(paths)) return file.named;
  return false;
}

function verdictWords(text: string): string[] {
  const words = text.split(',').map((word) => word.trim());
  const wrong = words.find((word) => !strengths.some((strength) => strength === word));
  if (wrong !== undefined) throw new InvalidArgumentError(strengths.join(', '));
  return words;
}

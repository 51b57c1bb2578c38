import { Command, Option } from 'commander';
import { say } from '../contract/words.ts';
import { benchLabel } from './bench-label.ts';
import { type BenchRow, benches, benchScreen } from './bench-screen.ts';
import { benchServe } from './bench-serve.ts';
import { benchWatermark } from './bench-watermark.ts';
import type { CommandContext } from './command.ts';

/** `clearmirror bench screen`: figures beside plain tools, in the same run, as ratios. */
export function benchCommand(context: CommandContext): Command {
  const { lang } = context.config;
  const bench = new Command('bench').description(say(lang, 'cli.bench.about'));
  bench
    .command('screen')
    .description(say(lang, 'cli.bench.screen'))
    .addOption(new Option('--rounds <n>', say(lang, 'cli.bench.rounds')).default('3'))
    .addOption(new Option('--only <name>', say(lang, 'cli.bench.only')).choices(Object.keys(benches)))
    .option('--json', say(lang, 'cli.bench.json'))
    .action(async (flags: { rounds: string; only?: string; json?: boolean }) => {
      const rows = benchScreen({
        root: context.root,
        only: flags.only ?? null,
        rounds: Math.max(1, Number(flags.rounds) || 3),
        note: (text) => context.err(`${text}\n`),
      });
      for await (const row of rows) show(context, row, flags.json === true);
    });
  bench
    .command('serve')
    .description(say(lang, 'cli.bench.serve'))
    .addOption(new Option('--seconds <n>', say(lang, 'cli.bench.seconds')).default('20'))
    .addOption(new Option('--screenings <n>', say(lang, 'cli.bench.screenings')).default('10000'))
    .addOption(new Option('--services <n>', say(lang, 'cli.bench.services')).default('1000'))
    .option('--json', say(lang, 'cli.bench.json'))
    .action(async (flags: { seconds: string; screenings: string; services: string; json?: boolean }) => {
      const rows = benchServe({
        root: context.root,
        seconds: Math.max(1, Number(flags.seconds) || 20),
        screenings: Math.max(1, Number(flags.screenings) || 10_000),
        services: Math.max(1, Number(flags.services) || 1_000),
        note: (text) => context.err(`${text}\n`),
      });
      for await (const row of rows) show(context, row, flags.json === true);
    });
  bench
    .command('watermark')
    .description(say(lang, 'cli.bench.watermark'))
    .option('--pictures <folder>', say(lang, 'cli.bench.pictures'))
    .option('--unmarked <folder>', say(lang, 'cli.bench.unmarked'))
    .addOption(new Option('--most <n>', say(lang, 'cli.bench.most')).default('2000'))
    .option('--json', say(lang, 'cli.bench.json'))
    .action(async (flags: { pictures?: string; unmarked?: string; most: string; json?: boolean }) => {
      const most = Math.max(1, Number(flags.most) || 2_000);
      const rows = benchWatermark({
        pictures: flags.pictures ?? null,
        unmarked: flags.unmarked ?? null,
        most: { unmarked: most, noise: most * 10 },
        note: (text) => context.err(`${text}\n`),
      });
      for await (const row of rows) show(context, row, flags.json === true);
    });
  bench
    .command('label')
    .description(say(lang, 'cli.bench.label'))
    .option('--json', say(lang, 'cli.bench.json'))
    .action(async (flags: { json?: boolean }) => {
      const note = (text: string) => context.err(`${text}\n`);
      for await (const row of benchLabel({ root: context.root, note })) show(context, row, flags.json === true);
    });
  bench
    .command('assess')
    .description(say(lang, 'cli.bench.assess'))
    .option('--json', say(lang, 'cli.bench.json'))
    .action(async (flags: { json?: boolean }) => {
      const note = (text: string) => context.err(`${text}\n`);
      // Only now: it brings the compiler of the report with it.
      const { benchAssess } = await import('./bench-assess.ts');
      for await (const row of benchAssess({ root: context.root, note })) show(context, row, flags.json === true);
    });
  return bench;
}

function show({ config, out }: CommandContext, row: BenchRow, json: boolean): void {
  const target = say(config.lang, 'cli.bench.target');
  const promised = row.met === null ? '' : `   ${target} ${row.target.padEnd(28)} ${row.met ? '✓' : '✗'}`;
  const line = `${row.name.padEnd(44)} ${row.figure.padStart(36)}${promised}`;
  out(`${json ? JSON.stringify(row) : line}\n`);
}

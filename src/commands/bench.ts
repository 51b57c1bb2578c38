import { Command, Option } from 'commander';
import { say } from '../contract/words.ts';
import { benches, benchScreen } from './bench-screen.ts';
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
      for await (const row of rows) {
        const line = `${row.name.padEnd(44)} ${row.figure.padStart(28)}   ${say(lang, 'cli.bench.target')} ${row.target.padEnd(28)} ${row.met ? '✓' : '✗'}`;
        context.out(`${flags.json ? JSON.stringify(row) : line}\n`);
      }
    });
  return bench;
}

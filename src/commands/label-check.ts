import { styleText } from 'node:util';
import { Command, Option } from 'commander';
import { openLabelling } from '../app.ts';
import type { LabelCheck } from '../contract/labelling.ts';
import { type Lang, langs } from '../contract/lang.ts';
import type { Check } from '../contract/screening.ts';
import { type Say, speaker } from '../contract/words.ts';
import { checkLabelOf } from '../features/labelling/check.ts';
import { limitsFor } from '../features/screening/limits.ts';
import type { CommandContext } from './command.ts';
import { plain } from './screen-text.ts';
import { wholeNumber } from './whole-number.ts';

interface Flags {
  json?: boolean;
  lang: Lang;
  memoryLimit: number;
  timeLimit: number;
}

/** `clearmirror label check FILE`: measures what people see or hear of a label, and judges it clause by clause. */
export function labelCheckCommand(context: CommandContext): Command {
  const say = speaker(context.config.lang);
  return new Command('check')
    .description(say('cli.label.check.about'))
    .argument('<file>', say('cli.label.check.file'))
    .option('--json', say('cli.label.check.json'))
    .addOption(new Option('--lang <lang>', say('cli.screen.lang')).choices(langs).default(context.config.lang))
    .option('--memory-limit <mb>', say('cli.screen.memory-limit'), wholeNumber(256, 65_536), 1_536)
    .option('--time-limit <s>', say('cli.screen.time-limit'), wholeNumber(1, 86_400), 600)
    .action((file: string, _own: object, command: Command) => check(context, file, command.optsWithGlobals<Flags>()));
}

async function check(context: CommandContext, path: string, flags: Flags): Promise<void> {
  const say = speaker(flags.lang);
  const tools = await openLabelling({ config: context.config, root: context.root, jobs: 1 });
  try {
    const limits = limitsFor({ memoryMb: flags.memoryLimit, timeSeconds: flags.timeLimit });
    const found = await checkLabelOf({ path, limits, say }, tools);
    context.out(flags.json ? `${JSON.stringify(found, null, 2)}\n` : describe(found, say));
    // As the gate and `screen --fail-on`: a script must not read sentences (docs/exit-codes.md).
    if (found.checks.some(({ outcome }) => outcome === 'fail')) context.exit(10);
  } finally {
    tools.workshop.close();
  }
}

const marks = { pass: ['✓', 'green'], warn: ['▲', 'yellow'], fail: ['✗', 'red'] } as const;

function describe({ file, checks }: LabelCheck, say: Say): string {
  const failed = checks.some(({ outcome }) => outcome === 'fail');
  const warned = checks.some(({ outcome }) => outcome === 'warn');
  const verdict = failed ? 'not-conforming' : warned ? 'conforming-with-doubts' : 'conforming';
  const lines = [
    `${styleText('bold', plain(file.name, 'text'))}  ${say(`cli.label.check.${verdict}`)}`,
    ...checks.map((one) => line(one, say)),
  ];
  return `${lines.join('\n')}\n`;
}

function line({ id, outcome, code, subject, clause, verified }: Check, say: Say): string {
  const [glyph, colour] = marks[outcome];
  const value = subject === undefined ? '' : ` (${plain(subject, 'text')})`;
  const doubt = verified ? '' : ` ${say('cli.screen.unverified')}`;
  return `  ${styleText(colour, glyph)} ${id.padEnd(8)} ${say(`check.${code}`)}${value}  ${styleText('gray', `${clause}${doubt}`)}`;
}

import { styleText } from 'node:util';
import { Command, Option } from 'commander';
import stringWidth from 'string-width';
import { openLabelling } from '../app.ts';
import { type Lang, langs } from '../contract/lang.ts';
import type { Fate, Survival } from '../contract/survival.ts';
import { type Say, speaker } from '../contract/words.ts';
import { measureSurvival } from '../features/labelling/survive.ts';
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

/** `clearmirror label survive FILE`: which label survives which ordinary treatment. */
export function labelSurviveCommand(context: CommandContext): Command {
  const say = speaker(context.config.lang);
  return new Command('survive')
    .description(say('cli.label.survive.about'))
    .argument('<file>', say('cli.label.survive.file'))
    .option('--json', say('cli.label.survive.json'))
    .addOption(new Option('--lang <lang>', say('cli.screen.lang')).choices(langs).default(context.config.lang))
    .option('--memory-limit <mb>', say('cli.screen.memory-limit'), wholeNumber(256, 65_536), 2_048)
    .option('--time-limit <s>', say('cli.screen.time-limit'), wholeNumber(1, 86_400), 3_600)
    .action((file: string, _own: object, command: Command) => survive(context, file, command.optsWithGlobals<Flags>()));
}

async function survive(context: CommandContext, path: string, flags: Flags): Promise<void> {
  const say = speaker(flags.lang);
  const tools = await openLabelling({ config: context.config, root: context.root, jobs: 1 });
  const watched = process.stderr.isTTY === true && !flags.json;
  let done = 0;
  try {
    const survival = await measureSurvival(
      {
        path,
        limits: limitsFor({ memoryMb: flags.memoryLimit, timeSeconds: flags.timeLimit }),
        say,
        onTreated: ({ id }, of) => {
          done += 1;
          if (watched) process.stderr.write(`\r\u001b[K ${done}/${of}  ${id}`);
        },
      },
      tools,
    );
    if (watched) process.stderr.write('\r\u001b[K');
    context.out(flags.json ? `${JSON.stringify(survival, null, 2)}\n` : describeSurvival(survival, say));
  } finally {
    tools.workshop.close();
  }
}

/** A heat table: treatments down, labels across; every fate has a glyph and a word besides its colour. */
export function describeSurvival({ file, followed, treatments, tools }: Survival, say: Say): string {
  const title = styleText('bold', plain(file.name, 'text'));
  if (followed.length === 0) return `${title}\n  ${say('cli.label.survive.nothing')}\n`;
  if (treatments.length === 0) return `${title}\n  ${say('cli.label.survive.no-ladder', { format: file.format })}\n`;
  const heads = followed.map((label) => say(`cli.label.survive.label.${label}`));
  const words = ['kept', 'altered', 'broken', 'lost'].map((fate) => say(`cli.label.survive.fate.${fate}`));
  const widths = heads.map((head) => Math.max(stringWidth(head), ...words.map((word) => stringWidth(word) + 2)));
  const first = Math.max(...treatments.map(({ id }) => id.length));
  const lines = [
    title,
    `  ${' '.repeat(first)}  ${heads.map((head, index) => pad(head, widths[index] ?? 0)).join('  ')}`,
    ...treatments.map(({ id, fates }) => {
      if (!fates) return `  ${id.padEnd(first)}  ${styleText('gray', say('cli.label.survive.not-done'))}`;
      const cells = followed.map((label, index) => cell(fates[label] ?? 'lost', widths[index] ?? 0, say));
      return `  ${id.padEnd(first)}  ${cells.join('  ')}`;
    }),
    styleText(
      'gray',
      `  ${Object.entries(tools)
        .map(([name, version]) => `${name} ${version}`)
        .join(' · ')}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

const looks: Record<Fate, { glyph: string; style: Parameters<typeof styleText>[0] }> = {
  kept: { glyph: '●', style: 'green' },
  altered: { glyph: '◐', style: 'yellow' },
  broken: { glyph: '✗', style: 'red' },
  lost: { glyph: '○', style: 'gray' },
};

function cell(fate: Fate, width: number, say: Say): string {
  const { glyph, style } = looks[fate];
  return styleText(style, pad(`${glyph} ${say(`cli.label.survive.fate.${fate}`)}`, width));
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

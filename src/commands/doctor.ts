import { styleText } from 'node:util';
import { Command, Option } from 'commander';
import stringWidth from 'string-width';
import { type Lang, langs } from '../contract/lang.ts';
import { type Say, speaker } from '../contract/words.ts';
import type { CommandContext } from './command.ts';
import { canScreen, type Part } from './doctor-parts.ts';
import { examineInstallation } from './doctor-probes.ts';

/** `doctor`: every part of the installation with its version, its state and what to do. Exit code 6 when screening cannot run. */
export function doctorCommand(context: CommandContext): Command {
  const say = speaker(context.config.lang);
  return new Command('doctor')
    .description(say('doctor.description'))
    .option('--json', say('doctor.option.json'))
    .addOption(new Option('--lang <lang>', say('doctor.option.lang')).choices(langs).default(context.config.lang))
    .action(async (options: { json?: true; lang: Lang }) => {
      const say = speaker(options.lang);
      const parts = await examineInstallation(context.config, context.root, Date.now());
      if (options.json) context.out(`${JSON.stringify(asJson(parts, say), null, 2)}\n`);
      else context.out(`${drawParts(parts, say, !context.config.noColor)}\n`);
      if (!canScreen(parts)) context.exit(6);
    });
}

function asJson(parts: readonly Part[], say: Say) {
  return {
    canScreen: canScreen(parts),
    parts: parts.map((part) => ({ ...part, text: { says: saysOf(part, say), next: nextOf(part, say) } })),
  };
}

function saysOf(part: Part, say: Say): string {
  return say(`doctor.says.${part.says}`, part.params);
}

function nextOf(part: Part, say: Say): string | null {
  return part.next === null ? null : say(`doctor.next.${part.next}`, part.params);
}

/** A line for each part, and below it what to do. State is a shape and a word; colour only repeats it. */
export function drawParts(parts: readonly Part[], say: Say, colour: boolean): string {
  const rows = parts.map((part) => ({
    part,
    state: `${glyphs[part.state]} ${say(`doctor.state.${part.state}`)}`,
    name: say(`doctor.part.${part.id}`),
    version: part.version ?? '–',
    says: saysOf(part, say),
    next: nextOf(part, say),
  }));
  const widest = (column: 'state' | 'name' | 'version') => Math.max(...rows.map((row) => stringWidth(row[column])));
  const [state, name, version] = [widest('state'), widest('name'), widest('version')];
  const indent = ' '.repeat(state + name + version + 6);
  const lines = rows.flatMap((row) => {
    const shown = pad(row.state, state);
    const line = [
      colour ? styleText(colours[row.part.state], shown) : shown,
      pad(row.name, name),
      pad(row.version, version),
      row.says,
    ].join('  ');
    return row.next === null ? [line] : [line, `${indent}→ ${row.next}`];
  });
  return [...lines, '', say(canScreen(parts) ? 'doctor.can-screen' : 'doctor.cannot-screen')].join('\n');
}

const glyphs = { ok: '✓', degraded: '▲', missing: '✗' } as const;
const colours = { ok: 'green', degraded: 'yellow', missing: 'red' } as const;

function pad(text: string, width: number): string {
  return text + ' '.repeat(width - stringWidth(text));
}

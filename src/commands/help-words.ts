import type { Command, Help, Option } from 'commander';
import stringWidth from 'string-width';
import type { Say } from '../contract/words.ts';

/** Makes the help of a command and of those below it speak the chosen language throughout, Chinese columns aligned. */
export function speakHelp(command: Command, say: Say): Command {
  command
    .configureHelp({
      styleTitle: (title) => (titles.get(title) ? say(titles.get(title) ?? title) : title),
      displayWidth: (text) => stringWidth(text),
      optionDescription: (option) => describe(option, say),
    })
    .helpOption('-h, --help', say('cli.help.help'));
  if (command.commands.length > 0) command.helpCommand('help [command]', say('cli.help.help-for'));
  for (const child of command.commands) speakHelp(child, say);
  return command;
}

const titles = new Map([
  ['Usage:', 'cli.help.usage'],
  ['Arguments:', 'cli.help.arguments'],
  ['Options:', 'cli.help.options'],
  ['Commands:', 'cli.help.commands'],
]);

/** The sentence, and in brackets what may be chosen and what is taken otherwise. Off and nothing are no values worth a word. */
function describe(option: Option, say: Say): ReturnType<Help['optionDescription']> {
  const value: unknown = option.defaultValue;
  const said = value === undefined || typeof value === 'boolean' || (Array.isArray(value) && value.length === 0);
  const extra = [
    ...(option.argChoices ? [say('cli.help.choices', { choices: option.argChoices.join(', ') })] : []),
    ...(said ? [] : [say('cli.help.default', { value: option.defaultValueDescription ?? String(value) })]),
  ];
  if (extra.length === 0) return option.description;
  return say('cli.help.extra', { description: option.description, extra: extra.join('; ') });
}

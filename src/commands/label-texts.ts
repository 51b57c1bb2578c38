import { styleText } from 'node:util';
import { Command, Option } from 'commander';
import stringWidth from 'string-width';
import { type Lang, langs } from '../contract/lang.ts';
import { type Say, speaker } from '../contract/words.ts';
import {
  interfacePlaces,
  interfaceTexts,
  type LabelClaim,
  labelClaims,
  labelLanguages,
  labelTexts,
  spokenTexts,
} from '../engine/labels/explicit/texts.ts';
import type { CommandContext } from './command.ts';

/** `clearmirror label texts`: what an interface shows or a voice says, for whoever builds the room, the page or the player. */
export function labelTextsCommand(context: CommandContext): Command {
  const say = speaker(context.config.lang);
  return new Command('texts')
    .description(say('cli.label.texts.about'))
    .option('--json', say('cli.label.texts.json'))
    .addOption(new Option('--lang <lang>', say('cli.screen.lang')).choices(langs).default(context.config.lang))
    .action((_own: object, command: Command) => {
      const { json, lang } = command.optsWithGlobals<{ json?: boolean; lang: Lang }>();
      context.out(json ? `${JSON.stringify(allTexts(), null, 2)}\n` : describeTexts(speaker(lang)));
    });
}

const places = ['picture', 'voice', ...interfacePlaces] as const;
type Place = (typeof places)[number];

function textOf(claim: LabelClaim, place: Place, lang: (typeof labelLanguages)[number]): string {
  if (place === 'picture') return labelTexts[claim][lang][0];
  return place === 'voice' ? spokenTexts[claim][lang] : interfaceTexts[claim][place][lang];
}

function allTexts() {
  return labelClaims.flatMap((claim) =>
    places.map((place) => ({ claim, place, zh: textOf(claim, place, 'zh'), en: textOf(claim, place, 'en') })),
  );
}

function describeTexts(say: Say): string {
  const heads = places.map((place) => say(`cli.label.texts.place.${place}`));
  const width = Math.max(...heads.map((head) => stringWidth(head)));
  const lines = labelClaims.flatMap((claim) => [
    styleText('bold', say(`cli.label.texts.claim.${claim}`)),
    ...places.flatMap((place, index) => {
      const head = heads[index] ?? '';
      const indent = ' '.repeat(width - stringWidth(head));
      const [zh, en] = labelLanguages.map((lang) => textOf(claim, place, lang));
      return [`  ${styleText('gray', head)}${indent}  ${zh}`, `  ${' '.repeat(width)}  ${en}`];
    }),
  ]);
  return `${lines.join('\n')}\n\n${styleText('gray', say('cli.label.texts.duty'))}\n`;
}

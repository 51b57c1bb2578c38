import { Command, Option } from 'commander';
import { type Lang, langs } from '../contract/lang.ts';
import { say } from '../contract/words.ts';
import {
  type AddedModel,
  addModel,
  type BrokenModel,
  bestWords,
  type InstalledModel,
  listModels,
  removeModel,
  type TryModel,
} from '../features/models/models.ts';
import { oneLine } from '../platform/one-line.ts';
import type { CommandContext } from './command.ts';

/** `clearmirror models add|list|remove`. A foreign model is first loaded by `tryModel`, in a plain child process unless given. */
export function modelsCommand(context: CommandContext, { tryModel }: { tryModel?: TryModel } = {}): Command {
  const { config, root, out } = context;
  const { dataFolder } = config;
  const about = (key: string) => say(config.lang, `cli.models.${key}`);
  const langOf = (command: Command) => command.optsWithGlobals<{ lang?: Lang }>().lang ?? config.lang;

  const models = new Command('models')
    .description(about('about'))
    .addOption(new Option('--lang <lang>', about('lang')).choices(langs));

  models
    .command('add')
    .description(about('add.about'))
    .argument('<source>', about('add.source'))
    .option('--card <file>', about('add.card'))
    .option('--replace', about('add.replace'), false)
    .option('--json', about('json'), false)
    .action(async (source: string, options: { card?: string; replace: boolean; json: boolean }, command: Command) => {
      const lang = langOf(command);
      const { card: cardFile, replace, json } = options;
      const added = await addModel({ source, cardFile, replace, dataFolder, root, now: new Date(), lang, tryModel });
      out(json ? `${JSON.stringify({ state: added.state, ...summary(added.card) })}\n` : sayAdded(added, lang));
    });

  models
    .command('list')
    .description(about('list.about'))
    .option('--json', about('json'), false)
    .action(({ json }: { json: boolean }, command: Command) => {
      const found = listModels({ dataFolder, root });
      out(json ? `${JSON.stringify(listing(found), null, 2)}\n` : sayList(found, langOf(command)));
    });

  models
    .command('remove')
    .description(about('remove.about'))
    .argument('<id>', about('remove.id'))
    .action(async (id: string, _options: object, command: Command) => {
      const lang = langOf(command);
      await removeModel({ id, dataFolder, root, lang });
      out(`${say(lang, 'cli.models.removed', { id })}\n`);
    });

  return models;
}

function sayAdded({ card, state }: AddedModel, lang: Lang): string {
  const { id, version, kind, title } = card;
  const first = say(lang, `cli.models.${state}`, { id, version, kind, title: title[lang] });
  return lines([first, ...(state === 'unchanged' ? [] : sayWords(card, lang))]);
}

function sayList({ models, broken }: { models: InstalledModel[]; broken: BrokenModel[] }, lang: Lang): string {
  if (models.length + broken.length === 0) {
    return lines([say(lang, 'cli.models.empty'), say(lang, 'cli.models.empty-next')]);
  }
  return lines([
    ...models.flatMap(({ card, origin }) => {
      const { id, version, kind, licence, title } = card;
      return [
        say(lang, 'cli.models.line', { id, version, kind, origin, licence, title: title[lang] }),
        ...sayWords(card, lang),
      ];
    }),
    ...broken.map(({ id, reason }) => say(lang, 'cli.models.broken', { id: oneLine(id), reason: oneLine(reason) })),
  ]);
}

function sayWords(card: InstalledModel['card'], lang: Lang): string[] {
  if (card.kind === 'face') return [`  ${say(lang, 'cli.models.face-waits')}`];
  return bestWords(card).map(({ channel, why }) =>
    why === null
      ? `  ${say(lang, 'cli.models.channel-strong', { channel })}`
      : `  ${say(lang, 'cli.models.channel-some', { channel, why })}`,
  );
}

function listing({ models, broken }: { models: InstalledModel[]; broken: BrokenModel[] }) {
  return {
    models: models.map(({ card, origin, installedAt }) => ({ ...summary(card), origin, installedAt })),
    broken,
  };
}

function summary(card: InstalledModel['card']) {
  const { id, version, kind, title, licence, model } = card;
  return { id, version, kind, title, licence, sha256: model.sha256, channels: bestWords(card) };
}

function lines(texts: string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

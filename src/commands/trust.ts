import { Command, Option } from 'commander';
import { type Lang, langs } from '../contract/lang.ts';
import { say } from '../contract/words.ts';
import {
  addTrustList,
  type BrokenTrustList,
  type ListUpdate,
  listTrust,
  parseSource,
  removeTrustList,
  type TrustList,
  updateTrustLists,
} from '../features/trust/trust.ts';
import { oneLine } from '../platform/one-line.ts';
import type { CommandContext } from './command.ts';

/** `clearmirror trust add|list|update|remove`. Only `update` ever asks anything of another machine. */
export function trustCommand(context: CommandContext): Command {
  const { config, out, err } = context;
  const { dataFolder } = config;
  const about = (key: string) => say(config.lang, `cli.trust.${key}`);
  const langOf = (command: Command) => command.optsWithGlobals<{ lang?: Lang }>().lang ?? config.lang;

  const trust = new Command('trust')
    .description(about('about'))
    .addOption(new Option('--lang <lang>', about('lang')).choices(langs));

  trust
    .command('add')
    .description(about('add.about'))
    .argument('<file>', about('add.file'))
    .requiredOption('--id <id>', about('add.id'))
    .option('--tsa', about('add.tsa'), false)
    .option('--name <name>', about('add.name'))
    .option('--list-version <version>', about('add.version'))
    .option('--json', about('json'), false)
    .action(async (file: string, options: AddOptions, command: Command) => {
      const { id, tsa, name, listVersion, json } = options;
      const [lang, now] = [langOf(command), new Date()];
      const kind = tsa ? 'tsa' : 'signer';
      const list = await addTrustList({ dataFolder, file, id, kind, name, version: listVersion, now, lang });
      out(
        json
          ? `${JSON.stringify(list)}\n`
          : lines([say(lang, 'cli.trust.added', { id }), ...sayTrustList(list, now, lang)]),
      );
    });

  trust
    .command('list')
    .description(about('list.about'))
    .option('--json', about('json'), false)
    .action(({ json }: { json: boolean }, command: Command) => {
      const found = listTrust(dataFolder);
      out(json ? `${JSON.stringify(found, null, 2)}\n` : lines(sayLists(found, new Date(), langOf(command))));
      if (found.broken.length > 0) context.exit(5);
    });

  trust
    .command('update')
    .description(about('update.about'))
    .option('--source <source...>', about('update.source'))
    .option('--force', about('update.force'), false)
    .option('--json', about('json'), false)
    .action(async ({ source, force, json }: UpdateOptions, command: Command) => {
      const lang = langOf(command);
      const updates = await updateTrustLists({
        dataFolder,
        sources: source?.map((text) => parseSource(text, lang)),
        force,
        now: new Date(),
        lang,
        onFetch: ({ url }) => err(`${say(lang, 'cli.trust.fetching', { url })}\n`),
      });
      out(json ? `${JSON.stringify(updates, null, 2)}\n` : lines(updates.flatMap((update) => sayUpdate(update, lang))));
    });

  trust
    .command('remove')
    .description(about('remove.about'))
    .argument('<id>', about('remove.id'))
    .action(async (id: string, _options: object, command: Command) => {
      const lang = langOf(command);
      await removeTrustList({ dataFolder, id, lang });
      out(lines([say(lang, 'cli.trust.removed', { id })]));
    });

  return trust;
}

interface AddOptions {
  id: string;
  tsa: boolean;
  name?: string;
  listVersion?: string;
  json: boolean;
}

interface UpdateOptions {
  source?: string[];
  force: boolean;
  json: boolean;
}

function sayLists(
  { lists, broken }: { lists: TrustList[]; broken: BrokenTrustList[] },
  now: Date,
  lang: Lang,
): string[] {
  if (lists.length + broken.length === 0)
    return ['empty', 'empty-next', 'empty-own'].map((key) => say(lang, `cli.trust.${key}`));
  return [
    ...lists.flatMap((list) => sayTrustList(list, now, lang)),
    ...broken.map(({ id, reason }) => say(lang, 'cli.trust.broken', { id, reason: oneLine(reason) })),
    ...(lists.some(({ kind }) => kind === 'signer') ? [] : [say(lang, 'cli.trust.no-signers')]),
  ];
}

function sayTrustList(list: TrustList, now: Date, lang: Lang): string[] {
  const { id, name, version, kind, certificates, source, sha256, validUntil } = list;
  const expired = validUntil.filter((until) => Date.parse(until) < now.getTime()).length;
  const next = validUntil.find((until) => Date.parse(until) >= now.getTime())?.slice(0, 10);
  const params = { id, name, version, certificates, expired, source, sha256, updated: list.updatedAt.slice(0, 10) };
  return [
    say(lang, `cli.trust.line-${kind}`, params),
    `  ${say(lang, 'cli.trust.line-source', params)}`,
    ...(expired > 0 ? [`  ${say(lang, 'cli.trust.line-expired', params)}`] : []),
    ...(next ? [`  ${say(lang, 'cli.trust.line-next', { next })}`] : []),
  ];
}

function sayUpdate({ id, state, version, certificates, added, removed }: ListUpdate, lang: Lang): string[] {
  return [
    say(lang, `cli.trust.${state}`, { id, version, certificates }),
    ...(state === 'unchanged' ? [] : added.map((subject) => `  + ${subject}`)),
    ...removed.map((subject) => `  - ${subject}`),
  ];
}

function lines(texts: string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

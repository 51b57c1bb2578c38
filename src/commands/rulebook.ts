import { join, resolve, sep } from 'node:path';
import { Command, Option } from 'commander';
import { DateTime } from 'luxon';
import { type Lang, langs } from '../contract/lang.ts';
import type { Rulebook } from '../contract/rulebook.ts';
import { say } from '../contract/words.ts';
import { countRules } from '../engine/rulebooks/rules.ts';
import { refuse } from '../features/rulebooks/refusal.ts';
import {
  askRulebooks,
  checkRulebooks,
  openRulebooks,
  type RulebookFinding,
  type Rulebooks,
  readFactsFile,
} from '../features/rulebooks/rulebooks.ts';
import type { CommandContext } from './command.ts';
import { describeAnswer } from './rulebook-text.ts';

/** `clearmirror rulebook check|list|ask`: rulebooks are data, so everything here works without a server. */
export function rulebookCommand(context: CommandContext): Command {
  const { config, out } = context;
  const shipped = join(context.root, 'rulebooks');
  const about = (key: string) => say(config.lang, `cli.rulebook.${key}`);
  const langOf = (command: Command) => command.optsWithGlobals<{ lang?: Lang }>().lang ?? config.lang;
  const open = (own: string[] | undefined, lang: Lang) =>
    openRulebooks({ folders: [shipped, ...(own ?? [])], lang }).current();

  const rulebook = new Command('rulebook')
    .description(about('about'))
    .addOption(new Option('--lang <lang>', about('lang')).choices(langs));

  rulebook
    .command('check')
    .description(about('check.about'))
    .argument('[folder...]', about('check.folders'))
    .option('--json', about('json'), false)
    .action((folders: string[], { json }: { json: boolean }, command: Command) => {
      const lang = langOf(command);
      // The shipped calendars serve rulebooks of other folders too.
      const checked = checkRulebooks([...new Set([shipped, ...folders])], lang);
      const named = folders.length === 0 ? [shipped] : folders;
      const isAsked = (file: string) => named.some((folder) => resolve(file).startsWith(join(resolve(folder), sep)));
      const [files, findings] = [checked.files.filter(isAsked), checked.findings.filter(({ file }) => isAsked(file))];
      out(json ? `${JSON.stringify({ files, findings }, null, 2)}\n` : lines(sayCheck(files, findings, lang)));
      if (findings.some(({ level }) => level === 'error')) context.exit(5);
    });

  rulebook
    .command('list')
    .description(about('list.about'))
    .option('--folder <folder...>', about('folder'))
    .option('--json', about('json'), false)
    .action(({ folder, json }: { folder?: string[]; json: boolean }, command: Command) => {
      const lang = langOf(command);
      const found = open(folder, lang);
      out(json ? `${JSON.stringify(listed(found), null, 2)}\n` : lines(sayList(found, lang)));
    });

  rulebook
    .command('ask')
    .description(about('ask.about'))
    .argument('<facts>', about('ask.facts'))
    .option('--now <time>', about('ask.now'))
    .option('--only <id...>', about('ask.only'))
    .option('--folder <folder...>', about('folder'))
    .option('--all', about('ask.all'), false)
    .option('--json', about('json'), false)
    .action((file: string, options: AskOptions, command: Command) => {
      const lang = langOf(command);
      const facts = readFactsFile(file, lang);
      const now = options.now === undefined ? new Date() : readTime(options.now, lang);
      const answer = askRulebooks(open(options.folder, lang), { facts, now, only: options.only, lang });
      out(options.json ? `${JSON.stringify(answer, null, 2)}\n` : describeAnswer(answer, lang, { all: options.all }));
    });

  return rulebook;
}

interface AskOptions {
  now?: string;
  only?: string[];
  folder?: string[];
  all: boolean;
  json: boolean;
}

function readTime(text: string, lang: Lang): Date {
  const time = DateTime.fromISO(text);
  if (!time.isValid) throw refuse(lang, 'facts-bad-time', { text });
  return time.toJSDate();
}

function sayCheck(files: string[], findings: RulebookFinding[], lang: Lang): string[] {
  const rulebooks = files.filter((file) => file.endsWith('rulebook.yaml'));
  if (rulebooks.length === 0) return [say(lang, 'cli.rulebook.check.nothing')];
  const count = (level: string) => findings.filter((finding) => finding.level === level).length;
  const isBroken = (file: string) => findings.some((finding) => finding.file === file && finding.level === 'error');
  const totals = { errors: count('error'), warnings: count('warning'), files: files.length };
  return [
    ...findings.flatMap(({ file, line, path, level, code, message }) => [
      `${file}:${line ?? 1}  ${say(lang, `cli.rulebook.level.${level}`)} ${code}${path === '' ? '' : `  ${path}`}`,
      `    ${message}`,
    ]),
    ...(findings.length > 0 ? [''] : []),
    `${say(lang, 'cli.rulebook.check.sound', { count: rulebooks.filter((file) => !isBroken(file)).length })} ${say(lang, 'cli.rulebook.check.counts', totals)}`,
  ];
}

function listed({ rulebooks, notChosen }: Rulebooks) {
  const describe = (used: boolean) => (rulebook: Rulebook) => {
    const { id, version, jurisdiction, title, shortTitle, inForce, alternative, triggers, requirements } = rulebook;
    const { all: rules, verified } = countRules(rulebook);
    const counts = { triggers: triggers.length, requirements: requirements.length, rules, verified };
    return { id, version, jurisdiction, title, shortTitle, inForce, alternative: alternative ?? null, used, ...counts };
  };
  return [...rulebooks.map(describe(true)), ...notChosen.map(describe(false))];
}

function sayList(found: Rulebooks, lang: Lang): string[] {
  return listed(found).flatMap(
    ({ id, title, jurisdiction, inForce, used, triggers, requirements, rules, verified }) => {
      const where = say(lang, `fact-word.${jurisdiction}`);
      const params = { jurisdiction: where, from: inForce.from, triggers, requirements, rules, verified };
      return [
        say(lang, 'cli.rulebook.list.line', { id, title: title[lang] }),
        `    ${say(lang, 'cli.rulebook.list.detail', params)}`,
        ...(used ? [] : [`    ${say(lang, 'cli.rulebook.list.not-chosen')}`]),
      ];
    },
  );
}

function lines(texts: string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { Lang } from '../../contract/lang.ts';
import { type Calendar, calendarSchema, type Rulebook, rulebookSchema } from '../../contract/rulebook.ts';
import { say } from '../../contract/words.ts';
import { checkCalendar } from '../../engine/rulebooks/check-calendar.ts';
import { checkRulebook } from '../../engine/rulebooks/check-rulebook.ts';
import { type Mistake, mistakeCodes } from '../../engine/rulebooks/mistakes.ts';
import { oneLine } from '../../platform/one-line.ts';
import { readYaml, type YamlFault } from './read-yaml.ts';

/** Something wrong in a file of rulebooks, with its place and its sentence. */
export interface RulebookFinding {
  level: 'error' | 'warning';
  code: string;
  file: string;
  line: number | null;
  /** `triggers[0].when.fact`; empty for the file as a whole. */
  path: string;
  message: string;
}

/** `choices.yaml` in an operator's own folder: numbers that a text leaves open, and which of two alternative texts is used. */
const choicesSchema = z.strictObject({
  schema: z.literal('clearmirror.rulebook-choices/1'),
  parameters: z.record(z.string(), z.record(z.string(), z.number().int().nonnegative())).default({}),
  alternatives: z.record(z.string(), z.string()).default({}),
});
export type Choices = Omit<z.infer<typeof choicesSchema>, 'schema'>;

export interface FoldersRead {
  /** Sound ones, by id in order. A later folder replaces a rulebook of an earlier one. */
  rulebooks: Map<string, Rulebook>;
  calendars: Map<string, Calendar>;
  choices: Choices;
  /** Files that were read. */
  files: string[];
  findings: RulebookFinding[];
}

/**
 * Reads folders of rulebooks: in each `<id>/rulebook.yaml`, `calendars/<id>.yaml` and `choices.yaml`. A folder that itself holds a
 * `rulebook.yaml` is one rulebook. Nothing is executed and no link leads further.
 */
export function readFolders(folders: readonly string[], lang: Lang): FoldersRead {
  const read: FoldersRead = {
    rulebooks: new Map(),
    calendars: new Map(),
    choices: { parameters: {}, alternatives: {} },
    files: [],
    findings: [],
  };
  for (const folder of folders) for (const file of calendarFiles(folder)) readCalendar(file, read, lang);
  for (const folder of folders) for (const file of rulebookFiles(folder)) readRulebook(file, read, lang);
  for (const folder of folders) readChoices(join(folder, 'choices.yaml'), read, lang);
  return read;
}

/** Every file that `readFolders` would read. */
export function filesOf(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => [
    ...calendarFiles(folder),
    ...rulebookFiles(folder),
    ...[join(folder, 'choices.yaml')].filter((file) => existsSync(file)),
  ]);
}

function rulebookFiles(folder: string): string[] {
  const own = join(folder, 'rulebook.yaml');
  if (existsSync(own)) return [own];
  return list(folder)
    .map((name) => join(folder, name, 'rulebook.yaml'))
    .filter((file) => existsSync(file));
}

function calendarFiles(folder: string): string[] {
  const calendars = join(folder, 'calendars');
  return list(calendars)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(calendars, name));
}

function list(folder: string): string[] {
  return existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder).sort() : [];
}

function readCalendar(file: string, read: FoldersRead, lang: Lang): void {
  const { value, faults, lineOf } = readYaml(file, calendarSchema, lang);
  const name = basename(file, '.yaml');
  const mistakes = value ? [...nameMistakes(value.id, name), ...checkCalendar(value)] : faults;
  const isSound = note(mistakes, file, lineOf, read, lang);
  if (value && isSound) read.calendars.set(value.id, value);
}

function readRulebook(file: string, read: FoldersRead, lang: Lang): void {
  const { value, faults, lineOf } = readYaml(file, rulebookSchema, lang);
  const name = basename(dirname(file));
  const mistakes = value ? [...nameMistakes(value.id, name), ...checkRulebook(value, read.calendars)] : faults;
  const isSound = note(mistakes, file, lineOf, read, lang);
  if (value && isSound) read.rulebooks.set(value.id, value);
}

function readChoices(file: string, read: FoldersRead, lang: Lang): void {
  if (!existsSync(file)) return;
  const { value, faults, lineOf } = readYaml(file, choicesSchema, lang);
  const mistakes = value ? choiceMistakes(value, read.rulebooks) : faults;
  if (!note(mistakes, file, lineOf, read, lang) || !value) return;
  for (const [rulebook, numbers] of Object.entries(value.parameters)) {
    read.choices.parameters[rulebook] = { ...read.choices.parameters[rulebook], ...numbers };
  }
  Object.assign(read.choices.alternatives, value.alternatives);
}

function nameMistakes(id: string, name: string): Mistake[] {
  return id === name ? [] : [{ code: 'folder-name', path: ['id'], params: { id, name } }];
}

function choiceMistakes({ parameters, alternatives }: Choices, rulebooks: Map<string, Rulebook>): Mistake[] {
  return [
    ...Object.entries(parameters).flatMap(([rulebook, numbers]) =>
      Object.keys(numbers)
        .filter((id) => !rulebooks.get(rulebook)?.parameters.some((parameter) => parameter.id === id))
        .map((id): Mistake => ({ code: 'unknown-parameter', path: ['parameters', rulebook, id], params: { id } })),
    ),
    ...Object.entries(alternatives)
      .filter(([group, id]) => rulebooks.get(id)?.alternative?.group !== group)
      .map(
        ([group, id]): Mistake => ({
          code: 'unknown-alternative',
          path: ['alternatives', group],
          params: { group, id },
        }),
      ),
  ];
}

/** Keeps what was found; true when nothing of it is an error. */
function note(
  mistakes: (Mistake | YamlFault)[],
  file: string,
  lineOf: (path: (string | number)[]) => number | null,
  read: FoldersRead,
  lang: Lang,
): boolean {
  read.files.push(file);
  for (const { code, path, params } of mistakes) {
    const safe = Object.fromEntries(
      Object.entries(params).map(([key, value]) => [key, typeof value === 'string' ? oneLine(value) : value]),
    );
    const message = say(lang, `rulebook.mistake.${code}`, safe);
    read.findings.push({ level: mistakeCodes[code], code, file, line: lineOf(path), path: pathText(path), message });
  }
  return mistakes.every(({ code }) => mistakeCodes[code] !== 'error');
}

function pathText(path: (string | number)[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${part}`))
    .join('');
}

import { statSync } from 'node:fs';
import type { Facts } from '../../contract/facts.ts';
import type { Lang } from '../../contract/lang.ts';
import type { Answer } from '../../contract/question.ts';
import type { Calendar, Requirement, Rulebook } from '../../contract/rulebook.ts';
import { answerQuestion, requirementsFor } from '../../engine/rulebooks/evaluate.ts';
import { errorCode } from '../../platform/error-code.ts';
import { type Choices, type FoldersRead, filesOf, type RulebookFinding, readFolders } from './read-folders.ts';
import { refuse } from './refusal.ts';

export { readFactsFile } from './read-facts.ts';
export type { RulebookFinding } from './read-folders.ts';

export interface Rulebooks {
  /** Those that are used, by id in order: of alternatives only the chosen one. */
  rulebooks: Rulebook[];
  /** Sound ones that are not used because an alternative is. */
  notChosen: Rulebook[];
  calendars: ReadonlyMap<string, Calendar>;
  parameters: Choices['parameters'];
}

/** Reads rulebooks and says everything that is wrong with them. A named folder that does not exist is refused with a Problem. */
export function checkRulebooks(
  folders: readonly string[],
  lang: Lang,
): Rulebooks & Pick<FoldersRead, 'files' | 'findings'> {
  for (const folder of folders) requireFolder(folder, lang);
  const read = readFolders(folders, lang);
  return { ...choose(read), files: read.files, findings: read.findings };
}

export interface RulebookShelf {
  /**
   * The rulebooks as they stand on disk. Read again only after a file changed. When a changed file is broken, the last sound state
   * goes on being used and `broken` says why; broken from the start is a Problem, because a rule left out silently is a duty missed.
   */
  current: () => Rulebooks & { broken: RulebookFinding[] };
}

/** Folders in order: those that ship, then the operator's own, whose rulebooks replace shipped ones of the same id. */
export function openRulebooks({ folders, lang }: { folders: readonly string[]; lang: Lang }): RulebookShelf {
  let stamp = '';
  let held: (Rulebooks & { broken: RulebookFinding[] }) | null = null;
  return {
    current: () => {
      const seen = stampOf(folders);
      if (held && seen === stamp) return held;
      const { files, findings, ...rulebooks } = checkRulebooks(folders, lang);
      const broken = findings.filter(({ level }) => level === 'error');
      const [first] = broken;
      if (first && !held) {
        const { file, line, message } = first;
        throw refuse(lang, 'rulebook-broken', { file, line: line ?? 1, message, count: broken.length });
      }
      held = first && held ? { ...held, broken } : { ...rulebooks, broken: [] };
      stamp = seen;
      return held;
    },
  };
}

/**
 * The question, put to the rulebooks that are used, or to those that `only` names: then also to one whose alternative is used
 * instead. A name that does not exist is refused with a Problem.
 */
export function askRulebooks(
  { rulebooks, notChosen, calendars, parameters }: Rulebooks,
  { facts, now, only, lang }: { facts: Facts; now: Date; only?: readonly string[] | undefined; lang: Lang },
): Answer {
  const all = only ? [...rulebooks, ...notChosen] : rulebooks;
  const unknown = only?.find((name) => !all.some(({ id }) => id === name));
  if (unknown !== undefined) throw refuse(lang, 'rulebook-unknown', { id: unknown });
  const asked = only ? all.filter(({ id }) => only.includes(id)) : all;
  return answerQuestion({ facts, rulebooks: asked, calendars, parameters, now });
}

function choose({ rulebooks, calendars, choices }: FoldersRead): Rulebooks {
  const all = [...rulebooks.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  const isUsed = ({ id, alternative }: Rulebook) => {
    if (!alternative) return true;
    const chosen = choices.alternatives[alternative.group];
    return chosen === undefined ? alternative.preferred : chosen === id;
  };
  return {
    rulebooks: all.filter(isUsed),
    notChosen: all.filter((rulebook) => !isUsed(rulebook)),
    calendars,
    parameters: choices.parameters,
  };
}

/** Changes whenever a file is added, removed or written. */
function stampOf(folders: readonly string[]): string {
  return filesOf(folders)
    .map((file) => {
      const { mtimeMs, size } = statSync(file);
      return `${file} ${mtimeMs} ${size}`;
    })
    .join('\n');
}

function requireFolder(folder: string, lang: Lang): void {
  try {
    if (statSync(folder).isDirectory()) return;
  } catch (error) {
    throw refuse(lang, 'rulebook-folder-missing', { folder, code: errorCode(error) ?? '?' }, error);
  }
  throw refuse(lang, 'rulebook-folder-missing', { folder, code: 'ENOTDIR' });
}

export interface NamedRulebook {
  rulebook: Rulebook;
  /** Those that an assessment of these facts looks at. */
  requirements: Requirement[];
  /** Ids of those that fire. */
  triggers: string[];
}

/** The named rulebooks, each with what concerns these facts. Throws `rulebook-unknown`. */
export function requirementsIn(
  { rulebooks, notChosen, calendars, parameters }: Rulebooks,
  { ids, facts, now, lang }: { ids: readonly string[]; facts: Facts; now: Date; lang: Lang },
): NamedRulebook[] {
  const all = [...rulebooks, ...notChosen];
  return [...new Set(ids)].map((id) => {
    const rulebook = all.find((one) => one.id === id);
    if (!rulebook) throw refuse(lang, 'rulebook-unknown', { id, known: all.map((one) => one.id).join(', ') });
    const asked = { facts, rulebooks: [rulebook], calendars, parameters, now };
    const [answer] = answerQuestion(asked).rulebooks;
    const triggers = (answer?.triggers ?? []).filter(({ state }) => state === 'fired').map((trigger) => trigger.id);
    return { rulebook, requirements: requirementsFor(rulebook, asked), triggers };
  });
}

/** The same, from a folder of rulebooks. */
export function requirementsOf(
  folder: string,
  asked: { ids: readonly string[]; facts: Facts; now: Date; lang: Lang },
): NamedRulebook[] {
  return requirementsIn(openRulebooks({ folders: [folder], lang: asked.lang }).current(), asked);
}

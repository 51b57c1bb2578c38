import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Card, cardSchema } from '../../contract/card.ts';
import type { Lang } from '../../contract/lang.ts';
import { parseIn } from '../../contract/parse-in.ts';
import { changeShelf, findThings, folderOf, type ShelfChanges } from '../../platform/shelf.ts';
import { refuse } from './refusal.ts';

export interface InstalledModel {
  card: Card;
  /** Holds the card and the model that the card names. */
  folder: string;
  /** `shipped` lies in the installation's own models folder. */
  origin: 'shipped' | 'installed';
  /** ISO 8601; null for shipped ones. */
  installedAt: string | null;
}

/** A folder that should hold a detector and does not: shown, never left out in silence. */
export interface BrokenModel {
  id: string;
  origin: 'shipped' | 'installed';
  reason: string;
}

export interface ModelFolders {
  dataFolder: string;
  /** Root of the installation; its `models` folder holds the shipped ones. */
  root: string;
}

/** What an installed model was when it was added; written beside its card. */
export const installedSchema = z.strictObject({
  schema: z.literal('clearmirror.installed-model/1'),
  installedAt: z.iso.datetime(),
  /** Name of the file or folder it came from. */
  from: z.string(),
});

/** All detectors by id. An installed one hides a shipped one of the same id. */
export function listModels({ dataFolder, root }: ModelFolders): { models: InstalledModel[]; broken: BrokenModel[] } {
  const installed = readShelf(shelfOf(dataFolder), 'installed');
  const hidden = new Set(installed.map(({ id }) => id));
  const shipped = readShelf(join(root, 'models'), 'shipped').filter(({ id }) => !hidden.has(id));
  const all = [...installed, ...shipped].sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    models: all.flatMap((entry) => ('model' in entry ? [entry.model] : [])),
    broken: all.flatMap((entry) => ('broken' in entry ? [entry.broken] : [])),
  };
}

/** True when there is such an installed detector, sound or broken. */
export function isInstalled(dataFolder: string, id: string): boolean {
  return findThings(shelfOf(dataFolder)).includes(id);
}

/** Changes the installed detectors alone; told to wait when another process is at it. */
export function changeModels<T>(
  dataFolder: string,
  lang: Lang,
  change: (changes: ShelfChanges) => Promise<T>,
): Promise<T> {
  return changeShelf(shelfOf(dataFolder), (by, cause) => refuse(lang, 'model-busy', by, cause), change);
}

/** One folder for each detector. */
function shelfOf(dataFolder: string): string {
  return join(dataFolder, 'models');
}

type Entry = { id: string; model: InstalledModel } | { id: string; broken: BrokenModel };

function readShelf(shelf: string, origin: InstalledModel['origin']): Entry[] {
  const entries: Entry[] = [];
  for (const id of findThings(shelf)) {
    try {
      entries.push({ id, model: readModel(folderOf(shelf, id), id, origin) });
    } catch (error) {
      entries.push({ id, broken: { id, origin, reason: firstLine(error) } });
    }
  }
  return entries;
}

function readModel(folder: string, id: string, origin: InstalledModel['origin']): InstalledModel {
  const parsed = parseIn(cardSchema, JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8')), 'en');
  if (!parsed.success) throw new Error(describeIssues(parsed.issues));
  const card = parsed.data;
  if (card.id !== id) throw new Error(`its card is for "${card.id}"`);
  const { size } = statSync(join(folder, card.model.file));
  // Hashing 500 MB at every start is too slow; the size finds the copy that was cut short.
  if (size !== card.model.bytes)
    throw new Error(`${card.model.file} has ${size} bytes, the card says ${card.model.bytes}`);
  if (origin === 'shipped') return { card, folder, origin, installedAt: null };
  const { installedAt } = installedSchema.parse(JSON.parse(readFileSync(join(folder, 'installed.json'), 'utf8')));
  return { card, folder, origin, installedAt };
}

function firstLine(error: unknown): string {
  if (error instanceof z.ZodError) return describeIssues(error.issues);
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 200) ?? '';
}

/** Where a card is wrong and how, e.g. `channels.0.some.threshold: Invalid input`; the first five. */
export function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  const lines = issues.slice(0, 5).map(({ path, message }) => `${path.map(String).join('.') || 'card'}: ${message}`);
  if (issues.length > 5) lines.push('…');
  return lines.join('; ').slice(0, 1000);
}

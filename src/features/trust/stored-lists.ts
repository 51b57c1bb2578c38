import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Lang } from '../../contract/lang.ts';
import { changeShelf, findThings, folderOf, type ShelfChanges, writeDurably } from '../../platform/shelf.ts';
import { sha256Of } from './anchors.ts';
import { refuse } from './refusal.ts';

export const listIdPattern = /^[a-z0-9][a-z0-9-]{0,63}$/;

export const listKindSchema = z.enum(['signer', 'tsa']);
export type ListKind = z.infer<typeof listKindSchema>;

/** `list.json`; `list.pem` beside it holds the list exactly as it was given. */
const storedListSchema = z.object({
  schema: z.literal('clearmirror.trust-list/1'),
  id: z.string().regex(listIdPattern),
  name: z.string(),
  version: z.string(),
  kind: listKindSchema,
  sha256: z.string(),
  addedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  source: z.string(),
  certificates: z.array(z.object({ subject: z.string(), sha256: z.string(), validUntil: z.iso.datetime() })).min(1),
});
export type StoredList = z.infer<typeof storedListSchema>;

/** One folder for each list, and the operator's `update.json`. */
export function shelfOf(dataFolder: string): string {
  return join(dataFolder, 'trust');
}

/** Ids of the lists on the shelf. */
export function findLists(shelf: string): string[] {
  return findThings(shelf).filter((name) => listIdPattern.test(name));
}

export function pemFile(shelf: string, id: string): string {
  return join(folderOf(shelf, id), 'list.pem');
}

/** The list, or why it cannot be used. */
export function readList(shelf: string, id: string): { list: StoredList | null; reason: string | null } {
  try {
    const parsed = storedListSchema.safeParse(JSON.parse(readFileSync(join(folderOf(shelf, id), 'list.json'), 'utf8')));
    if (!parsed.success || parsed.data.id !== id) return { list: null, reason: 'list.json is not a trust list' };
    const isWhole = sha256Of(readFileSync(pemFile(shelf, id))) === parsed.data.sha256;
    return isWhole ? { list: parsed.data, reason: null } : { list: null, reason: 'list.pem is not what was installed' };
  } catch (error) {
    return { list: null, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Changes the lists alone; told to wait when another process is at it. */
export function changeLists<T>(
  dataFolder: string,
  lang: Lang,
  change: (changes: ShelfChanges, shelf: string) => Promise<T>,
): Promise<T> {
  const shelf = shelfOf(dataFolder);
  return changeShelf(
    shelf,
    (by, cause) => refuse(lang, 'trust-busy', by, cause),
    (changes) => change(changes, shelf),
  );
}

/** Installs the list, or puts it in the place of the one with its id. */
export async function placeList({ place }: ShelfChanges, list: StoredList, pem: Uint8Array): Promise<void> {
  await place(list.id, async (draft) => {
    await writeDurably(join(draft, 'list.pem'), pem);
    await writeDurably(join(draft, 'list.json'), `${JSON.stringify(list, null, 2)}\n`);
  });
}

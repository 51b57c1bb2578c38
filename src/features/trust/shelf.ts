import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256Of } from './anchors.ts';
import { type Lang, refuse } from './refusal.ts';

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

/**
 * `<dataFolder>/trust`, one folder for each list. A list appears, changes and goes by renaming folders: `.new-…` is being
 * written, `.old-<id>` stands in for `<id>` between the two renames of a change, `.gone-…` is on its way out.
 */
export function shelfOf(dataFolder: string): string {
  return join(dataFolder, 'trust');
}

/** Ids of the lists on the shelf. */
export function findLists(shelf: string): string[] {
  const names = readNames(shelf).map((name) => (name.startsWith('.old-') ? name.slice('.old-'.length) : name));
  return [...new Set(names.filter((name) => listIdPattern.test(name)))].sort();
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

/** Runs `work` alone on the shelf, after tidying what an interrupted run left. */
export async function withShelf<T>(dataFolder: string, lang: Lang, work: (shelf: string) => Promise<T>): Promise<T> {
  const shelf = shelfOf(dataFolder);
  await mkdir(shelf, { recursive: true });
  const lock = join(shelf, '.lock');
  await takeLock(lock, lang);
  try {
    await tidy(shelf);
    return await work(shelf);
  } finally {
    await rm(lock, { force: true });
  }
}

/** Writes a list on disk beside the shelf's lists; returns the draft for `placeDraft`. */
export async function draftList(shelf: string, list: StoredList, pem: Uint8Array): Promise<string> {
  const draft = await mkdtemp(join(shelf, '.new-'));
  // mkdtemp gives 0700, but lists are read by whoever runs a screening.
  await chmod(draft, 0o755);
  await writeDurably(join(draft, 'list.pem'), pem);
  await writeDurably(join(draft, 'list.json'), Buffer.from(`${JSON.stringify(list, null, 2)}\n`));
  await syncFolder(draft);
  return draft;
}

/** Puts a draft in its place; what stood there goes. At every moment either the old list or the new one is found. */
export async function placeDraft(shelf: string, draft: string, id: string): Promise<void> {
  const place = join(shelf, id);
  const old = join(shelf, `.old-${id}`);
  if (existsSync(place)) await rename(place, old);
  await rename(draft, place);
  await syncFolder(shelf);
  await rm(old, { recursive: true, force: true });
}

export async function takeOff(shelf: string, id: string): Promise<void> {
  const gone = join(shelf, `.gone-${id}`);
  await rename(join(shelf, id), gone);
  await syncFolder(shelf);
  await rm(gone, { recursive: true, force: true });
}

function folderOf(shelf: string, id: string): string {
  const place = join(shelf, id);
  return existsSync(place) ? place : join(shelf, `.old-${id}`);
}

function readNames(shelf: string): string[] {
  try {
    return readdirSync(shelf, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

async function takeLock(lock: string, lang: Lang): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = await open(lock, 'wx');
      await handle.writeFile(String(process.pid));
      await handle.close();
      return;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
      const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
      if (attempt > 0 || isAlive(holder)) throw refuse(lang, 'trust-busy', { holder, lock }, error);
      await rm(lock, { force: true });
    }
  }
}

/** A pid of 0 is a lock whose holder died before it could write its number. */
function isAlive(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

async function tidy(shelf: string): Promise<void> {
  for (const name of await readdir(shelf)) {
    const path = join(shelf, name);
    if (name.startsWith('.old-')) {
      const place = join(shelf, name.slice('.old-'.length));
      if (existsSync(place)) await rm(path, { recursive: true, force: true });
      else await rename(path, place);
    } else if (name.startsWith('.new-') || name.startsWith('.gone-')) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

async function writeDurably(file: string, content: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o644);
  try {
    await handle.writeFile(content);
    await handle.chmod(0o644);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

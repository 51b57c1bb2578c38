import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../../contract/problem.ts';
import { syncFolder } from '../../platform/blobs/places.ts';
import type { Database } from '../../platform/database/database.ts';
import { dumpDatabase } from '../../platform/database/dump.ts';
import { loadDatabase } from '../../platform/database/load.ts';
import { migrate } from '../../platform/database/migrate.ts';
import { errorCode } from '../../platform/error-code.ts';
import { writeDurably } from '../../platform/shelf.ts';

const manifestSchema = z.object({
  format: z.literal('clearmirror-backup-1'),
  madeAt: z.iso.datetime(),
  madeBy: z.string(),
  /** Folder of the tables, inside the backup. */
  database: z.string().regex(/^database-[0-9TZ-]+$/),
  migrations: z.array(z.object({ name: z.string(), sha256: z.string() })),
  tables: z.array(
    z.object({
      name: z.string().regex(/^\w+$/),
      rows: z.int(),
      file: z.string().regex(/^\w+\.jsonl\.gz$/),
      sha256: z.string(),
    }),
  ),
  jobs: z.array(z.object({ queue: z.string(), data: z.unknown() })),
  blobs: z.int(),
});
export type BackupManifest = z.infer<typeof manifestSchema>;

export interface BackupSource {
  database: Database;
  /** Holds the folders of `stores` and `secret.key`. */
  folder: string;
  version: string;
}

/**
 * What lasts for minutes or days and is no loss: a backup that falls into other hands opens no session with them, and one that is restored
 * brings none back that was ended since.
 */
const passing = ['session', 'verification', 'rateLimit', 'idempotency', 'used_code', 'sign_in_failure'];

/** Media that was screened, and copies of what was filed. */
const stores = ['media', 'documents'] as const;

/**
 * Makes a backup in `target`: the tables as they are at one moment, the media, and the secret that opens second factors. The server goes
 * on meanwhile. Done again in the same place it copies only media that is new. Until the last step the backup before it is the one there.
 */
export async function makeBackup({ database, folder, version }: BackupSource, target: string, now: Date) {
  const before = await readManifest(target, { empty: true });
  const made = await mkdir(target, { recursive: true, mode: 0o700 });
  await refuseNested(folder, target).catch(async (error) => {
    if (made) await rm(made, { recursive: true });
    throw error;
  });
  for (const store of stores) await refuseLink(join(target, store));
  const name = `database-${now.toISOString().replace(/[:.]/g, '-')}`;
  await rm(join(target, name), { recursive: true, force: true });
  await mkdir(join(target, name), { mode: 0o700 });
  const contents = await dumpDatabase(database, join(target, name), { without: passing });
  // After the tables: media that comes in between is not missed, only too much.
  let blobs = 0;
  for (const store of stores) blobs += await copyNew(join(folder, store), join(target, store));
  await copyWhole(join(folder, 'secret.key'), join(target, 'secret.key')).catch(ignoreMissing);
  const manifest: BackupManifest = {
    format: 'clearmirror-backup-1',
    madeAt: now.toISOString(),
    madeBy: version,
    database: name,
    ...contents,
    blobs,
  };
  await rm(join(target, 'manifest.json.new'), { force: true });
  await writeDurably(join(target, 'manifest.json.new'), `${JSON.stringify(manifest, null, 2)}\n`, 0o600);
  await rename(join(target, 'manifest.json.new'), join(target, 'manifest.json'));
  await syncFolder(target);
  if (before && before.database !== name) await rm(join(target, before.database), { recursive: true, force: true });
  return { rows: contents.tables.reduce((sum, { rows }) => sum + rows, 0), tables: contents.tables.length, blobs };
}

/**
 * Restores a backup into a database without rows and a folder without media. Older backups are loaded into the tables of their time and
 * then brought forward. Returns the jobs that were waiting, to be queued again.
 */
export async function restoreBackup(
  { database, folder }: Omit<BackupSource, 'version'>,
  source: string,
  migrations: string,
): Promise<BackupManifest> {
  const manifest = await readManifest(source, { empty: false });
  if (!manifest) throw notABackup(source);
  await migrate(
    database,
    migrations,
    manifest.migrations.map(({ name }) => name),
  );
  await loadDatabase(database, join(source, manifest.database), manifest);
  await migrate(database, migrations);
  for (const store of stores) await copyNew(join(source, store), join(folder, store));
  await copyFile(join(source, 'secret.key'), join(folder, 'secret.key'), constants.COPYFILE_EXCL).catch((error) => {
    if (errorCode(error) === 'EEXIST')
      throw new Problem('restore-not-empty', `${folder} has a secret of its own already`);
    return ignoreMissing(error);
  });
  return manifest;
}

async function readManifest(target: string, { empty }: { empty: boolean }): Promise<BackupManifest | null> {
  const text = await readFile(join(target, 'manifest.json'), 'utf8').catch((error) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (text === null) {
    const inside = await readdir(target).catch(() => []);
    if (empty && inside.every((name) => /^(database-|media$|documents$|secret\.key$|manifest\.json\.new$)/.test(name)))
      return null;
    throw notABackup(target);
  }
  const parsed = manifestSchema.safeParse(readJson(text));
  if (!parsed.success) throw notABackup(target);
  return parsed.data;
}

/** Copies files that are not there yet, by rename, so that a copy is whole or absent. Returns how many the source has. */
async function copyNew(from: string, to: string): Promise<number> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true }).catch(() => []);
  let count = 0;
  for (const entry of entries) {
    const name = join(entry.parentPath, entry.name).slice(from.length + 1);
    // Blobs are named by their hash; whatever else lies there is being written.
    if (!entry.isFile() || !/(^|\/)[0-9a-f]{64}(\.\w+)?$/.test(name)) continue;
    count += 1;
    const place = join(to, name);
    const there = await stat(place).catch(() => null);
    if (there?.size === (await stat(join(from, name))).size) continue;
    await mkdir(dirname(place), { recursive: true, mode: 0o700 });
    await copyWhole(join(from, name), place);
  }
  return count;
}

/** By way of a new file: what lies at either name, a link to somewhere else too, is replaced and never written through. */
async function copyWhole(from: string, to: string): Promise<void> {
  await rm(`${to}.new`, { force: true });
  await copyFile(from, `${to}.new`, constants.COPYFILE_EXCL);
  await rename(`${to}.new`, to);
}

/** A backup inside of what it copies would copy itself, and go with what it is to save. */
async function refuseNested(folder: string, target: string): Promise<void> {
  const [outer, inner] = [await realpath(folder), await realpath(target)];
  if (isInside(inner, outer) || isInside(outer, inner)) {
    throw new Problem(
      'backup-nested',
      `${target} and the folder of the installation, ${folder}, lie within each other`,
      {
        next: 'Name a folder elsewhere, on another disk if you can.',
        exitCode: 2,
      },
    );
  }
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

async function refuseLink(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found && !found.isDirectory()) throw notABackup(dirname(path));
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function notABackup(target: string): Problem {
  return new Problem('backup-foreign', `${target} is not a backup of Clearmirror`, {
    next: 'Name an empty folder to back up to, or the folder that `clearmirror backup` wrote.',
  });
}

function ignoreMissing(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error;
}

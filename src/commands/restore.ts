import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { say } from '../contract/words.ts';
import { restoreBackup } from '../features/backups/backups.ts';
import { installationQueues } from '../installation.ts';
import { actAsSystem } from '../platform/database/database.ts';
import { lockFolder } from '../platform/folder-lock.ts';
import { openJobs, queueAgain } from '../platform/jobs.ts';
import { openDatabase } from '../serving.ts';
import type { CommandContext } from './command.ts';

/** `restore`: what `backup` wrote, into a new folder or an empty database of a server. */
export function restoreCommand(context: CommandContext): Command {
  const { config, root, out } = context;
  const words = (key: string, params = {}) => say(config.lang, `cli.restore.${key}`, params);
  return new Command('restore')
    .description(words('about'))
    .argument('<source>', words('argument.source'))
    .requiredOption('--folder <path>', words('option.folder'))
    .option('--database-url <url>', say(config.lang, 'cli.serve.option.database-url'))
    .option('--json', say(config.lang, 'cli.backup.option.json'))
    .action(async (source: string, options: { folder: string; databaseUrl?: string; json?: true }) => {
      const folder = resolve(options.folder);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const lock = lockFolder(folder, { lang: config.lang, now: new Date() });
      const database = await openDatabase(folder, options.databaseUrl ?? config.secrets.databaseUrl);
      try {
        const manifest = await restoreBackup({ database, folder }, resolve(source), join(root, 'migrations'));
        const jobs = await openJobs({ database, queues: installationQueues, onTrouble: () => {} });
        const waiting = await actAsSystem(database, (tx) => queueAgain(jobs, tx, installationQueues, manifest.jobs));
        await jobs.stop(1_000);
        const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
        const { madeAt, blobs } = manifest;
        const restored = { madeAt, rows, tables: manifest.tables.length, blobs, jobs: waiting };
        out(
          options.json ? `${JSON.stringify({ folder, ...restored })}\n` : `${words('done', { folder, ...restored })}\n`,
        );
      } finally {
        await database.close();
        lock.release();
      }
    });
}

import { resolve } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { say } from '../contract/words.ts';
import { makeBackup } from '../features/backups/backups.ts';
import { askControl } from '../platform/control.ts';
import { lockFolder } from '../platform/folder-lock.ts';
import { readHolder } from '../platform/folder-lock-holder.ts';
import { openDatabase } from '../serving.ts';
import { productVersion } from '../version.ts';
import type { CommandContext } from './command.ts';

const madeSchema = z.object({ rows: z.number(), tables: z.number(), blobs: z.number() });

/** `backup`: tables, media and secret of an installation into a folder, while it runs or not. */
export function backupCommand(context: CommandContext): Command {
  const { config, out } = context;
  const words = (key: string, params = {}) => say(config.lang, `cli.backup.${key}`, params);
  return new Command('backup')
    .description(words('about'))
    .argument('<target>', words('argument.target'))
    .option('--folder <path>', say(config.lang, 'cli.serve.option.folder'))
    .option('--database-url <url>', say(config.lang, 'cli.serve.option.database-url'))
    .option('--json', words('option.json'))
    .action(async (name: string, options: { folder?: string; databaseUrl?: string; json?: true }) => {
      const target = resolve(name);
      const folder = resolve(options.folder ?? config.dataFolder);
      const made = await backUp(context, folder, options.databaseUrl ?? config.secrets.databaseUrl, target);
      out(options.json ? `${JSON.stringify({ target, ...made })}\n` : `${words('done', { target, ...made })}\n`);
    });
}

async function backUp({ config, root }: CommandContext, folder: string, url: string | undefined, target: string) {
  if (url === undefined && readHolder(folder) !== null) {
    return madeSchema.parse(await askControl(folder, 'backup', { target }));
  }
  const lock = url === undefined ? lockFolder(folder, { lang: config.lang, now: new Date() }) : null;
  const database = await openDatabase(folder, url);
  try {
    return await makeBackup({ database, folder, version: productVersion(root) }, target, new Date());
  } finally {
    await database.close();
    lock?.release();
  }
}

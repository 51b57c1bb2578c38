import { resolve } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { Problem } from '../contract/problem.ts';
import { say } from '../contract/words.ts';
import { recoverPerson } from '../features/accounts/accounts.ts';
import { askControl } from '../platform/control.ts';
import { lockFolder } from '../platform/folder-lock.ts';
import { readHolder } from '../platform/folder-lock-holder.ts';
import { openDatabase } from '../serving.ts';
import type { CommandContext } from './command.ts';

const issuedSchema = z.object({ address: z.string() });

/** `recover`: a one-time link for somebody whom no administrator can let in again, the last administrator for one. */
export function recoverCommand(context: CommandContext): Command {
  const { config, out } = context;
  const words = (key: string, params = {}) => say(config.lang, `cli.recover.${key}`, params);
  return new Command('recover')
    .description(words('about'))
    .argument('<email>', words('argument.email'))
    .option('--folder <path>', say(config.lang, 'cli.serve.option.folder'))
    .option('--database-url <url>', say(config.lang, 'cli.serve.option.database-url'))
    .option('--public-url <url>', say(config.lang, 'cli.serve.option.public-url'))
    .action(async (email: string, options: { folder?: string; databaseUrl?: string; publicUrl?: string }) => {
      const folder = resolve(options.folder ?? config.dataFolder);
      const address = await issue(context, folder, email, {
        url: options.databaseUrl ?? config.secrets.databaseUrl,
        publicUrl: options.publicUrl,
      });
      out(`${words('done', { email })}\n  ${address}\n`);
    });
}

async function issue(
  { config }: CommandContext,
  folder: string,
  email: string,
  { url, publicUrl }: { url: string | undefined; publicUrl: string | undefined },
): Promise<string> {
  if (url === undefined && readHolder(folder) !== null) {
    return issuedSchema.parse(await askControl(folder, 'recover', { email })).address;
  }
  if (publicUrl === undefined) {
    throw new Problem('public-url-missing', 'No server runs on this folder, so --public-url must say where it will', {
      next: 'For example: --public-url http://localhost:7300',
      exitCode: 2,
    });
  }
  const lock = url === undefined ? lockFolder(folder, { lang: config.lang, now: new Date() }) : null;
  const database = await openDatabase(folder, url);
  try {
    return await recoverPerson(database, email, { publicUrl: new URL(publicUrl).origin, now: new Date() });
  } finally {
    await database.close();
    lock?.release();
  }
}

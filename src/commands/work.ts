import { Command, Option } from 'commander';
import { Problem } from '../contract/problem.ts';
import { say } from '../contract/words.ts';
import { openServing } from '../serving.ts';
import type { CommandContext } from './command.ts';
import { stopAsked } from './stop-asked.ts';

interface WorkOptions {
  folder?: string;
  databaseUrl?: string;
  workers: number;
}

/** `work`: background work on a machine of its own, for servers that share its PostgreSQL and its folder of media. */
export function workCommand({ config, root, out, err }: CommandContext): Command {
  const words = (key: string, params = {}) => say(config.lang, key, params);
  return new Command('work')
    .description(words('cli.work.about'))
    .option('--folder <path>', words('cli.serve.option.folder'))
    .option('--database-url <url>', words('cli.serve.option.database-url'))
    .addOption(new Option('--workers <number>', words('cli.serve.option.workers')).default(2).argParser(Number))
    .action(async ({ folder, databaseUrl, workers }: WorkOptions) => {
      const url = databaseUrl ?? config.secrets.databaseUrl;
      if (url === undefined) {
        throw new Problem(
          'database-url-missing',
          'The embedded database belongs to one process: `serve` does its work itself',
          {
            next: 'Name the PostgreSQL server in CLEARMIRROR_DATABASE_URL.',
            exitCode: 2,
          },
        );
      }
      const serving = await openServing({
        config,
        root,
        folder: folder ?? config.dataFolder,
        databaseUrl: url,
        // Nobody reaches this process.
        publicUrl: 'http://localhost',
        pages: undefined,
        providersFile: undefined,
        rulebooks: undefined,
        trustProxy: false,
        demo: false,
        workers,
        logLevel: 'info',
      });
      const stopped = stopAsked();
      out(`${words('cli.work.ready', { workers })}\n`);
      await stopped;
      err(`${words('cli.serve.stopping')}\n`);
      await serving.close();
    });
}

import { Command, Option } from 'commander';
import { say } from '../contract/words.ts';
import { refusalsOf } from '../platform/refusal.ts';
import { openServing, splitTargets } from '../serving.ts';
import type { CommandContext } from './command.ts';
import { stopAsked } from './stop-asked.ts';
import { wholeNumber } from './whole-number.ts';

const refuse = refusalsOf('work', { 'database-url-missing': 2 });

interface WorkOptions {
  folder?: string;
  databaseUrl?: string;
  signer?: string;
  workers: number;
  targets: string;
}

/** `work`: background work on a machine of its own, for servers that share its PostgreSQL and its folder of media. */
export function workCommand({ config, root, out, err }: CommandContext): Command {
  const words = (key: string, params = {}) => say(config.lang, key, params);
  return new Command('work')
    .description(words('cli.work.about'))
    .option('--folder <path>', words('cli.serve.option.folder'))
    .option('--database-url <url>', words('cli.serve.option.database-url'))
    .option('--signer <file>', words('cli.serve.option.signer'))
    .option('--targets <list>', words('cli.serve.option.targets'), '')
    .addOption(
      new Option('--workers <number>', words('cli.serve.option.workers')).default(2).argParser(wholeNumber(1, 64)),
    )
    .action(async ({ folder, databaseUrl, signer, workers, targets }: WorkOptions) => {
      const url = databaseUrl ?? config.secrets.databaseUrl;
      if (url === undefined) throw refuse(config.lang, 'database-url-missing');
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
        signerFile: signer,
        trustProxy: false,
        demo: false,
        workers,
        targets: splitTargets(targets),
        logLevel: 'info',
      });
      const stopped = stopAsked();
      out(`${words('cli.work.ready', { workers })}\n`);
      await stopped;
      err(`${words('cli.serve.stopping')}\n`);
      await serving.close();
    });
}

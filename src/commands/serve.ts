import { createServer } from 'node:net';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { Problem } from '../contract/problem.ts';
import { say } from '../contract/words.ts';
import { recoverPerson } from '../features/accounts/accounts.ts';
import { makeBackup } from '../features/backups/backups.ts';
import { buildPages } from '../platform/build-pages.ts';
import { type ControlWork, serveControl } from '../platform/control.ts';
import { openServing, type Serving, splitTargets } from '../serving.ts';
import { productVersion } from '../version.ts';
import type { CommandContext } from './command.ts';
import { type DemoPlatform, startDemoPlatform } from './demo-platform.ts';
import type { RunningDemo } from './serve-demo.ts';
import { stopAsked } from './stop-asked.ts';
import { wholeNumber } from './whole-number.ts';

interface ServeOptions {
  host: string;
  port: number;
  publicUrl?: string;
  folder?: string;
  providers?: string;
  rulebooks?: string;
  signer?: string;
  trustProxy?: true;
  demo?: true;
  pages: boolean;
  workers: number;
  targets: string;
  log: 'warn' | 'info' | 'debug';
}

/** `serve`: the API, the web application and the workers in one process, until it is told to stop. */
export function serveCommand(context: CommandContext): Command {
  const { config, root } = context;
  const words = (key: string) => say(config.lang, `cli.serve.${key}`);
  return new Command('serve')
    .description(words('about'))
    .addOption(new Option('--host <address>', words('option.host')).default('127.0.0.1'))
    .addOption(new Option('--port <number>', words('option.port')).default(7300).argParser(wholeNumber(0, 65_535)))
    .option('--public-url <url>', words('option.public-url'))
    .option('--folder <path>', words('option.folder'))
    .option('--database-url <url>', words('option.database-url'))
    .option('--providers <file>', words('option.providers'))
    .option('--rulebooks <folder>', words('option.rulebooks'))
    .option('--signer <file>', words('option.signer'))
    .option('--trust-proxy', words('option.trust-proxy'))
    .option('--demo', words('option.demo'))
    .option('--no-pages', words('option.no-pages'))
    .addOption(new Option('--log <level>', words('option.log')).choices(['warn', 'info', 'debug']).default('warn'))
    .addOption(new Option('--workers <number>', words('option.workers')).default(2).argParser(wholeNumber(0, 64)))
    .option('--targets <list>', words('option.targets'), '')
    .action(async (options: ServeOptions & { databaseUrl?: string }) => {
      const platform = options.demo ? await startDemoPlatform(root) : null;
      try {
        await serveUntilStopped(context, options, platform);
      } finally {
        await platform?.stop();
      }
    });
}

async function serveUntilStopped(
  context: CommandContext,
  options: ServeOptions & { databaseUrl?: string },
  platform: DemoPlatform | null,
): Promise<void> {
  const { config, root, err } = context;
  const words = (key: string) => say(config.lang, `cli.serve.${key}`);
  const host = options.host;
  const port = options.port === 0 ? await freePort(host) : options.port;
  const publicUrl = publicUrlOf({ ...options, port });
  const folder = options.folder ?? (options.demo ? join(config.dataFolder, 'demo') : config.dataFolder);
  const pages = options.pages ? await buildPages(root, { building: () => err(`${words('building')}\n`) }) : undefined;
  const serving = await openServing({
    config,
    root,
    folder,
    databaseUrl: options.demo ? withoutServer(context, options) : (options.databaseUrl ?? config.secrets.databaseUrl),
    publicUrl,
    pages,
    providersFile: options.providers,
    rulebooks: options.rulebooks,
    signerFile: options.signer,
    trustProxy: options.trustProxy === true,
    demo: options.demo === true,
    workers: options.workers,
    targets: [...splitTargets(options.targets), ...(platform ? [new URL(platform.url).host] : [])],
    logLevel: options.log,
  });
  const demo = options.demo
    ? await openDemo(context, serving, { folder, publicUrl, platform: platform?.url ?? null })
    : null;
  await listen(serving, host, port);
  const closeControl = serving.lock ? await serveControl(folder, controlWorks(serving, folder, publicUrl, root)) : null;
  serving.lock?.announce({ address: publicUrl });
  // Before anybody hears that it is ready: they may ask it to stop at once.
  const stopped = stopAsked();
  await greet(context, serving, publicUrl);
  demo?.begin();
  await stopped;
  err(`${words('stopping')}\n`);
  await demo?.stop();
  await closeControl?.();
  await serving.close();
}

async function listen({ server, close }: Serving, host: string, port: number): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    await close();
    throw new Problem('address-not-free', `Cannot listen on ${host}:${port}: ${String(error)}`, {
      next: 'Choose another --port, or stop what uses it.',
      cause: error,
    });
  }
}

/** What commands on this machine may ask while this process has the folder. */
function controlWorks(
  { database }: Serving,
  folder: string,
  publicUrl: string,
  root: string,
): Record<string, ControlWork> {
  return {
    backup: async (body) => {
      const { target } = z.object({ target: z.string() }).parse(body);
      return makeBackup({ database, folder, version: productVersion(root) }, target, new Date());
    },
    recover: async (body) => {
      const { email } = z.object({ email: z.string() }).parse(body);
      return { address: await recoverPerson(database, email, { publicUrl, now: new Date() }) };
    },
  };
}

async function greet({ config, out }: CommandContext, serving: Serving, publicUrl: string): Promise<void> {
  const words = (key: string, params = {}) => say(config.lang, `cli.serve.${key}`, params);
  const link = await serving.setupLink();
  if (link) out(`${words('set-up')}\n  ${link}\n\n`);
  out(`${words('ready', { address: publicUrl })}\n`);
}

async function openDemo(
  context: CommandContext,
  serving: Serving,
  where: { folder: string; publicUrl: string; platform: string | null },
): Promise<RunningDemo> {
  try {
    const { openRunningDemo } = await import('./serve-demo.ts');
    return await openRunningDemo(context, serving, where);
  } catch (error) {
    await serving.close();
    throw error;
  }
}

/** Invented people have no place on a server that may hold real ones. */
function withoutServer({ config, err }: CommandContext, { databaseUrl }: { databaseUrl?: string }): undefined {
  if (databaseUrl !== undefined) {
    throw new Problem('database-of-its-own', say(config.lang, 'cli.demo.problem.database-of-its-own'), {
      next: say(config.lang, 'cli.demo.next.database-of-its-own'),
      exitCode: 2,
    });
  }
  if (config.secrets.databaseUrl) err(`${say(config.lang, 'cli.demo.server-left-alone')}\n`);
}

/** Where people reach us. Listening to the network needs it said: cookies and the guard against foreign pages hang on it. */
function publicUrlOf({ host, port, publicUrl }: ServeOptions): string {
  if (publicUrl !== undefined) {
    const url = URL.canParse(publicUrl) ? new URL(publicUrl) : null;
    if (url && /^https?:$/.test(url.protocol) && url.pathname === '/') return url.origin;
    throw new Problem(
      'public-url-invalid',
      `--public-url ${publicUrl} is no address such as https://clearmirror.example`,
      {
        exitCode: 2,
      },
    );
  }
  if (host === '127.0.0.1' || host === 'localhost' || host === '::1') return `http://localhost:${port}`;
  throw new Problem('public-url-missing', `--host ${host} opens this to the network, so --public-url is needed`, {
    next: 'Name the address people use, e.g. --public-url https://clearmirror.example, with a proxy for TLS before it.',
    exitCode: 2,
  });
}

/** Known before anything listens: the address stands in cookies and links. */
function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, host, () => {
      const address = probe.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      probe.close(() => (port === undefined ? reject(new Error('no free port')) : resolve(port)));
    });
  });
}

import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { openLabelling, openScreening } from './app.ts';
import type { Config } from './config.ts';
import { Problem } from './contract/problem.ts';
import { speaker } from './contract/words.ts';
import { guardFolder } from './demo/folder.ts';
import type { IdentityProvider } from './features/accounts/accounts.ts';
import { openSigning, readSignerSettings } from './features/labelling/signing.ts';
import { type Installation, openInstallation } from './installation.ts';
import { openBlobs } from './platform/blobs/blobs.ts';
import type { Database } from './platform/database/database.ts';
import { type FolderLock, lockFolder } from './platform/folder-lock.ts';
import { createLog, type LogLevel } from './platform/log.ts';
import { createMetrics } from './platform/metrics.ts';
import type { Allowed } from './platform/safe-fetch/destination.ts';
import { readOrMakeSecret } from './platform/secret-file.ts';
import { productVersion } from './version.ts';

export interface ServingOptions {
  config: Config;
  root: string;
  /** Where the database, the blobs and the secret of this installation lie. */
  folder: string;
  databaseUrl: string | undefined;
  publicUrl: string;
  /** The built web application, if it is to be served. */
  pages: string | undefined;
  providersFile: string | undefined;
  /** The operator's own rulebooks, beside those that ship. */
  rulebooks: string | undefined;
  /** Settings of the signer of content credentials (docs/labelling.md). */
  signerFile: string | undefined;
  trustProxy: boolean;
  demo: boolean;
  /** Hosts and networks beyond the public internet that probes may reach: `staging.example:8443`, `10.20.0.0/16`. */
  targets: readonly string[];
  /** How many screenings at once; 0 leaves them to others. */
  workers: number;
  logLevel: LogLevel;
}

/** An installation on its folder or server, with the lock that keeps others out of the folder. */
export interface Serving extends Installation {
  lock: FolderLock | null;
}

/** Opens everything that `serve` and `work` need. The lock comes first: PGlite has none, and two openers lose rows silently. */
export async function openServing(options: ServingOptions): Promise<Serving> {
  const { config, root, folder, databaseUrl, publicUrl, pages, trustProxy, demo } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = databaseUrl === undefined ? lockFolder(folder, { lang: config.lang, now: new Date() }) : null;
  try {
    await guardFolder(folder, { demo, lang: config.lang });
    const secret = config.secrets.installation ?? (await readOrMakeSecret(join(folder, 'secret.key')));
    const logger = createLog({
      level: options.logLevel,
      format: process.stderr.isTTY ? 'readable' : 'json',
      write: (line) => process.stderr.write(line),
      secrets: [secret, databaseUrl ?? '', config.secrets.blobKeys ?? ''].filter((value) => value !== ''),
    });
    const metrics = createMetrics({ version: productVersion(root) });
    const providers = options.providersFile === undefined ? [] : readProviders(options.providersFile);
    const signing = await openServerSigning(config, options.signerFile);
    const installation = await openInstallation({
      root,
      database: await openDatabase(folder, databaseUrl, {
        onTrouble: (error) => logger.warn({ err: error }, 'database trouble'),
        onQuery: metrics.queried,
      }),
      metrics,
      secret,
      publicUrl,
      providers,
      now: () => new Date(),
      demo,
      trustProxy,
      logger,
      ...(options.rulebooks === undefined ? {} : { rulebooks: [options.rulebooks] }),
      ...(pages === undefined ? {} : { pages }),
      documents: openBlobs({ folder: join(folder, 'documents'), ...readBlobKeys(config.secrets.blobKeys) }),
      screening: {
        blobs: openBlobs({ folder: join(folder, 'media'), ...readBlobKeys(config.secrets.blobKeys) }),
        uploads: join(folder, 'uploads'),
        openScreening: () =>
          openScreening({
            config,
            root,
            jobs: Math.max(1, options.workers),
            // Its last words may repeat what a file says, and are not for the log.
            onFault: ({ stage, reason }) => {
              metrics.examinerFell({ reason });
              logger.warn({ stage, reason }, 'an examiner went down');
            },
          }),
        workers: options.workers,
      },
      labelling: {
        folder: join(folder, 'labelling'),
        openLabelling: () => openLabelling({ config, root, jobs: Math.max(1, options.workers), signing }),
        signer: signing && { subject: signing.subject, algorithm: signing.algorithm, stamps: signing.stamp !== null },
        workers: options.workers,
      },
      assessments: {
        folder: join(folder, 'assessments'),
        allow: readAllowed(options.targets),
        // One uses every processor for minutes.
        workers: Math.min(1, options.workers),
      },
      onTrouble: (error) => logger.error({ err: error }, 'background trouble'),
    });
    return {
      ...installation,
      lock,
      close: async () => {
        await installation.close();
        lock?.release();
      },
    };
  } catch (error) {
    lock?.release();
    throw error;
  }
}

/** Loads only the driver that is asked for: each takes a while. */
export async function openDatabase(
  folder: string,
  url: string | undefined,
  watch: { onTrouble?: (error: Error) => void; onQuery?: (query: { ms: number; failed: boolean }) => void } = {},
): Promise<Database> {
  if (url !== undefined) {
    const { openServer } = await import('./platform/database/server.ts');
    return openServer({ url, ...watch });
  }
  const { openEmbedded } = await import('./platform/database/embedded.ts');
  return openEmbedded({ folder: join(folder, 'database'), ...(watch.onQuery ? { onQuery: watch.onQuery } : {}) });
}

/** The first key seals what is new, all of them open what is there. */
function readBlobKeys(text: string | undefined): { key?: Uint8Array; olderKeys?: Uint8Array[] } {
  const keys = (text ?? '')
    .split(',')
    .filter((word) => word.trim() !== '')
    .map((word) => Buffer.from(word.trim(), 'base64'));
  if (keys.some(({ length }) => length !== 32)) {
    throw new Problem('bad-setting', 'CLEARMIRROR_BLOB_KEYS holds a key that is not 32 bytes in base64', {
      next: 'Make one with: openssl rand -base64 32',
      exitCode: 2,
    });
  }
  const [key, ...olderKeys] = keys;
  return key === undefined ? {} : { key, olderKeys };
}

const providersSchema = z.object({
  providers: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]{1,40}$/),
        name: z.string().min(1).max(80),
        discoveryUrl: z.url({ protocol: /^https?$/ }),
        clientId: z.string().min(1),
        /** A file, so that the secret stands in no configuration that is shared. */
        clientSecretFile: z.string().min(1),
      }),
    )
    .max(20),
});

/** The outside identity providers of an operator's YAML file. */
function readProviders(file: string): IdentityProvider[] {
  if (!existsSync(file)) throw new Problem('path-missing', `${file} is not there`, { exitCode: 4 });
  const parsed = providersSchema.safeParse(parse(readFileSync(file, 'utf8'), { maxAliasCount: 0 }));
  if (!parsed.success) {
    throw new Problem('providers-invalid', `${file} does not hold: ${z.prettifyError(parsed.error)}`, {
      next: 'docs/operating.md shows such a file.',
      exitCode: 2,
    });
  }
  return parsed.data.providers.map(({ clientSecretFile, ...provider }) => ({
    ...provider,
    clientSecret: readFileSync(clientSecretFile, 'utf8').trim(),
  }));
}

/** A key that cannot be opened is said at the start, not to the first person who wants to sign. */
async function openServerSigning({ lang, secrets }: Config, file: string | undefined) {
  if (file === undefined) return null;
  const say = speaker(lang);
  const settings = readSignerSettings(file, say);
  return openSigning({ settings, environment: secrets.named, now: new Date(), say });
}

/** Of `--targets`. */
export function splitTargets(list: string): string[] {
  return list.split(',').filter((one) => one !== '');
}

/** `host`, `host:port` or a network in CIDR; a port opens that port. */
function readAllowed(targets: readonly string[]): Allowed {
  const networks = targets.filter((one) => one.includes('/'));
  const named = targets.filter((one) => !one.includes('/')).map((one) => /^(.+?)(?::(\d{1,5}))?$/.exec(one));
  const addresses = named.flatMap((match) => match?.[1] ?? []);
  return {
    hosts: addresses.filter((one) => isIP(one) === 0),
    networks: [...networks, ...addresses.filter((one) => isIP(one) === 4).map((one) => `${one}/32`)],
    ports: named.flatMap((match) => (match?.[2] === undefined ? [] : [Number(match[2])])),
  };
}

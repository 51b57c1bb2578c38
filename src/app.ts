import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { codeCacheFolder, fillCodeCache } from './box/code-cache.ts';
import { type Fault, openPool } from './box/pool.ts';
import { type Isolation, modelFolderInBox, testIsolation } from './box/sandbox.ts';
import { openWorkshop } from './box/workshop.ts';
import type { Config } from './config.ts';
import { verdictRule } from './engine/verdict/verdict.ts';
import type { SigningTools } from './features/labelling/credentials.ts';
import type { LabellingTools } from './features/labelling/request.ts';
import { currentKey, pinnedKeys } from './features/labelling/seal-keys.ts';
import type { TryModel } from './features/models/models.ts';
import type { Screening } from './features/screening/screening.ts';
import { productVersion } from './version.ts';

export interface ScreeningSetup {
  config: Config;
  root: string;
  jobs: number;
  onFault?: (fault: Fault) => void;
}

/** Wires what a screening needs, by hand: installed trust lists and models, and the glass box. */
export async function openScreening(setup: ScreeningSetup): Promise<Screening & { reason: string | null }> {
  const { config, root, jobs, onFault } = setup;
  const { isolation, reason } = isolationFor(config);
  const codeCache = codeCacheFolder(root);
  const { trustLists, anchors } = await loadTrust(config);
  const models = await loadModels(config, root);
  const command = { root, modelFolders: models.map(({ folder }) => folder), scratchBytes: 160 * 1024 * 1024 };
  const pool = openPool({
    ...command,
    isolation,
    setup: {
      trust: { ...anchors, lists: trustLists.map(({ id, version }) => ({ id, version })) },
      pinnedKeys: pinnedKeys(config.dataFolder),
      models: models.map(({ card }, index) => ({
        card,
        modelFile: join(modelFolderInBox(command, isolation, index), card.model.file),
      })),
    },
    codeCache: { folder: codeCache, writable: false },
    size: jobs,
    ...(onFault ? { onFault } : {}),
  });
  return {
    pool: {
      ...pool,
      close: async () => {
        await pool.close();
        // After the first answer, not before it.
        if (isolation === 'sandboxed') await fillCodeCache(root, codeCache);
      },
    },
    isolation,
    reason,
    jobs,
    versions: {
      clearmirror: productVersion(root),
      verdictRule,
      tools: {},
      models: models.map(({ card }) => ({ id: card.id, version: card.version, sha256: card.model.sha256 })),
      trustLists: trustLists.map(({ id, version, sha256 }) => ({ id, version, sha256 })),
    },
  };
}

/** Wires what labelling needs, by hand. */
export async function openLabelling(
  setup: Omit<ScreeningSetup, 'onFault'> & { signing?: SigningTools | null },
): Promise<LabellingTools & { reason: string | null }> {
  const { config, root, jobs } = setup;
  const { isolation, reason } = isolationFor(config);
  const { trustLists, anchors } = await loadTrust(config);
  const workshop = openWorkshop({
    root,
    modelFolders: [],
    scratchBytes: 160 * 1024 * 1024,
    programs: ['ffmpeg', 'ffprobe', 'exiftool', 'perl', 'tesseract', 'espeak-ng'],
    isolation,
    setup: {
      trust: { ...anchors, lists: trustLists.map(({ id, version }) => ({ id, version })) },
      models: [],
      pinnedKeys: pinnedKeys(config.dataFolder),
    },
    codeCache: { folder: codeCacheFolder(root), writable: false },
    size: jobs,
  });
  return {
    workshop,
    isolation,
    reason,
    versions: { clearmirror: productVersion(root), tools: {} },
    newProduceId: randomUUID,
    newIdentifier: () => randomBytes(8).toString('hex'),
    now: () => new Date(),
    signing: setup.signing ?? null,
    sealKey: (say) => currentKey({ dataFolder: config.dataFolder, passphrase: config.secrets.keyPassphrase, say }),
  };
}

/** What is not installed is not loaded either: a first answer should not wait for code that has nothing to do. */
async function loadTrust({ dataFolder, lang }: Config) {
  if (!holdsAnything(join(dataFolder, 'trust')))
    return { trustLists: [], anchors: { anchorsPem: '', tsaAnchorsPem: '' } };
  const { installedTrustLists, readAnchors } = await import('./features/trust/trust.ts');
  return { trustLists: installedTrustLists(dataFolder, lang), anchors: readAnchors(dataFolder) };
}

async function loadModels({ dataFolder }: Config, root: string) {
  if (!holdsAnything(join(dataFolder, 'models')) && !holdsFolders(join(root, 'models'))) return [];
  const { installedModels } = await import('./features/models/models.ts');
  return installedModels(dataFolder, root);
}

function holdsAnything(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).length > 0;
}

function holdsFolders(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder, { withFileTypes: true }).some((entry) => entry.isDirectory());
}

/** Foreign detectors are loaded for the first time inside the glass box. */
export async function openTrial({ config, root }: { config: Config; root: string }): Promise<TryModel> {
  const { startInBox, tryInChild } = await import('./features/models/models.ts');
  const { isolation } = isolationFor(config);
  return tryInChild(undefined, startInBox(root, isolation));
}

function isolationFor(config: Config): { isolation: Isolation; reason: string | null } {
  return config.box === 'limits' ? limitsByWish : testIsolation();
}

const limitsByWish = { isolation: 'limits-only', reason: 'CLEARMIRROR_BOX=limits is set' } as const;

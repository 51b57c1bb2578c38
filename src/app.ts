import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, openPool } from './box/pool.ts';
import { type Isolation, testIsolation } from './box/sandbox.ts';
import type { Config } from './config.ts';
import { verdictRule } from './engine/verdict/verdict.ts';
import { installedModels, startInBox, type TryModel, tryInChild } from './features/models/models.ts';
import type { Screening } from './features/screening/screening.ts';
import { installedTrustLists, readAnchors } from './features/trust/trust.ts';

export interface ScreeningSetup {
  config: Config;
  root: string;
  jobs: number;
  onFault?: (fault: Fault) => void;
}

/** Wires what a screening needs, by hand: installed trust lists and models, and the glass box. */
export function openScreening({ config, root, jobs, onFault }: ScreeningSetup): Screening & { reason: string | null } {
  const { isolation, reason } = isolationFor(config);
  const trustLists = installedTrustLists(config.dataFolder);
  const models = installedModels(config.dataFolder, root);
  const pool = openPool({
    root,
    modelFolders: models.map(({ folder }) => folder),
    scratchBytes: 160 * 1024 * 1024,
    isolation,
    setup: {
      trust: { ...readAnchors(config.dataFolder), lists: trustLists.map(({ id, version }) => ({ id, version })) },
      models: models.map(({ card, folder }, index) => ({
        card,
        modelFile: join(isolation === 'sandboxed' ? `/models/${index}` : folder, card.model.file),
      })),
    },
    size: jobs,
    ...(onFault ? { onFault } : {}),
  });
  return {
    pool,
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

/** Foreign detectors are loaded for the first time inside the glass box. */
export function openTrial({ config, root }: { config: Config; root: string }): TryModel {
  const { isolation } = isolationFor(config);
  return tryInChild(undefined, startInBox(root, isolation));
}

function isolationFor(config: Config): { isolation: Isolation; reason: string | null } {
  return config.box === 'limits' ? limitsByWish : testIsolation();
}

const limitsByWish = { isolation: 'limits-only', reason: 'CLEARMIRROR_BOX=limits is set' } as const;

export function productVersion(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

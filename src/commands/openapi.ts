import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { openLabelling, openScreening } from '../app.ts';
import { say } from '../contract/words.ts';
import { openInstallation } from '../installation.ts';
import { openBlobs } from '../platform/blobs/blobs.ts';
import { openEmbedded } from '../platform/database/embedded.ts';
import type { CommandContext } from './command.ts';

/** `openapi`: the interface of the server, as OpenAPI 3.1. docs/api/openapi.json holds it, so that a change of it shows in review. */
export function openapiCommand({ config, root, out }: CommandContext): Command {
  return new Command('openapi').description(say(config.lang, 'cli.openapi.about')).action(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clearmirror-openapi-'));
    const installation = await openInstallation({
      root,
      database: await openEmbedded({}),
      secret: 'nobody signs in to print a description',
      publicUrl: 'http://localhost',
      providers: [],
      now: () => new Date(),
      // Only its description is wanted: what background work misses meanwhile harms nobody.
      onTrouble: () => {},
      documents: openBlobs({ folder: join(folder, 'documents') }),
      screening: {
        blobs: openBlobs({ folder: join(folder, 'media') }),
        uploads: join(folder, 'uploads'),
        openScreening: () => openScreening({ config, root, jobs: 1 }),
        workers: 0,
      },
      labelling: {
        folder: join(folder, 'labelling'),
        openLabelling: () => openLabelling({ config, root, jobs: 1 }),
        workers: 0,
        signer: null,
      },
      assessments: { folder: join(folder, 'assessments'), allow: {}, workers: 0 },
    });
    out(`${JSON.stringify(installation.description(), null, 2)}\n`);
    await installation.close();
    rmSync(folder, { recursive: true, force: true });
  });
}

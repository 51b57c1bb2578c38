import { Command } from 'commander';
import { say } from '../contract/words.ts';
import { openInstallation } from '../installation.ts';
import { openEmbedded } from '../platform/database/embedded.ts';
import type { CommandContext } from './command.ts';

/** `openapi`: the interface of the server, as OpenAPI 3.1. docs/api/openapi.json holds it, so that a change of it shows in review. */
export function openapiCommand({ config, root, out }: CommandContext): Command {
  return new Command('openapi').description(say(config.lang, 'cli.openapi.about')).action(async () => {
    const installation = await openInstallation({
      root,
      database: await openEmbedded({}),
      secret: 'nobody signs in to print a description',
      publicUrl: 'http://localhost',
      providers: [],
      now: () => new Date(),
      onTrouble: (error) => {
        throw error;
      },
    });
    out(`${JSON.stringify(installation.description, null, 2)}\n`);
    await installation.close();
  });
}

import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { speaker } from '../contract/words.ts';
import { refusal } from '../features/labelling/refusals.ts';
import {
  forgetKey,
  installKey,
  type KeyEntry,
  type KeyRing,
  listKeys,
  pinKey,
} from '../features/labelling/seal-keys.ts';
import type { CommandContext } from './command.ts';

/** `clearmirror label keys …`: the SM2 keys that seal labels, and keys of others that are vouched for. */
export function labelKeysCommand(context: CommandContext): Command {
  const { config, out } = context;
  const say = speaker(config.lang);
  const ring: KeyRing = { dataFolder: config.dataFolder, passphrase: config.secrets.keyPassphrase, say };
  const about = (key: string) => say(`cli.label.keys.${key}`);
  const tell = (key: KeyEntry, json: boolean | undefined) => {
    out(json ? `${JSON.stringify(key)}\n` : describeKey(key));
    if (key.private === 'plain') context.err(`${say('cli.label.keys.plain')}\n`);
  };

  const keys = new Command('keys').description(about('about'));
  keys
    .command('list')
    .description(about('list'))
    .option('--json', about('json'))
    .action(({ json }: { json?: boolean }) => {
      const all = listKeys(config.dataFolder);
      if (json) out(`${JSON.stringify(all, null, 2)}\n`);
      else out(all.length === 0 ? `${say('cli.label.keys.empty')}\n` : all.map(describeKey).join(''));
    });
  for (const name of ['generate', 'rotate'] as const) {
    keys
      .command(name)
      .description(about(name))
      .option('--id <id>', about('id'))
      .option('--json', about('json'))
      .action(async ({ id, json }: { id?: string; json?: boolean }) => {
        const hasCurrent = listKeys(config.dataFolder).some(({ state }) => state === 'current');
        // A second "generate" by mistake would retire the key that everybody pinned.
        if (name === 'generate' && hasCurrent) throw refusal(say, 'seal-key-there');
        const now = new Date();
        tell(await installKey(ring, { id: id ?? idFrom(now), privateKeyHex: null, now }), json);
      });
  }
  keys
    .command('import')
    .description(about('import'))
    .argument('<file>', about('file'))
    .option('--id <id>', about('id'))
    .option('--json', about('json'))
    .action(async (file: string, { id, json }: { id?: string; json?: boolean }) => {
      const now = new Date();
      tell(await installKey(ring, { id: id ?? idFrom(now), privateKeyHex: read(file), now }), json);
    });
  keys
    .command('pin')
    .description(about('pin'))
    .argument('<id>', about('id'))
    .argument('<publicKey>', about('public'))
    .action(async (id: string, publicKeyHex: string) => {
      out(describeKey(await pinKey(ring, { id, publicKeyHex, now: new Date() })));
    });
  keys
    .command('forget')
    .description(about('forget'))
    .argument('<id>', about('id'))
    .action(async (id: string) => {
      await forgetKey(ring, id);
      out(`${say('cli.label.keys.forgotten', { id })}\n`);
    });
  return keys;

  function describeKey({ id, state, publicKeyHex, createdAt, retiredAt }: KeyEntry): string {
    const since = (retiredAt ?? createdAt).slice(0, 10);
    return `${say(`cli.label.keys.state.${state}`, { id, since })}\n  ${publicKeyHex}\n`;
  }

  function read(file: string): string {
    try {
      return readFileSync(file, 'utf8').trim();
    } catch (error) {
      throw refusal(say, 'label-input-unreadable', {
        path: file,
        detail: (error as NodeJS.ErrnoException).code ?? '?',
      });
    }
  }
}

/** Ids sort by age: `key-20261122-093001`. */
function idFrom(now: Date): string {
  return `key-${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`;
}

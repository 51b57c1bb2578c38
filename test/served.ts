import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** `clearmirror serve` in a process of its own, as a person starts it. */
export interface Served {
  address: string;
  /** The one-time link, when nobody is registered yet. */
  link: string | null;
  child: ChildProcess;
  /** SIGKILL: nothing is finished, nothing is said. */
  kill(): Promise<void>;
  /** SIGTERM, and waits for the end; the exit code. */
  stop(): Promise<number | null>;
}

export async function startServing(
  folder: string,
  words: string[] = [],
  env: Record<string, string> = {},
): Promise<Served> {
  const child = spawn(process.execPath, ['src/main.ts', 'serve', '--folder', folder, '--port', '0', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CLEARMIRROR_LANG: 'en', CLEARMIRROR_DATABASE_URL: '', ...env },
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-20_000);
  });
  const lines = createInterface({ input: child.stdout });
  let address = '';
  let link: string | null = null;
  const ready = new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      address ||= /ready at (\S+)/.exec(line)?.[1] ?? '';
      link ??= /(\S+\/setup#\S+)/.exec(line)?.[1] ?? null;
      if (address) resolve();
    });
    void ended.then((code) => reject(new Error(`serve ended with ${code}: ${errors}`)));
  });
  await ready;
  return {
    address,
    link,
    child,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    stop: async () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

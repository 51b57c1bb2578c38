import { type ChildProcess, spawn } from 'node:child_process';
import { expect } from 'vitest';
import { compileCache } from './clearmirror.ts';

/** `clearmirror serve` in a process of its own, as a person starts it, and all that they would see of it. */
export interface Serve {
  child: ChildProcess;
  seen(): string;
  /** Waits until that was printed. */
  until(text: RegExp): Promise<RegExpExecArray>;
  /** Sends the signal and waits for the end; the exit code, null where the signal itself ended it. */
  end(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

export function serve(folder: string, words: string[] = [], env: Record<string, string> = {}): Serve {
  const child = spawn(process.execPath, ['src/main.ts', 'serve', '--folder', folder, '--port', '0', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: compileCache,
      CLEARMIRROR_LANG: 'en',
      CLEARMIRROR_DATABASE_URL: '',
      ...env,
    },
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  let seen = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      seen += text;
      for (const look of waiting) look();
    });
  }
  return {
    child,
    seen: () => seen,
    until: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = text.exec(seen);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        void ended.then((code) =>
          reject(new Error(`serve ended with ${code} before ${text}:\n${seen.slice(-20_000)}`)),
        );
      }),
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

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
  const { child, seen, until, end } = serve(folder, words, env);
  const [, address = ''] = await until(/ready at (\S+)\s/);
  return {
    address,
    link: /(\S+\/setup#\S+)/.exec(seen())?.[1] ?? null,
    child,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

/** Makes the first administrator of a server that nobody uses yet, with the link that it printed; the headers of their session. */
export async function enterFirst({ address, link }: Served): Promise<{ cookie: string }> {
  const answer = await fetch(`${address}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      secret: link?.split('#')[1],
      person: { name: 'An Li', email: 'an@shimmer.example', password: 'quiet mirror of bronze' },
      organisation: { kind: 'company', name: 'Example Shimmer Ltd' },
    }),
  });
  expect(answer.status).toBe(200);
  return { cookie: cookieOf(answer) };
}

export function cookieOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
}

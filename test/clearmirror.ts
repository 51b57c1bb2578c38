import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordSchema, type ScreeningRecord } from '../src/contract/screening.ts';

/** The program as a person starts it, with an empty data folder of its own. */
export interface Run {
  code: number | null;
  out: string;
  err: string;
}

export const root = new URL('..', import.meta.url).pathname;

export function clearmirror(
  args: readonly string[],
  options: { env?: Record<string, string>; cwd?: string; stdout?: number } = {},
): Promise<Run> {
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), ...args], {
    cwd: options.cwd ?? root,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: emptyHome,
      CLEARMIRROR_HOME: emptyHome,
      LANG: 'C.UTF-8',
      ...options.env,
    },
    stdio: ['ignore', options.stdout ?? 'pipe', 'pipe'],
  });
  const run: Run = { code: null, out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    run.out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    run.err += text;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...run, code })));
}

const emptyHome = mkdtempSync(join(tmpdir(), 'clearmirror-home-'));

/** The records of a run with `--json`, each checked against the contract. */
export function recordsOf(run: Run): ScreeningRecord[] {
  return run.out
    .split('\n')
    .filter(Boolean)
    .map((line) => recordSchema.parse(JSON.parse(line)));
}

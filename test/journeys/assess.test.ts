import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { AssessmentRecord } from '../../src/contract/assessment.ts';
import { clearmirror, compileCache, type Run, root } from '../clearmirror.ts';
import { newFolder } from '../new-folder.ts';
import { prepareSmallRun, publications, readRecord } from '../small-run.ts';
import { openSmallService } from '../small-service.ts';

/* `clearmirror assess` against services that behave, and against services that do not. */

const labelOf = ({ requirements }: AssessmentRecord) => requirements.find(({ id }) => id === 'GB-M1')?.result;

test('a service that keeps labels and writes no propagation fields: exactly that is found, and everything is taken away again', async () => {
  const service = await openSmallService();
  const { out, words } = prepareSmallRun(service.target);
  const run = await clearmirror(words);
  // The rules on propagation fields are unverified: a warning, and no accusation.
  expect([run.code, run.err]).toEqual([0, '']);
  const record = readRecord(out);
  expect(record.hazards.map(({ id, verified, lost, tried }) => [id, verified, lost, tried])).toEqual([
    ['labels-survive/image/original/propagation/propagation-missing', false, 5, 5],
  ]);
  expect(labelOf(record)).toBe('conforms');
  expect(run.out).toContain('the platform did not write its propagation fields');
  expect([service.items.size, record.leftBehind, publications(service)]).toEqual([0, [], 5]);
  const requests = readFileSync(join(out, 'requests.ndjson'), 'utf8').trim().split('\n');
  expect(requests.length).toBe(record.requests);
  expect(service.asked.length).toBe(record.requests);
});

test.each<[string, Parameters<typeof openSmallService>[0], string]>([
  [
    'fails on everything it is given',
    ({ method }, response) => method === 'POST' && Boolean(response.writeHead(500).end('{}')),
    'target-status',
  ],
  ['never answers', ({ method }) => method === 'POST', 'target-too-slow'],
  [
    'is never done with an item',
    ({ url }, response) => url?.startsWith('/items/') === true && Boolean(response.end('{"state":"processing"}')),
    'target-never-ready',
  ],
  [
    'answers with a page where JSON is promised',
    ({ method }, response) => method === 'POST' && Boolean(response.end('<html>Please sign in</html>')),
    'target-not-json',
  ],
  [
    'sends people elsewhere for the file',
    ({ url }, response) =>
      url?.startsWith('/files/') === true &&
      Boolean(response.writeHead(302, { location: 'http://127.0.0.1:9/file' }).end()),
    'target-elsewhere',
  ],
  [
    'says picture and gives a page',
    ({ url }, response) =>
      url?.startsWith('/files/') === true &&
      Boolean(response.writeHead(200, { 'content-type': 'image/png' }).end('<html>not found</html>')),
    'unexaminable',
  ],
])('a service that %s: nothing passes, nothing is accused, and it says why', async (_what, misdeed, code) => {
  const service = await openSmallService(misdeed);
  const { out, words } = prepareSmallRun(service.target);
  const run = await clearmirror([...words.slice(0, -4), '--samples', '1', '--only', 'labels-survive']);
  const record = readRecord(out);
  expect(record.probes.map(({ state, trials }) => [state, [...new Set(trials.map((one) => one.code))]])).toEqual([
    ['not-run', [code]],
  ]);
  expect([run.code, record.hazards, labelOf(record)]).toEqual([0, [], 'open']);
  // The sentence, not its code.
  expect(run.out).not.toMatch(/trial\.|\{\{/);
});

test('where nobody can publish, a refusal says nothing: not about identity, not about broken files', async () => {
  const service = await openSmallService(
    ({ method }, response) => method === 'POST' && Boolean(response.writeHead(403).end('{"code":"wrong-key"}')),
  );
  const { out, words } = prepareSmallRun({ ...service.target, unidentified: { headers: { 'x-who': 'nobody' } } });
  const run = await clearmirror([
    ...words.slice(0, -4).map((word) => (word === 'cn-2025-labelling' ? 'cn-2018' : word)),
    ...['--samples', '1', '--only', 'identity', 'malformed'],
  ]);
  const { probes, hazards, requirements } = readRecord(out);
  expect(probes.map(({ probe, state }) => [probe, state])).toEqual([
    ['identity', 'not-run'],
    ['malformed', 'not-run'],
  ]);
  expect(new Set(probes.flatMap(({ trials }) => trials.map((one) => one.outcome)))).toEqual(new Set(['unclear']));
  expect([run.code, hazards, requirements.filter(({ result }) => result !== 'open')]).toEqual([0, [], []]);
});

test('a full disk is told in words, and the run goes on when there is room', async () => {
  const service = await openSmallService();
  const { out, words } = prepareSmallRun(service.target);
  mkdirSync(out);
  // A file system of 16 KiB that only this process sees, for the record alone.
  const command = ['--dev-bind', '/', '/', '--size', '16384', '--tmpfs', out, 'sh', '-c'];
  const env = { PATH: process.env['PATH'] ?? '', HOME: newFolder(), LANG: 'C.UTF-8', NODE_COMPILE_CACHE: compileCache };
  const line = 'head -c 8000 /dev/zero >"$0/filler"; "$@" 2>&1; echo "exit $?"';
  const child = spawn('bwrap', [...command, line, out, process.execPath, join(root, 'src/main.ts'), ...words], { env });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await new Promise((resolve) => child.once('close', resolve));
  expect(said).toMatch(/cannot be written \(ENOSPC\).*make room.*exit 1/s);
  expect((await clearmirror(words)).code).toBe(0);
});

test('of two runs in one folder one is at work, the other is told', async () => {
  const service = await openSmallService();
  const { words } = prepareSmallRun({ ...service.target, perSecond: 5 });
  const first = clearmirror(words);
  await expect.poll(() => publications(service)).toBeGreaterThan(0);
  const second = await clearmirror(words);
  expect([second.code, second.err]).toEqual([5, expect.stringContaining('Another run is at work')]);
  expect([(await first).code, publications(service)]).toEqual([0, 5]);
});

test('a run that is killed goes on where it was, and publishes nothing twice', async () => {
  const service = await openSmallService(() => false);
  const { out, words } = prepareSmallRun({ ...service.target, perSecond: 6 });
  // One that nobody knows of is never counted, so the run can come to its end before five are.
  let code: number | null = null;
  for (let kills = 0; code === null && publications(service) < 5 && kills < 6; kills++) {
    const before = publications(service);
    const child = spawn(process.execPath, [join(root, 'src/main.ts'), ...words], {
      stdio: 'ignore',
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache, CLEARMIRROR_HOME: newFolder() },
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await Promise.race([
      expect.poll(() => publications(service), { interval: 20 }).toBeGreaterThan(before),
      ended,
    ]).catch(() => {});
    child.kill('SIGKILL');
    code = await ended;
  }
  code ??= (await clearmirror(words)).code;
  const record = readRecord(out);
  expect(new Set(service.published).size).toBe(service.published.length);
  // Of what was about to be sent when it was killed nobody knows; it is told, and not sent again.
  const unknown = record.probes[0]?.trials.filter((one) => one.code === 'target-unknown-whether-published') ?? [];
  expect(publications(service)).toBeLessThanOrEqual(5);
  expect(publications(service)).toBeGreaterThanOrEqual(5 - unknown.length);
  expect(new Set(record.probes[0]?.trials.map(({ sample }) => sample)).size).toBe(5);
  expect(code).toBe(0);
});

test('Ctrl-C breaks off within moments, says where to go on, and the same command does', async () => {
  const service = await openSmallService();
  const { out, words } = prepareSmallRun({ ...service.target, perSecond: 3 });
  const run: Run = { code: null, out: '', err: '' };
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache, CLEARMIRROR_HOME: newFolder(), LANG: 'C' },
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    run.err += text;
  });
  await expect.poll(() => publications(service)).toBeGreaterThan(1);
  child.kill('SIGINT');
  run.code = await new Promise((resolve) => child.once('close', resolve));
  expect([run.code, run.err]).toEqual([130, expect.stringContaining('goes on from there')]);
  await clearmirror(words);
  expect([publications(service), readRecord(out).probes[0]?.state]).toEqual([expect.any(Number), 'ran']);
  expect(publications(service)).toBeLessThanOrEqual(5);
});

test('a target with mistakes is refused with their lines, before anything is asked', async () => {
  const service = await openSmallService();
  const { target } = service;
  const broken = {
    ...target,
    headers: { authorization: 'Bearer {{secret.key}}' },
    item: { ...target.item, ready: { path: '$.state[', is: ['ready'] } },
    remove: { request: { method: 'DELETE', path: 'http://elsewhere.example/{{number}}?key={{secret.key}}' } },
    published: [
      {
        name: 'exports',
        bucket: { endpoint: 'https://s3.example', name: 'media', keyId: 'store-id', key: 'store-key' },
      },
    ],
  };
  const { words } = prepareSmallRun(broken);
  const run = await clearmirror(words);
  expect([run.code, run.out]).toEqual([2, '']);
  expect(run.err).toMatch(/target\.item\.ready\.path[\s\S]*is no JSONPath/);
  expect(run.err).toMatch(/names no secret key/);
  expect(run.err).toMatch(/published[\s\S]*bucket\.endpoint[\s\S]*at none of the target's hosts/);
  expect(run.err).toMatch(/names no secret store-id/);
  expect(run.err).toMatch(/Nothing is filled in for number/);
  expect(run.err).toMatch(/at none of the target's hosts/);
  expect(run.err).toMatch(/secret key stands in an address/);
  expect(service.asked).toEqual([]);
});

test('a folder of published media: what goes without its labels is found there, and what is no media is no matter', async () => {
  const folder = newFolder();
  const place = join(folder, 'site/exports');
  mkdirSync(join(place, 'old'), { recursive: true });
  const bare = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#886644' } })
    .png()
    .toBuffer();
  writeFileSync(join(folder, 'bare.png'), bare);
  const label = [
    'label',
    join(folder, 'bare.png'),
    '--explicit',
    'zh',
    '--producer',
    'ExampleStudio',
    '--produce-id',
    '1',
  ];
  const labelled = await clearmirror([...label, '-o', join(place, 'old/sound.png')]);
  expect([labelled.code, labelled.err]).toEqual([0, '']);
  const { hosts } = (await openSmallService()).target;
  const target = { hosts, published: [{ name: 'site', folder: 'site/exports' }] };
  writeFileSync(join(place, 'index.txt'), 'a list');
  const assess = (out: string) => {
    const words = prepareSmallRun(target, { folder }).words.map((word) =>
      word === join(folder, 'report') ? join(folder, out) : word,
    );
    return clearmirror([...words.slice(0, -1), 'exports-labelled']);
  };
  expect((await assess('first')).code).toBe(0);
  const first = readRecord(join(folder, 'first'));
  expect(first.hazards).toEqual([]);
  expect(first.probes[0]?.trials.map(({ url }) => url)).toContain('site/old/sound.png');

  writeFileSync(join(place, 'new.png'), bare);
  const second = await assess('second');
  expect([second.code, second.err]).toEqual([10, '']);
  const { hazards, requests } = readRecord(join(folder, 'second'));
  expect(hazards.map(({ id }) => id).toSorted()).toEqual([
    'exports-labelled/site/png/explicit/explicit-explicit-label-not-found',
    'exports-labelled/site/png/implicit/label-gone',
  ]);
  expect(requests).toBe(0);
});

test('secrets come by reference: one that is missing is named, and none stands in the record', async () => {
  const service = await openSmallService();
  const target = {
    ...service.target,
    secrets: { key: { env: 'SMALL_KEY' } },
    headers: { authorization: 'Bearer {{secret.key}}' },
  };
  const { words, out } = prepareSmallRun(target);
  const without = await clearmirror(words);
  expect([without.code, without.err]).toEqual([5, expect.stringContaining('SMALL_KEY')]);
  const split = await clearmirror(words, { env: { SMALL_KEY: 'a\r\nx-evil: 1' } });
  expect([split.code, service.asked]).toEqual([5, []]);
  await clearmirror(words, { env: { SMALL_KEY: 'very-secret-value' } });
  for (const name of ['assessment.json', 'requests.ndjson', 'run.ndjson'])
    expect(readFileSync(join(out, name), 'utf8')).not.toContain('very-secret-value');
});

test('the report is written in the official form: every requirement, every hazard and what nobody answered stand in it', async () => {
  const service = await openSmallService();
  const { out, words } = prepareSmallRun(service.target);
  const both = words
    .map((word) => (word === 'cn-2025-labelling' ? 'cn-2018' : word))
    .concat('--rulebook', 'cn-2025-labelling');
  const run = await clearmirror([...both, '--lang', 'zh']);
  expect([run.err, run.code]).toEqual(['', 0]);
  const record = readRecord(out);
  const text = execFileSync('pdftotext', ['-layout', join(out, 'cn-2018.zh.pdf'), '-'], {
    encoding: 'utf8',
  }).replaceAll('\u200b', '');
  for (const { id } of record.requirements) expect(text).toContain(id);
  expect(new Set(record.requirements.map(({ rulebook }) => rulebook))).toEqual(
    new Set(['cn-2018', 'cn-2025-labelling']),
  );
  expect(text).toContain('互联网信息服务安全评估报告');
  expect(text).toContain('平台未写入传播要素');
  expect(text).toContain('（未填写）');
  expect(text).toContain(record.run);
  const results = JSON.parse(readFileSync(join(out, 'oscal-assessment-results.zh.json'), 'utf8'))['assessment-results'];
  expect(results.results[0].findings.length).toBe(record.requirements.length);
  const resource = JSON.stringify(results['back-matter']);
  expect(resource).toContain(
    createHash('sha256')
      .update(readFileSync(join(out, 'assessment.json')))
      .digest('hex'),
  );
  for (const name of ['cn-2018.en.pdf', 'cn-2018.zh.docx'])
    expect(statSync(join(out, name)).size).toBeGreaterThan(10_000);
});

test('a folder that holds another run is not mixed with this one', async () => {
  const [one, other] = [await openSmallService(), await openSmallService()];
  const folder = newFolder();
  expect((await clearmirror(prepareSmallRun(one.target, { folder }).words)).code).toBe(0);
  const again = await clearmirror(prepareSmallRun(one.target, { folder }).words);
  expect([again.code, again.err]).toEqual([5, expect.stringContaining('came to its end')]);
  const run = await clearmirror(prepareSmallRun(other.target, { folder }).words);
  expect([run.code, run.err, other.asked]).toEqual([5, expect.stringContaining('holds the run of another'), []]);
});

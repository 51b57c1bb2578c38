import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clearmirror } from '../clearmirror.ts';
import { enterFirst, type Served, startServing } from '../served.ts';

let folder: string;
let served: Served;
let cookie: string;
let key: string;

async function send(method: string, path: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${served.address}${path}`, {
    method,
    headers: { 'content-type': 'application/json', cookie, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: the test looks at whatever came back
  const json: any = await answer.json();
  return { status: answer.status, body: json };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clearmirror-register-'));
  served = await startServing(folder, ['--no-pages', '--workers', '0']);
  cookie = (await enterFirst(served)).cookie;
  const made = await send('POST', '/api/v1/api-keys', { name: 'pipeline', roles: ['engineer'] });
  key = made.body.key;
});
afterAll(async () => {
  await served?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const document = `schema: clearmirror.register/1
services:
  - slug: shimmer-video
    name: { zh: 微光短视频, en: Shimmer Video }
    type: app
    jurisdictions: [cn]
    features: [short_video]
    facts: { offeredToPublic: true, hostsUserContent: true, isPropagator: true, isGenerator: false, opinionOrMobilisation: true }
    launchedOn: 2025-03-03
    figures:
      - { kind: registeredUsers, value: 1200000, asOf: 2026-10-31 }
    functions:
      - slug: voice-room
        name: { zh: 语音房间, en: Voice room }
        features: [voice_room]
        facts: { usesNewTech: false, editsBiometrics: false, realisticOutput: false }
        plannedLaunch: 2026-12-10
`;

function write(text: string): string {
  const file = join(folder, 'clearmirror.yaml');
  writeFileSync(file, text);
  return file;
}

/** As in a pipeline: the key in the environment, the server found by its data folder. */
const run = (args: string[], env: Record<string, string> = {}) =>
  clearmirror(args, { env: { CLEARMIRROR_HOME: folder, CLEARMIRROR_KEY: key, ...env } });

test('a pipeline plans, applies, and the second time there is nothing to do', async () => {
  const file = write(document);
  const plan = await run(['register', 'plan', file]);
  expect(plan.err).toBe('');
  expect(plan).toMatchObject({ code: 0 });
  expect(plan.out).toContain('+ add service shimmer-video');
  expect(plan.out).toContain('+ add function voice-room of shimmer-video');
  expect(plan.out).toContain('2 to add, 2 to change, 0 to withdraw.');

  const unasked = await run(['register', 'apply', file]);
  expect(unasked).toMatchObject({ code: 2 });
  expect(unasked.err).toContain('Add --yes');
  expect((await send('GET', '/api/v1/services', undefined)).body.items).toEqual([]);

  const applied = await run(['register', 'apply', file, '--yes']);
  expect(applied).toMatchObject({ code: 0, err: '' });
  expect(applied.out).toContain('Applied: 2 added, 2 changed, 0 withdrawn.');
  const [service] = (await send('GET', '/api/v1/services', undefined)).body.items;
  expect(service).toMatchObject({
    slug: 'shimmer-video',
    state: 'launched',
    launchedOn: '2025-03-03',
    figures: { registeredUsers: { value: 1200000, asOf: '2026-10-31' } },
    functions: 1,
  });
  const again = await run(['register', 'apply', file, '--yes', '--lang', 'zh']);
  expect(again).toMatchObject({ code: 0, err: '' });
  expect(again.out).toContain('无需变更');
});

test('the gate is a step of the pipeline: closed is 11, and open is 0 once the report is accepted', async () => {
  const gate = ['gate', '--service', 'shimmer-video', '--function', 'voice-room'];
  const closed = await run(gate);
  expect(closed).toMatchObject({ code: 11, err: '' });
  expect(closed.out).toMatch(
    /^CLOSED {2}function voice-room \(Voice room\) of service shimmer-video, version 1, planned/,
  );
  expect(closed.out).toContain('Art. 3(1) (CN18-T1)');
  expect((await run([...gate, '--lang', 'zh'])).out).toMatch(/^不放行 {2}服务 shimmer-video 的功能 voice-room/);

  const json = JSON.parse((await run([...gate, '--json'])).out);
  expect(json).toMatchObject({ schema: 'clearmirror.gate/1', open: false });
  for (const rulebook of new Set(json.reasons.map((reason: { rulebook: string }) => reason.rulebook))) {
    const filed = await send('POST', '/api/v1/filings', {
      rulebook,
      service: 'shimmer-video',
      function: 'voice-room',
      authority: '示例市网信办',
      number: 'EX-1',
      filedOn: '2026-11-02',
      filedBy: 'An Li',
    });
    expect(filed.status).toBe(201);
    const accepted = { to: 'accepted', on: '2026-11-09', revision: 1 };
    expect((await send('POST', `/api/v1/filings/${filed.body.id}/moves`, accepted)).status).toBe(200);
  }
  const open = await run(gate);
  expect(open).toMatchObject({ code: 0, err: '' });
  expect(open.out).toMatch(/^OPEN {2}function voice-room/);
  expect(open.out).toContain('✓ Accepted: CN18-D1');
  expect(await run(['gate', '--service', 'shimmer-vide0', '--function', 'voice-room'])).toMatchObject({ code: 5 });
});

test('a document that does not hold is told by line, and nothing is sent', async () => {
  const spoken = await run([
    'register',
    'apply',
    write(document.replace('slug: voice-room', 'slug: Voice')),
    '--lang',
    'zh',
  ]);
  expect(spoken).toMatchObject({ code: 2, out: '' });
  expect(spoken.err).toContain('限用小写字母、数字和中间的连字符');
  const wrong = document.replace('type: app', 'type: radio').replace('voice_room]', 'voice_rum]');
  const refused = await run(['register', 'plan', write(wrong)]);
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.err).toContain('clearmirror.yaml:5  services[0].type');
  expect(refused.err).toContain('clearmirror.yaml:15  services[0].functions[0].features[0]');
  const obstacle = document.replace('plannedLaunch', 'version: 3\n        plannedLaunch');
  const told = await run(['register', 'plan', write(obstacle), '--lang', 'zh']);
  expect(told).toMatchObject({ code: 5, out: '' });
  expect(told.err).toContain('services[0].functions[0].version');
  expect(told.err).toContain('下一版应为第 2 版');
});

/** Answers as it is told, and ends with the test. */
async function pretend(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('it does not listen');
  return `http://127.0.0.1:${address.port}`;
}
const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing) close();
});

test('a pipeline may wait for the gate: it asks again until it is open, also of a server that was away meanwhile', async () => {
  const answered = await send('GET', '/api/v1/gate?service=shimmer-video&function=voice-room', undefined);
  const saying = (open: boolean) => JSON.stringify({ ...answered.body, open });
  const wait = (server: string, minutes: string) =>
    run(['gate', '--service', 'shimmer-video', '--function', 'voice-room', '--server', server, '--wait', minutes]);
  const answers = [
    () => [503, 'busy'] as const,
    () => [200, saying(false)] as const,
    () => [200, saying(true)] as const,
  ];
  let asked = 0;
  const slowly = await pretend((_request, response) => {
    const [status, body] = answers[asked++]?.() ?? [500, 'asked once more'];
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  const opened = await wait(slowly, '5');
  expect(opened).toMatchObject({ code: 0, out: expect.stringMatching(/^OPEN/) });
  expect(opened.err.match(/asking again/g)).toHaveLength(2);
  expect(asked).toBe(3);

  let vain = 0;
  const never = await pretend((_request, response) => {
    vain += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end(saying(false));
  });
  expect(await wait(never, '0.05')).toMatchObject({ code: 11, out: expect.stringMatching(/^CLOSED/) });
  expect(vain).toBeGreaterThan(1);
  // Away until the end is no answer; what was refused would be refused again, so nothing is waited for.
  expect(await wait('http://127.0.0.1:1', '0.01')).toMatchObject({ code: 12, out: '' });
  const refused = await run(['gate', '--service', 'nobody', '--wait', '5']);
  expect(refused).toMatchObject({ code: 5, out: '' });
  expect(refused.err).not.toContain('asking again');
  expect(await wait(never, 'soon')).toMatchObject({ code: 2 });
});

test('a server that never answers, or never ends its answer, is given up: 12', async () => {
  const silent = await pretend(() => {});
  const endless = await pretend((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{');
    const drip = setInterval(() => response.write(' '), 500);
    response.on('close', () => clearInterval(drip));
  });
  const runs = [silent, endless].map((server) => run(['gate', '--service', 's', '--server', server]));
  for (const { code, out, err } of await Promise.all(runs)) {
    expect([code, out]).toEqual([12, '']);
    expect(err).toContain('30 s');
  }
});

test('whatever is no clear answer is 12, never 0', async () => {
  const gate = (server: string) => run(['gate', '--service', 's', '--function', 'f', '--server', server]);
  const half = '{"schema":"clearmirror.gate/1","open":true,"serv';
  const cut = await pretend((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '4000' });
    response.write(half, () => response.socket?.destroy());
  });
  const failing = await pretend((_request, response) => response.writeHead(503).end('busy'));
  const page = await pretend((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>open</h1>');
  });
  const foreign = await pretend((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"open":true}');
  });
  let carried = 'nobody asked';
  const elsewhere = await pretend((request, response) => {
    carried = String(request.headers.authorization);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"open":true}');
  });
  const moved = await pretend((_request, response) => response.writeHead(307, { location: elsewhere }).end());
  for (const server of [cut, failing, page, foreign, moved, 'http://127.0.0.1:1']) {
    const { code, out, err } = await gate(server);
    expect([server, code, out]).toEqual([server, 12, '']);
    expect(err).not.toBe('');
    expect(err).not.toContain(key);
  }
  expect(carried).toBe('nobody asked');
  expect(await gate('http://clearmirror.example')).toMatchObject({ code: 2 });
  expect(await run(['gate', '--service', 's'], { CLEARMIRROR_KEY: 'cm_made-up-and-long-enough' })).toMatchObject({
    code: 5,
  });
  expect(await run(['gate', '--service', 's'], { CLEARMIRROR_KEY: '' })).toMatchObject({ code: 2 });
});

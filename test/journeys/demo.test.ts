import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { clearmirror } from '../clearmirror.ts';
import { newFolder } from '../new-folder.ts';
import { cookieOf, type Serve, serve } from '../served.ts';

/** `serve --demo`, and what its people and its pipeline are answered. */
interface Demo extends Serve {
  /** Asks as whoever signed in, or as the key. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came back
  ask(path: string, as?: Record<string, string>): Promise<{ status: number; body: any }>;
  signIn(email: string): Promise<Record<string, string>>;
  pipeline(): Record<string, string>;
}

function startDemo(folder: string, lang: 'en' | 'zh' = 'en'): Demo {
  const served = serve(folder, ['--demo', '--no-pages'], { CLEARMIRROR_LANG: lang });
  onTestFinished(() => void served.child.kill('SIGKILL'));
  const address = async () => (await served.until(/(http:\/\/localhost:\d+)\s/))[1] ?? '';
  const passwordOf = async () => (await served.until(/([a-z]{4}(?:-[a-z]{4}){4})/))[1];
  return {
    ...served,
    ask: async (path, as = {}) => {
      const answer = await fetch(`${await address()}/api/v1${path}`, { headers: as });
      return { status: answer.status, body: await answer.json() };
    },
    signIn: async (email) => {
      const answer = await fetch(`${await address()}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password: await passwordOf() }),
      });
      expect([email, answer.status]).toEqual([email, 200]);
      return { cookie: cookieOf(answer) };
    },
    pipeline: () => ({ authorization: `Bearer ${readFileSync(join(folder, 'pipeline.key'), 'utf8').trim()}` }),
  };
}

const complete = /The demo is complete|演示数据已备齐/;

/** How much of everything there is, for the company and for the authority. */
async function count(demo: Demo) {
  const company = await demo.signIn('lin.wan@shimmer.example');
  const authority = await demo.signIn('ye.heng@city.example');
  const length = async (path: string, as: Record<string, string>) => (await demo.ask(path, as)).body.items.length;
  return {
    members: await length('/members', company),
    officers: await length('/members', authority),
    organisations: await length('/organisations', company),
    keys: (await demo.ask('/api-keys', company)).body.items.filter(
      (key: { revokedAt: string | null }) => !key.revokedAt,
    ).length,
    services: await length('/services', company),
    functions: await length('/functions', company),
    figures: await length('/services/shimmer-video/figures', company),
    happenings: await length('/services/moonlit-rooms/happenings', company),
    filings: await length('/filings', company),
    screenings: await length('/screenings?limit=100', company),
    letters: await length('/screenings?limit=100', authority),
    noted: await length('/screenings?noted=true', company),
    overridden: await length('/screenings?overridden=true', company),
    labelled: await length('/labellings?state=done', company),
    refused: await length('/labellings?state=refused', company),
  };
}
const whole = {
  ...{ members: 4, officers: 4, organisations: 2, keys: 1, services: 2, functions: 5, figures: 9, happenings: 1 },
  ...{ filings: 10, screenings: 21, letters: 3, noted: 1, overridden: 1, labelled: 1, refused: 1 },
};

test('a newcomer signs in as two people of a living system, and finds it again the next day', async () => {
  const folder = newFolder();
  const demo = startDemo(folder);
  await demo.until(/ready at/);
  // It answers while it is being filled.
  expect((await demo.ask('/installation')).body).toMatchObject({ demo: true, needsSetup: false });
  expect(demo.seen()).not.toContain('/setup#');
  await demo.until(complete);

  const lin = await demo.signIn('lin.wan@shimmer.example');
  const services = (await demo.ask('/services', lin)).body.items;
  expect(
    services.map(({ slug, state, name }: { slug: string; state: string; name: object }) => [slug, state, name]),
  ).toEqual([
    ['moonlit-rooms', 'launched', { zh: '月下语音房', en: 'Moonlit Rooms' }],
    ['shimmer-video', 'launched', { zh: '微光短视频', en: 'Shimmer Video' }],
  ]);
  expect(services[1]).toMatchObject({
    jurisdictions: ['cn', 'eu'],
    figures: { registeredUsers: { value: 6_120_000 } },
  });
  const functions = (await demo.ask('/functions', lin)).body.items;
  expect(
    Object.fromEntries(
      functions.map(({ slug, state, version }: { slug: string; state: string; version: number }) => [
        slug,
        `${state} ${version}`,
      ]),
    ),
  ).toEqual({
    feed: 'launched 2',
    'live-stream': 'changed 2',
    'face-swap': 'planned 1',
    'voice-room': 'launched 1',
    invitation: 'planned 1',
  });

  const gate = async (service: string, name: string) =>
    (await demo.ask(`/gate?service=${service}&function=${name}`, demo.pipeline())).body;
  const codes = async (service: string, name: string) =>
    (await gate(service, name)).reasons.map(({ code, due }: { code: string; due: string }) => `${due} ${code}`);
  expect(await codes('shimmer-video', 'face-swap')).toEqual(['CN18-D1 not-filed', 'CNDS-D20 not-filed']);
  expect(await codes('shimmer-video', 'live-stream')).toEqual(['CN18-D1 filing-returned']);
  expect(await codes('moonlit-rooms', 'invitation')).toEqual(['CN18-D1 not-accepted']);
  expect(await gate('shimmer-video', 'feed')).toMatchObject({ open: true });
  for (const { slug } of services)
    expect((await demo.ask(`/gate?service=${slug}`, lin)).body).toMatchObject({ open: true });
  const { dues } = await gate('moonlit-rooms', 'voice-room');
  const noticed = dues.find(({ due }: { due: string }) => due === 'CN18-D3');
  expect(noticed).toMatchObject({
    state: 'due',
    by: { kind: 'date', overdue: false, derivation: { length: 30, unit: 'working-day' } },
    occasion: { event: 'authority-notice' },
  });
  // What the rooms themselves are is among the facts, whichever function is asked about.
  expect(noticed.because.find(({ fact }: { fact: string }) => fact === 'features').value).toContain('voice_room');
  const filings = (await demo.ask('/filings', lin)).body.items;
  expect([...new Set(filings.map(({ state }: { state: string }) => state))].sort()).toEqual([
    'accepted',
    'filed',
    'returned',
  ]);

  const screenings = (await demo.ask('/screenings?limit=100', lin)).body.items;
  const all = (name: string) => [...new Set(screenings.map((one: Record<string, unknown>) => one[name]))].sort();
  expect(all('state')).toEqual(['done']);
  expect(all('kind')).toEqual(['audio', 'image', 'video']);
  expect([...new Set(screenings.map(({ verdict }: { verdict: { word: string } }) => verdict.word))].sort()).toEqual([
    'declared',
    'not-applicable',
    'some',
    'strong',
  ]);
  expect(screenings.filter(({ conflicts }: { conflicts: number }) => conflicts > 0)).toHaveLength(2);
  const broken = screenings.find(({ name }: { name: string }) => name.startsWith('上传中断'));
  const { record } = (await demo.ask(`/screenings/${broken.id}`, lin)).body;
  expect(record.findings.map(({ code }: { code: string }) => code)).toContain('truncated');

  const su = await demo.signIn('su.bai@city.example');
  expect((await demo.ask('/me', su)).body).toMatchObject({
    organisation: { kind: 'authority', level: 'prefecture' },
    roles: ['examiner'],
  });
  expect((await demo.ask('/services', su)).status).toBe(403);
  expect((await demo.ask('/screenings', su)).body.items).toHaveLength(3);
  expect(await count(demo)).toEqual(whole);
  expect(await demo.end('SIGTERM')).toBe(0);

  // Neither its folder nor what it prints is taken for a real installation.
  const asWork = await clearmirror(['serve', '--folder', folder, '--port', '0', '--no-pages']);
  expect([asWork.code, asWork.err.includes('holds a demo')]).toEqual([5, true]);

  const again = startDemo(folder, 'zh');
  await again.until(/register plan/);
  expect(again.seen()).toContain('以上账号共用密码');
  expect(again.seen()).not.toContain('正在填充');
  expect(await count(again)).toEqual(whole);
  const file = join(folder, 'shimmer', 'clearmirror.yaml');
  const [server] = await again.until(/http:\/\/localhost:\d+/);
  const plan = await clearmirror([
    'register',
    'plan',
    file,
    '--json',
    '--server',
    server,
    '--key-file',
    join(folder, 'pipeline.key'),
  ]);
  expect(JSON.parse(plan.out)).toMatchObject({ items: [], obstacles: [] });
  expect(await again.end('SIGTERM')).toBe(0);
}, 600_000);

test('killed at any step, the next start tells the rest, and nothing twice', async () => {
  const folder = newFolder();
  const unborn = startDemo(folder);
  while (!existsSync(join(folder, 'database'))) await sleep(5);
  await unborn.end('SIGKILL');
  expect(JSON.parse(readFileSync(join(folder, 'demo.json'), 'utf8'))).toMatchObject({ standing: false });
  for (const step of [/services and functions/, /filings/, /screenings: [1-9]/]) {
    const demo = startDemo(folder);
    await demo.until(step);
    await demo.end('SIGKILL');
  }
  const demo = startDemo(folder);
  await demo.until(complete);
  expect(await count(demo)).toEqual(whole);
  expect(await demo.end('SIGTERM')).toBe(0);
}, 600_000);

test('a folder with something in it, and a server, are refused', async () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'database'));
  const full = await clearmirror(['serve', '--demo', '--folder', folder, '--port', '0', '--no-pages']);
  expect([full.code, full.err.includes('is not empty')]).toEqual([5, true]);
  const words = ['--database-url', 'postgres://127.0.0.1:1/nothing'];
  const onServer = await clearmirror([
    'serve',
    '--demo',
    '--folder',
    newFolder(),
    '--port',
    '0',
    '--no-pages',
    ...words,
  ]);
  expect([onServer.code, onServer.err.includes('never put on a PostgreSQL')]).toEqual([2, true]);
}, 120_000);

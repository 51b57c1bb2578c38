import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openAccounts } from '../../src/features/accounts/accounts.ts';
import { actAsSystem } from '../../src/platform/database/database.ts';
import { openLive, tell } from '../../src/platform/http/live.ts';
import { openServer } from '../../src/platform/http/server.ts';
import { type House, openHouse, type Person } from '../house.ts';

const json = { 'content-type': 'application/json' };

async function countEvents({ database }: House): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) from event`.execute(database.owner);
  return rows[0]?.count ?? -1;
}

async function makeKey(house: House, as: Person, roles = ['engineer']): Promise<string> {
  return (await house.ask('POST', '/api/v1/api-keys', { as, body: { name: 'k', roles } })).body.key;
}

describe('a page of another site', () => {
  test('writes nothing with our cookie, whichever way it hides and whatever it sends; and no GET writes', async () => {
    const house = await openHouse();
    const as = await house.setUp();
    const before = await countEvents(house);
    const own = house.publicUrl;
    const body = JSON.stringify({ name: 'Forged', roles: ['engineer'] });
    const ways: Record<string, string>[] = [
      { origin: 'https://elsewhere.example' },
      { origin: 'null' },
      { origin: '' },
      { origin: `${own}.elsewhere.example` },
      { origin: `${own}@elsewhere.example` },
      { origin: own.replace('7300', '7301') },
      { origin: own.replace('http:', 'https:') },
      { origin: own.toUpperCase() },
      { origin: `${own}/` },
      { origin: `${own}, https://elsewhere.example` },
      { origin: 'https://elsewhere.example', 'sec-fetch-site': 'same-origin' },
      { origin: 'null', 'sec-fetch-site': 'same-origin' },
      { origin: 'https://elsewhere.example', 'x-http-method-override': 'GET', 'x-requested-with': 'XMLHttpRequest' },
    ];
    for (const type of [
      'application/json',
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      for (const way of ways) {
        const headers = { ...way, 'content-type': type };
        for (const url of ['/api/v1/api-keys', '/api/auth/update-user', '/api/auth/sign-out', '/api/v1/setup']) {
          const { status } = await house.ask('POST', url, { as, body, headers });
          expect([type, way, url, status]).toEqual([type, way, url, 403]);
        }
      }
      // Without an origin only a browser says where it comes from; with our own, a form is still no JSON.
      for (const site of ['cross-site', 'same-site']) {
        const { origin: _, ...rest } = { origin: '', 'content-type': type, 'sec-fetch-site': site, cookie: as.cookie };
        const sent = await house.server.inject({
          method: 'POST',
          url: '/api/v1/api-keys',
          headers: rest,
          payload: body,
        });
        expect([type, site, sent.statusCode]).toEqual([type, site, 403]);
      }
      if (type === 'application/json') continue;
      const own = await house.ask('POST', '/api/v1/api-keys', { as, body, headers: { 'content-type': type } });
      expect([type, own.status]).toEqual([type, 415]);
    }
    for (const { method, path } of house.endpoints) {
      if (method !== 'GET') continue;
      const url = path.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000');
      const overridden = `${url}?_method=DELETE&name=x&roles=engineer`;
      await house.ask('GET', overridden, { as, headers: { 'x-http-method-override': 'POST' } });
    }
    expect(await countEvents(house)).toBe(before);
    expect((await house.ask('GET', '/api/v1/me', { as })).status).toBe(200);
  });
});

test('what no database holds and what has no end is refused with its place, never a fault of ours', async () => {
  const house = await openHouse();
  const as = await house.setUp();
  const deep = `${'['.repeat(300_000)}${']'.repeat(300_000)}`;
  const name = (text: string) => `{"name":${text},"roles":["engineer"]}`;
  const before = await countEvents(house);
  const bodies: [string, string, number, string | undefined][] = [
    ['U+0000', name('"a\\u0000b"'), 400, '/name'],
    ['half a pair', name('"a\\ud800b"'), 400, '/name'],
    ['the other half', name('"\\udfff"'), 400, '/name'],
    ['U+0000 in a name', '{"name":"x","roles":["engineer"],"a\\u0000":1}', 400, ''],
    ['U+0000 where nobody looks', '{"name":"x","roles":["engineer"],"more":[{"a":["\\u0000"]}]}', 400, '/more/0/a/0'],
    ['endless nesting', `{"name":"x","roles":["engineer"],"z":${deep}}`, 400, ''],
    ['endless nesting at the top', deep, 400, ''],
    ['__proto__', '{"__proto__":{"roles":["administrator"]},"name":"x","roles":["engineer"]}', 400, undefined],
    ['constructor.prototype', '{"constructor":{"prototype":{"x":1}},"name":"x","roles":["engineer"]}', 400, undefined],
    ['no object', '"name"', 400, ''],
    ['nothing', 'null', 400, undefined],
    ['a number', '1e999', 400, ''],
    ['half', '{"name":', 400, undefined],
    ['more than it may', name(`"${'x'.repeat(1_100_000)}"`), 413, undefined],
    ['names without end', `{${Array.from({ length: 80_000 }, (_, index) => `"k${index}":0`).join(',')}}`, 400, '/name'],
  ];
  for (const [what, body, status, path] of bodies) {
    for (const headers of [json, { ...json, 'idempotency-key': `key-${bodies.length}-${what.length}` }]) {
      const answer = await house.ask('POST', '/api/v1/api-keys', { as, headers, body });
      expect([what, answer.status]).toEqual([what, status]);
      if (path !== undefined) expect([what, answer.body.fields?.[0]?.path]).toEqual([what, path]);
    }
    const signIn = await house.ask('POST', '/api/auth/sign-in/email', { headers: json, body });
    expect([what, signIn.status >= 400 && signIn.status < 500]).toEqual([what, true]);
  }
  for (const [method, url] of [
    ['DELETE', '/api/v1/members/a%00b'],
    ['GET', '/api/v1/events?kind=a%00b'],
    ['GET', '/api/v1/events?a%00=b'],
    ['GET', '/api/v1/events?after=%27%20or%201%3D1'],
    ['GET', '/api/v1/events?after=99999999999999999999'],
    ['GET', '/api/v1/events?after=1.5'],
    ['GET', '/api/v1/events?limit=1e9'],
    ['GET', '/api/v1/events?limit=-1'],
    ['GET', '/api/v1/events?limit=1&limit=2'],
    ['GET', '/api/v1/%zz'],
    ['GET', '/api/v1/%c0%ae%c0%ae/'],
    ['DELETE', '/api/v1/api-keys/../../../etc/passwd'],
  ] as const) {
    const { status, text } = await house.ask(method, url, { as });
    expect([url, status === 400 || status === 404]).toEqual([url, true]);
    expect(text).not.toMatch(/select |\/work\/|node_modules|at .*\.ts/i);
  }
  // The last of two names counts, for the contract as for the hash of the request.
  const twice = '{"name":"first","name":"last","roles":["engineer"]}';
  expect((await house.ask('POST', '/api/v1/api-keys', { as, headers: json, body: twice })).body.apiKey.name).toBe(
    'last',
  );
  expect(await countEvents(house)).toBe(before + 1);
});

test('every kind of answer carries the headers that keep browsers from harm, and files outside stay outside', async () => {
  const house = await openHouse({ pages: `${process.cwd()}/web/dist` });
  const as = await house.setUp();
  const html = { accept: 'text/html' };
  const kinds: Record<string, ReturnType<House['ask']>> = {
    page: house.ask('GET', '/screen', { headers: html }),
    'page with odd address': house.ask('GET', '/../../etc/passwd', { headers: html }),
    api: house.ask('GET', '/api/v1/me', { as }),
    refusal: house.ask('GET', '/api/v1/members'),
    'bad address': house.ask('GET', '/api/v1/%zz'),
    'nothing there': house.ask('POST', '/nothing', { body: {} }),
    'sign-in': house.ask('GET', '/api/auth/get-session', { as }),
    redirect: house.ask('GET', '/api/auth/callback/none?code=x&state=y'),
    picture: house.ask('GET', '/favicon.svg'),
    health: house.ask('GET', '/healthz'),
    'folder of assets': house.ask('GET', '/assets/'),
  };
  for (const [kind, asked] of Object.entries(kinds)) {
    const { headers } = await asked;
    const policy = String(headers['content-security-policy']);
    expect([kind, headers['x-content-type-options']]).toEqual([kind, 'nosniff']);
    expect([kind, policy]).toEqual([kind, expect.stringContaining("frame-ancestors 'none'")]);
    expect([kind, policy.includes('unsafe-eval') || /script-src[^;]*unsafe-inline/.test(policy)]).toEqual([
      kind,
      false,
    ]);
  }
  for (const url of [
    '/assets/..%2f..%2f..%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/..\\..\\package.json',
    '/assets/%252e%252e/package.json',
    '/assets/....//....//package.json',
    '/assets//etc/passwd',
    '/favicon.svg/../../package.json',
    '/.env',
    '/index.html%00.js',
  ]) {
    const { text } = await house.ask('GET', url);
    expect([url, text.includes('better-auth') || text.includes('root:')]).toEqual([url, false]);
  }
  for (const headers of [
    { 'x-forwarded-for': '127.0.0.1' },
    { forwarded: 'for=127.0.0.1' },
    { via: '1.1 proxy' },
    { 'x-real-ip': '127.0.0.1' },
    { 'x-forwarded-host': 'localhost' },
    // A name that was pointed at this machine after the page had come (DNS rebinding).
    { host: 'rebound.example:7300' },
  ]) {
    expect([
      headers,
      (await house.ask('GET', '/metrics', { headers: Object.fromEntries(Object.entries(headers)) })).status,
    ]).toEqual([headers, 404]);
  }
  expect((await house.ask('GET', '/metrics')).status).toBe(200);
  const foreign = await house.server.inject({ url: '/metrics', remoteAddress: '10.0.0.1' });
  expect(foreign.statusCode).toBe(404);
});

test('odd ways to write an address of better-auth reach nothing that is shut', async () => {
  const house = await openHouse();
  const as = await house.setUp();
  const { port } = new URL(await house.server.listen({ port: 0, host: '127.0.0.1' }));
  const body = JSON.stringify({ name: 'X', email: 'x@shimmer.example', password: 'a long enough password' });
  // As they stand, on a socket: a client would tidy them first.
  const ask = async (method: string, path: string) => {
    const head = `${method} /api/auth${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: ${as.cookie}\r\n`;
    const rest = `Origin: ${house.publicUrl}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    return statusesIn(await raw(Number(port), method === 'GET' ? `${head}\r\n` : `${head}${rest}`));
  };
  for (const path of [
    '//sign-up/email',
    '/sign-up/email',
    '/sign-up%2femail',
    '/sign-out/../sign-up/email',
    '/sign-out%2f..%2fsign-up/email',
    '/sign-out/',
    '/Sign-Out',
    '/sign-out;/sign-up/email',
    '/./sign-out',
    '/sign-out#/../sign-up/email',
    '/sign-out%3f/../sign-up/email',
    '/callback/x',
    '/callback/../sign-up/email',
  ]) {
    expect([path, await ask('POST', path)]).toEqual([path, [404]]);
  }
  for (const path of [
    '/callback/..%2fok',
    '/callback/x/y',
    '/callback/',
    '/ok',
    '/error?error=x',
    '/reset-password/x?callbackURL=https://evil.example',
  ]) {
    expect([path, await ask('GET', path)]).toEqual([path, [404]]);
  }
  expect((await house.ask('GET', '/api/v1/me', { as })).status).toBe(200);
  expect((await sql`select 1 from "user"`.execute(house.database.owner)).rows).toHaveLength(1);
});

/** Sends these bytes on one connection and hears what comes until it is closed, or until that many answers have begun. */
async function raw(port: number, bytes: string, answers = Number.POSITIVE_INFINITY): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  let heard = '';
  const done = new Promise<void>((resolve) => {
    socket.on('data', (piece) => {
      heard += piece.toString('latin1');
      if (heard.split('HTTP/1.1 ').length > answers) resolve();
    });
    socket.on('close', () => resolve());
  });
  socket.write(bytes, 'latin1');
  await done;
  socket.destroy();
  return heard;
}

const statusesIn = (heard: string) => [...heard.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));

test('two readings of one request are refused, on real sockets, and nothing after them is read', async () => {
  const house = await openHouse();
  const as = await house.setUp();
  const before = await countEvents(house);
  const address = await house.server.listen({ port: 0, host: '127.0.0.1' });
  const port = Number(new URL(address).port);
  const hidden = `POST /api/auth/sign-out HTTP/1.1\r\nHost: x\r\nCookie: ${as.cookie}\r\nContent-Length: 0\r\n\r\n`;
  const post = (headers: string, body = `0\r\n\r\n${hidden}`) =>
    `POST /api/v1/setup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${body}`;
  const cases: [string, string][] = [
    ['length and chunks', post('Content-Length: 4\r\nTransfer-Encoding: chunked')],
    ['two lengths', post('Content-Length: 4\r\nContent-Length: 5')],
    ['a list of lengths', post('Content-Length: 4, 5')],
    ['a length with a sign', post('Content-Length: +4')],
    ['a length in hex', post('Content-Length: 0x4')],
    ['a length below nothing', post('Content-Length: -1')],
    ['chunks before something else', post('Transfer-Encoding: chunked, identity')],
    ['chunks misspelt', post('Transfer-Encoding: xchunked')],
    ['chunks twice', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity')],
    ['a blank before the colon', post('Content-Length : 4')],
    ['a line that goes on', post('X: a\r\n b: c\r\nContent-Length: 4\r\n Transfer-Encoding: chunked')],
    ['a chunk of no size', post('Transfer-Encoding: chunked', `zz\r\n\r\n${hidden}`)],
    ['line feeds alone', 'GET /api/v1/me HTTP/1.1\nHost: x\nContent-Length : 1\n\n'],
    ['no method', `\u0000\u0001\u0002 / HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['another protocol', 'SSH-2.0-OpenSSH_9.9\r\n\r\n'],
    ['no host', 'GET /api/v1/me HTTP/1.1\r\n\r\n'],
  ];
  for (const [what, bytes] of cases) {
    const heard = await raw(port, bytes);
    expect([what, statusesIn(heard)]).toEqual([what, [400]]);
    expect(heard).toMatch(/x-content-type-options: nosniff|^HTTP\/1\.1 400 Bad Request\r\nConnection: close/);
  }
  const long = await raw(port, `GET /${'a'.repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
  expect(statusesIn(long)).toEqual([431]);
  // Two requests in one piece: the second is not the first one's.
  const ask = (cookie: string) => `GET /api/v1/members HTTP/1.1\r\nHost: x\r\n${cookie}\r\n`;
  const two = await raw(port, `${ask(`Cookie: ${as.cookie}\r\n`)}${ask('')}`, 2);
  expect(statusesIn(two)).toEqual([200, 401]);
  // An address with a name in it is still ours.
  const absolute = await raw(
    port,
    `GET http://evil.example/api/auth/get-session HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  );
  expect(statusesIn(absolute)).toEqual([404]);
  expect(await countEvents(house)).toBe(before);
  expect((await house.ask('GET', '/api/v1/me', { as })).status).toBe(200);
  expect(house.troubles).toEqual([]);
});

/** Opens the stream of live events and gives its first piece. */
async function follow(address: string, headers: Record<string, string>) {
  const asked = request(address, { headers, agent: false });
  asked.on('error', () => {}).end();
  const [answer] = await once(asked, 'response');
  answer.on('error', () => {});
  onTestFinished(() => {
    asked.destroy();
  });
  return { answer, status: answer.statusCode };
}

test('who listens and never reads is sent away, who reads hears all, and nobody listens without end', async () => {
  const house = await openHouse();
  const as = await house.setUp();
  const address = `${await house.server.listen({ port: 0, host: '127.0.0.1' })}/api/v1/live`;
  const [reading, silent] = [await makeKey(house, as), await makeKey(house, as)];
  const good = await follow(address, { authorization: `Bearer ${reading}` });
  let heard = 0;
  const lines = createInterface({ input: good.answer });
  // The test ends before the stream does.
  lines.on('error', () => {});
  lines.on('line', (line) => {
    if (line === 'event: flood') heard += 1;
  });
  const bad = await follow(address, { authorization: `Bearer ${silent}` });
  bad.answer.pause();
  const gone = once(bad.answer.socket, 'close');
  bad.answer.socket.on('error', () => {});
  // 30 MB, more than the buffers of two sockets hold; the one who reads is let come along.
  for (let sent = 0; sent < 4000; sent += 100) {
    await sql`select pg_notify('live', json_build_object('organisation', ${as.organisation}::text, 'topic', 'flood',
      'id', n, 'data', repeat('x', 7600))::text) from generate_series(1, 100) n`.execute(house.database.owner);
    while (heard < sent + 100) await once(lines, 'line');
  }
  bad.answer.resume();
  await gone;
  expect(bad.answer.complete).toBe(false);

  for (let count = 0; count < 30; count += 1) {
    expect((await follow(address, { cookie: as.cookie })).status).toBe(200);
  }
  expect((await follow(address, { cookie: as.cookie })).status).toBe(429);
});

test('who has signed out or was removed hears nothing after the next beat; too much to tell undoes nothing', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const leaver = await house.addMember(first, ['engineer']);
  const secret = 'a secret of a house that stands only for a test';
  const setup = { database: house.database, secret, publicUrl: house.publicUrl, now: () => house.clock.now };
  const onTrouble = (error: Error) => house.troubles.push(error);
  const accounts = openAccounts({ ...setup, providers: [], version: '0', demo: false, onTrouble });
  const live = await openLive(house.database, { beatMs: 100 });
  const server = await openServer({
    ...setup,
    endpoints: accounts.endpoints,
    identify: accounts.identify,
    origins: () => [house.publicUrl],
  });
  server.get('/live', { config: { access: ['member'] } }, (asked, reply) =>
    live.follow(asked, reply, () => accounts.identify(asked)),
  );
  onTestFinished(async () => {
    await live.close();
    await server.close();
  });
  const address = `${await server.listen({ port: 0, host: '127.0.0.1' })}/live`;
  const again = await house.signIn(leaver);
  const removed = await follow(address, { cookie: leaver.cookie });
  const signedOut = await follow(address, { cookie: again.cookie });
  const stays = await follow(address, { cookie: first.cookie });
  let heard = '';
  stays.answer.setEncoding('utf8').on('data', (piece: string) => {
    heard += piece;
  });
  const ended = [removed, signedOut].map(({ answer }) => once(answer.resume(), 'end'));
  await house.ask('POST', '/api/auth/sign-out', { as: again, body: {} });
  await ended[1];
  const members = (await house.ask('GET', '/api/v1/members', { as: first })).body.items;
  const { id } = members.find(({ email }: { email: string }) => email === leaver.email);
  await house.ask('DELETE', `/api/v1/members/${id}`, { as: first });
  await ended[0];

  const told = once(stays.answer, 'data');
  await actAsSystem(house.database, (tx) =>
    tell(tx, { organisation: first.organisation, topic: 'big', id: 'x', data: { text: '长'.repeat(5000) } }),
  );
  while (!heard.includes('event: big')) await Promise.race([told, once(stays.answer, 'data')]);
  expect(heard).toContain('data: {"topic":"big","id":"x"}');
});

import { readFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import { describe, expect, test } from 'vitest';
import { openHouse } from '../house.ts';

test('docs/api/openapi.json is what the server says of itself (clearmirror openapi > docs/api/openapi.json)', async () => {
  const house = await openHouse();
  const committed = JSON.parse(readFileSync('docs/api/openapi.json', 'utf8'));
  expect(JSON.parse(JSON.stringify(house.description()))).toEqual(committed);
  expect((await house.ask('GET', '/api/v1/openapi.json')).body).toEqual(committed);
});

test('the pages use the interface as it is (npm run generate)', async () => {
  const made = astToString(await openapiTS(JSON.parse(readFileSync('docs/api/openapi.json', 'utf8'))));
  const committed = readFileSync('web/api/schema.d.ts', 'utf8');
  // The command adds a line on where the file is from.
  expect(committed.slice(committed.indexOf('export interface paths'))).toBe(
    made.slice(made.indexOf('export interface paths')),
  );
});

describe('who asks', () => {
  test('every endpoint that is not for anyone answers 401 to nobody, to a made-up cookie and to a made-up key', async () => {
    const house = await openHouse();
    await house.setUp();
    const closed = house.endpoints.filter(({ access }) => access !== 'anyone');
    expect(closed.length).toBeGreaterThan(10);
    for (const { method, path } of closed) {
      const url = path.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000');
      for (const headers of [
        {},
        { cookie: 'clearmirror.session_token=abc.def' },
        { authorization: 'Bearer cm_made-up' },
      ]) {
        const { status, body } = await house.ask(method, url, { headers, ...(method === 'GET' ? {} : { body: {} }) });
        expect([method, path, status, body.code]).toEqual([method, path, 401, 'sign-in-first']);
      }
    }
  });

  test('an endpoint for some roles refuses a member of that organisation who has none of them', async () => {
    const house = await openHouse();
    const first = await house.setUp();
    const people = {
      company: await Promise.all(
        (['assessor', 'engineer', 'signatory'] as const).map((role) => house.addMember(first, [role])),
      ),
    };
    const roles = ['assessor', 'engineer', 'signatory'] as const;
    let refused = 0;
    for (const { method, path, access } of house.endpoints) {
      if (!Array.isArray(access)) continue;
      const url = path.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000');
      for (const [index, role] of roles.entries()) {
        const allowed = [role, `company.${role}`, 'company', 'member'].some((grant) => access.includes(grant));
        const person = people.company[index];
        if (!person) throw new Error('somebody is missing');
        const { status, body } = await house.ask(method, url, {
          as: person,
          ...(method === 'GET' ? {} : { body: {} }),
        });
        if (!allowed) {
          expect([method, path, role, status, body.code]).toEqual([method, path, role, 403, 'not-allowed']);
          refused += 1;
        } else expect([method, path, role, status === 403 || status === 401]).toEqual([method, path, role, false]);
      }
    }
    expect(refused).toBeGreaterThan(20);
  });

  test('what is for people only refuses a key of every role, and makes nothing', async () => {
    const house = await openHouse();
    const first = await house.setUp();
    const body = { name: 'all', roles: ['administrator', 'assessor', 'engineer', 'signatory'] };
    const { key } = (await house.ask('POST', '/api/v1/api-keys', { as: first, body })).body;
    const closed = house.endpoints.filter(({ access, peopleOnly }) => peopleOnly || access === 'person');
    for (const { method, path } of closed) {
      const url = path.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000');
      const answer = await house.ask(method, url, { as: { key }, ...(method === 'GET' ? {} : { body: {} }) });
      expect([method, path, answer.status, answer.body.code]).toEqual([method, path, 403, 'people-only']);
    }
    // Whatever answers with a secret that opens something.
    const givers = house.endpoints.filter(({ path }) => /api-keys$|invitations$|-link$/.test(path));
    for (const { method, path } of givers.filter(({ method }) => method === 'POST')) {
      expect([path, closed.some((one) => one.path === path && one.method === method)]).toEqual([path, true]);
    }
  });

  test('a write from a page of another site is refused, and so is one that hides where it comes from', async () => {
    const house = await openHouse();
    const first = await house.setUp();
    const body = { name: 'Deploy', roles: ['engineer'] };
    for (const headers of [
      { origin: 'https://elsewhere.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' },
    ]) {
      const answer = await house.ask('POST', '/api/v1/api-keys', { as: first, body, headers });
      expect(answer).toMatchObject({ status: 403, body: { code: 'foreign-page' } });
    }
    expect((await house.ask('GET', '/api/v1/api-keys', { as: first })).body.items).toEqual([]);
  });
});

test('the same write sent twice with one key is done once; another write under that key is refused', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const send = (name: string) =>
    house.ask('POST', '/api/v1/api-keys', {
      as: first,
      body: { name, roles: ['engineer'] },
      headers: { 'idempotency-key': 'k1' },
    });
  const [one, two] = await Promise.all([send('Deploy'), send('Deploy')]);
  expect(one?.status).toBe(201);
  expect(two?.body).toEqual(one?.body);
  expect((await house.ask('GET', '/api/v1/api-keys', { as: first })).body.items).toHaveLength(1);
  expect(await send('Another')).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
});

test('an Idempotency-Key is kept, or refused where nobody would keep it', async () => {
  const house = await openHouse();
  const as = await house.setUp();
  const headers = { 'idempotency-key': 'k1', 'content-type': 'application/json' };
  for (const { method, path, repeated } of house.endpoints) {
    const url = path.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000');
    const { body } = await house.ask(method, url, { as, headers, ...(method === 'GET' ? {} : { body: {} }) });
    const refused = method !== 'GET' && repeated === undefined;
    expect([method, path, body?.code === 'idempotency-key-not-taken']).toEqual([method, path, refused]);
  }
  for (const url of ['/api/v1/screenings?name=a.png', '/api/v1/uploads', '/api/auth/sign-out']) {
    const { status, body } = await house.ask('POST', url, { as, headers, body: {} });
    expect([url, status, body.code]).toEqual([url, 400, 'idempotency-key-not-taken']);
  }
  expect((await house.ask('GET', '/api/v1/me', { as })).status).toBe(200);
});

test.each(['embedded', 'server'] as const)(
  'an operator who asks twice with one key makes one organisation, whether for an organisation or for none: %s',
  async (on) => {
    const house = await openHouse({ on });
    const first = await house.setUp();
    const make = (name: string, headers: Record<string, string>) =>
      house.ask('POST', '/api/v1/organisations', {
        headers: { 'idempotency-key': 'k1', ...headers },
        body: { organisation: { kind: 'company', name }, email: 'wei@glow.example' },
      });
    const inOne = { cookie: first.cookie, 'clearmirror-organisation': first.organisation };
    const both = await Promise.all([make('Example Glow Ltd', inOne), make('Example Glow Ltd', inOne)]);
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    expect(both[1]?.body).toEqual(both[0]?.body);
    // In no organisation of theirs: that one is only their name for it.
    const inNone = { cookie: first.cookie, 'clearmirror-organisation': both[0]?.body.organisation.id };
    const again = [await make('Example Gleam Ltd', inNone), await make('Example Gleam Ltd', inNone)];
    expect(again[0]?.status).toBe(201);
    expect(again[1]?.body).toEqual(again[0]?.body);
    expect(await make('Example Glint Ltd', inNone)).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
    const { items } = (await house.ask('GET', '/api/v1/organisations', { as: first })).body;
    expect(items).toHaveLength(3);
  },
);

test('what goes wrong says so in the language asked for, names the part, and tells nothing of the inside', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const body = { name: '', roles: [] };
  const answer = await house.ask('POST', '/api/v1/api-keys', {
    as: first,
    body,
    headers: { 'accept-language': 'zh-CN,zh;q=0.9' },
  });
  expect(answer).toMatchObject({
    status: 400,
    headers: { 'content-type': 'application/problem+json; charset=utf-8' },
    body: {
      code: 'request-invalid',
      title: '请求中有内容不符合要求。',
      fields: [
        { path: '/name', message: expect.stringMatching(/\p{Script=Han}/u) },
        { path: '/roles', message: expect.stringMatching(/\p{Script=Han}/u) },
      ],
    },
  });
  const broken = await house.ask('POST', '/api/v1/api-keys', {
    as: first,
    body: '{"name":',
    headers: { 'content-type': 'application/json' },
  });
  expect(broken).toMatchObject({ status: 400, body: { code: 'request-not-json' } });
  const nul = await house.ask('POST', '/api/v1/invitations', {
    as: first,
    body: { email: 'a@b.example', roles: ['engineer\u0000'] },
  });
  expect(nul.status).toBe(400);
});

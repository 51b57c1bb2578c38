import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { totp } from '../authenticator.ts';
import { type Answer, cookieOf, type House, openHouse, type Person, secretOf } from '../house.ts';

const guess = (house: House, email: string, password = 'not the password', headers: Record<string, string> = {}) =>
  house.ask('POST', '/api/auth/sign-in/email', { body: { email, password }, headers });

const statuses = (answers: Answer[]) => answers.map(({ status }) => status).sort();

async function idOf(house: House, as: Person, email: string): Promise<string> {
  const { body } = await house.ask('GET', '/api/v1/members', { as });
  return body.items.find((member: { email: string }) => member.email === email).id;
}

describe.each(['embedded', 'server'] as const)('on a database that is %s', (on) => {
  test('of fifty guesses at once five are looked at, however the address is spelt', async () => {
    const house = await openHouse({ on });
    const first = await house.setUp();
    for (const email of [first.email, 'nobody@shimmer.example']) {
      const spellings = [email, email.toUpperCase(), `${email[0]?.toUpperCase()}${email.slice(1)}`];
      // Each from an address of its own, so that only the lock stands in the way.
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          house.server
            .inject({
              method: 'POST',
              url: '/api/auth/sign-in/email',
              remoteAddress: `10.0.0.${index}`,
              headers: { origin: house.publicUrl },
              payload: { email: spellings[index % 3], password: `guess number ${index}` },
            })
            .then(({ statusCode, body }) => ({ statusCode, code: JSON.parse(body).code })),
        ),
      );
      expect(answers.filter(({ statusCode }) => statusCode === 401)).toHaveLength(5);
      expect(answers.filter(({ code }) => code === 'LOCKED')).toHaveLength(45);
    }
    expect((await guess(house, first.email, first.password)).status).toBe(429);
  });

  test('a clock that ran ahead for a while locks nobody for longer than an hour', async () => {
    const house = await openHouse({ on });
    const first = await house.setUp();
    house.clock.now = new Date('2031-01-01T00:00:00Z');
    for (let tries = 0; tries < 5; tries += 1) await guess(house, first.email);
    expect((await guess(house, first.email, first.password)).status).toBe(429);
    house.clock.now = new Date('2026-11-22T08:00:00Z');
    expect((await guess(house, first.email, first.password)).status).toBe(200);
  });

  test('an administrator’s key lets nobody in and gives no rights; it ends with its revocation', async () => {
    const house = await openHouse({ on });
    const first = await house.setUp();
    const member = await house.addMember(first, ['engineer']);
    const id = await idOf(house, first, member.email);
    const { key, apiKey } = (
      await house.ask('POST', '/api/v1/api-keys', { as: first, body: { name: 'k', roles: ['administrator'] } })
    ).body;
    const as = { key };
    const asked = [
      ['POST', '/api/v1/api-keys', { name: 'child', roles: ['administrator'] }],
      ['POST', '/api/v1/invitations', { email: 'back@elsewhere.example', roles: ['administrator'] }],
      ['PATCH', `/api/v1/members/${id}`, { roles: ['administrator'] }],
      ['POST', `/api/v1/members/${id}/new-password-link`, {}],
      ['DELETE', `/api/v1/members/${id}/second-factor`, {}],
    ] as const;
    const before = (await house.ask('GET', '/api/v1/events', { as })).body.items;
    for (const [method, url, body] of asked) {
      const headers = { 'idempotency-key': `${method} ${url}`.replace(' ', ':'), 'accept-language': 'zh' };
      const answer = await house.ask(method, url, { as, body, headers });
      expect([url, answer.status, answer.body.code]).toEqual([url, 403, 'people-only']);
      expect(answer.body.title).toBe('此操作须由本人登录进行，不能使用 API 密钥。');
    }
    expect((await house.ask('GET', '/api/v1/events', { as })).body.items).toEqual(before);
    // It may still take away.
    const { address } = (
      await house.ask('POST', '/api/v1/invitations', { as: first, body: { email: 'x@y.example', roles: ['engineer'] } })
    ).body;
    const [open] = (await house.ask('GET', '/api/v1/invitations', { as })).body.items;
    expect((await house.ask('DELETE', `/api/v1/invitations/${open.id}`, { as })).status).toBe(204);
    expect((await house.ask('POST', '/api/v1/links/look', { body: { secret: secretOf(address) } })).status).toBe(404);

    expect((await house.ask('DELETE', `/api/v1/api-keys/${apiKey.id}`, { as: first })).status).toBe(204);
    for (const [method, url, body] of [...asked, ['GET', '/api/v1/members', undefined]] as const) {
      expect([url, (await house.ask(method, url, { as, body })).status]).toEqual([url, 401]);
    }
  });

  test('an organisation whose first link was lost is entered by a new one, which only operators make, until somebody is in', async () => {
    const house = await openHouse({ on });
    const operator = await house.setUp();
    const body = { organisation: { kind: 'company', name: 'Example Glow Ltd' }, email: 'lost@glow.exmaple' };
    const made = (await house.ask('POST', '/api/v1/organisations', { as: operator, body })).body;
    const url = `/api/v1/organisations/${made.organisation.id}/first-administrator-link`;
    const again = (as: Person | { key: string } | null, email = 'wei@glow.example') =>
      house.ask('POST', url, { as, body: { email } });
    const second = await house.addMember(operator, ['administrator']);
    const { key } = (
      await house.ask('POST', '/api/v1/api-keys', { as: operator, body: { name: 'k', roles: ['administrator'] } })
    ).body;
    expect((await again(null)).status).toBe(401);
    expect((await again(second)).body.code).toBe('operators-only');
    expect((await again({ key })).body.code).toBe('people-only');
    const nowhere = '/api/v1/organisations/00000000-0000-4000-8000-000000000000/first-administrator-link';
    expect(await house.ask('POST', nowhere, { as: operator, body: { email: 'wei@glow.example' } })).toMatchObject({
      status: 404,
      body: { code: 'organisation-unknown' },
    });

    const one = await again(operator);
    const two = await again(operator);
    expect([one.status, two.status]).toEqual([201, 201]);
    const accept = (address: string) =>
      house.ask('POST', '/api/v1/links/accept', {
        body: { secret: secretOf(address), name: 'Wei', password: 'a long enough password' },
      });
    expect((await accept(made.link.address)).status).toBe(404);
    expect((await accept(one.body.address)).status).toBe(404);
    // An administrator who comes in while another link is asked for: either is in time, and nobody is let in by both.
    const [entered, late] = await Promise.all([accept(two.body.address), again(operator)]);
    const address = entered.status === 200 ? two.body.address : late.body.address;
    const inside = entered.status === 200 ? entered : await accept(address);
    expect([inside.status, late.status]).toEqual([200, entered.status === 200 ? 409 : 201]);
    expect(await again(operator, 'mine@shimmer.example')).toMatchObject({
      status: 409,
      body: { code: 'administrator-there' },
    });
    const me = { cookie: cookieOf(inside) };
    const events = (await house.ask('GET', '/api/v1/events', { headers: me })).body.items;
    const kinds = events.map(({ kind }: { kind: string }) => kind);
    expect(kinds.filter((kind: string) => kind === 'first-administrator-invited').length).toBeGreaterThanOrEqual(2);
    expect(events.find(({ kind }: { kind: string }) => kind === 'first-administrator-invited').data).toEqual({
      email: 'wei@glow.example',
    });
    // A refused attempt took no open invitation away.
    await house.ask('POST', '/api/v1/invitations', {
      headers: me,
      body: { email: 'an@glow.example', roles: ['engineer'] },
    });
    await again(operator, 'mine@shimmer.example');
    expect((await house.ask('GET', '/api/v1/invitations', { headers: me })).body.items).toHaveLength(1);
  });

  test('one link accepted by twenty at once lets one in, and two links to one new address make one person', async () => {
    const house = await openHouse({ on });
    const first = await house.setUp();
    const other = await house.addOrganisation(first, { kind: 'company', name: 'Example Glow Ltd' });
    const invite = async (as: Person) =>
      (
        await house.ask('POST', '/api/v1/invitations', {
          as,
          body: { email: 'new@shimmer.example', roles: ['engineer'] },
        })
      ).body.address;
    const accept = (address: string, index: number) =>
      house.ask('POST', '/api/v1/links/accept', {
        body: { secret: secretOf(address), name: `Guest ${index}`, password: `a long enough password ${index}` },
      });
    const one = await invite(first);
    const two = await invite(other);
    const answers = await Promise.all([accept(one, 0), accept(two, 1), accept(one, 2), accept(two, 3)]);
    expect(statuses(answers).filter((status) => status === 200)).toHaveLength(1);
    expect(statuses(answers).filter((status) => status >= 500)).toEqual([]);
    const people = await sql`select 1 from "user" where email = 'new@shimmer.example'`.execute(house.database.owner);
    expect(people.rows).toHaveLength(1);
  });
});

test('a header that names an address does not get round the limit of an address', async () => {
  const house = await openHouse();
  const answers = [];
  for (let index = 0; index < 24; index += 1) {
    const made = `203.0.113.${index}`;
    answers.push(
      await guess(house, `somebody-${index}@shimmer.example`, 'x', {
        'x-clearmirror-address': made,
        'x-forwarded-for': made,
        forwarded: `for=${made}`,
        'x-real-ip': made,
        'cf-connecting-ip': made,
      }),
    );
  }
  expect(statuses(answers).filter((status) => status === 429)).toHaveLength(4);
});

test('ever new addresses of one IPv6 connection count as one, and IPv4 written as IPv6 as itself', async () => {
  const house = await openHouse();
  const from = async (remoteAddress: string) => {
    const url = '/api/v1/links/look';
    const headers = { origin: house.publicUrl };
    const payload = { secret: 'a secret that nobody has given out' };
    return (await house.server.inject({ method: 'POST', url, remoteAddress, headers, payload })).statusCode;
  };
  // This one answers thirty times a minute.
  for (const address of [
    (index: number) => `2001:db8:1:2:${index.toString(16)}::1`,
    (index: number) => (index % 2 ? '192.0.2.7' : '::ffff:192.0.2.7'),
  ]) {
    const seen = [];
    for (let index = 0; index < 32; index += 1) seen.push(await from(address(index)));
    expect(seen.filter((status) => status === 404)).toHaveLength(30);
    expect(seen.slice(30)).toEqual([429, 429]);
  }
  expect(await from('2001:db8:1:3::1')).toBe(404);
});

test('behind a proxy only the address that the proxy itself saw counts', async () => {
  const house = await openHouse({ trustProxy: true });
  const claim = (claimed: string) =>
    guess(house, `${claimed}@shimmer.example`, 'x', { 'x-forwarded-for': `${claimed}, 198.51.100.7` });
  const answers = [];
  for (let index = 0; index < 24; index += 1) answers.push(await claim(`203.0.113.${index}`));
  expect(statuses(answers).filter((status) => status === 429)).toHaveLength(4);
  const elsewhere = await guess(house, 'other@shimmer.example', 'x', {
    'x-forwarded-for': '203.0.113.1, 198.51.100.8',
  });
  expect(elsewhere.status).toBe(401);
});

test('a session that was left open is no place to guess the password', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const tries = [
    ['/two-factor/enable', { password: 'wrong password 1' }],
    ['/change-password', { currentPassword: 'wrong password 2', newPassword: 'another long password' }],
    ['/two-factor/disable', { password: 'wrong password 3' }],
    ['/two-factor/generate-backup-codes', { password: 'wrong password 4' }],
    ['/two-factor/enable', { password: 'wrong password 5' }],
    ['/two-factor/disable', { password: first.password }],
  ] as const;
  const answers = [];
  for (const [path, body] of tries) answers.push(await house.ask('POST', `/api/auth${path}`, { as: first, body }));
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 429]);
  expect(answers.at(-1)?.body.code).toBe('LOCKED');
});

test('a changed password, a new one by link and a lost second factor end the sessions elsewhere', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const member = await house.addMember(first, ['engineer']);
  const id = await idOf(house, first, member.email);
  const meOf = async (as: Person) => (await house.ask('GET', '/api/v1/me', { as })).status;

  const stolen = await house.signIn(member);
  const newPassword = 'another long password';
  const changed = await house.ask('POST', '/api/auth/change-password', {
    as: member,
    // Whoever stole the session would like the others to stay.
    body: { currentPassword: member.password, newPassword, revokeOtherSessions: false },
  });
  expect(changed.status).toBe(200);
  const here = { ...member, cookie: cookieOf(changed), password: newPassword };
  expect([await meOf(here), await meOf(stolen), await meOf(member)]).toEqual([200, 401, 401]);

  const { body } = await house.ask('POST', `/api/v1/members/${id}/new-password-link`, { as: first });
  const accepted = await house.ask('POST', '/api/v1/links/accept', {
    body: { secret: secretOf(body.address), password: 'a third long password' },
  });
  const renewed = { ...member, cookie: cookieOf(accepted), password: 'a third long password' };
  expect([await meOf(here), await meOf(renewed)]).toEqual([401, 200]);

  expect((await house.ask('DELETE', `/api/v1/members/${id}/second-factor`, { as: first })).status).toBe(204);
  expect(await meOf(renewed)).toBe(401);
});

test('nobody rises by another’s account: no administrator to operator, no key to person; rights are those of now', async () => {
  const house = await openHouse();
  const operator = await house.setUp();
  const second = await house.addMember(operator, ['administrator']);
  const id = await idOf(house, operator, operator.email);
  for (const [method, path] of [
    ['POST', 'new-password-link'],
    ['DELETE', 'second-factor'],
  ] as const) {
    const answer = await house.ask(method, `/api/v1/members/${id}/${path}`, { as: second });
    expect(answer).toMatchObject({ status: 403, body: { code: 'operators-only' } });
  }
  expect((await house.ask('GET', '/api/v1/organisations', { as: second })).status).toBe(403);
  // An operator may help another, and themselves.
  expect((await house.ask('POST', `/api/v1/members/${id}/new-password-link`, { as: operator })).status).toBe(201);

  const secondId = await idOf(house, operator, second.email);
  const body = { name: 'all', roles: ['administrator'] };
  const { key } = (await house.ask('POST', '/api/v1/api-keys', { as: operator, body })).body;
  for (const [method, path] of [
    ['POST', 'new-password-link'],
    ['DELETE', 'second-factor'],
  ] as const) {
    const answer = await house.ask(method, `/api/v1/members/${secondId}/${path}`, { as: { key } });
    expect(answer).toMatchObject({ status: 403, body: { code: 'people-only' } });
  }

  expect((await house.ask('GET', '/api/v1/api-keys', { as: second })).status).toBe(200);
  await house.ask('PATCH', `/api/v1/members/${secondId}`, { as: operator, body: { roles: ['engineer'] } });
  expect((await house.ask('GET', '/api/v1/api-keys', { as: second })).status).toBe(403);
});

test('a key opens as it is written, and in no other form; beside a good cookie a wrong key is still wrong', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const body = { name: 'k', roles: ['engineer'] };
  const { key } = (await house.ask('POST', '/api/v1/api-keys', { as: first, body })).body;
  const statusOf = async (authorization: string, as: Person | null = null) =>
    (await house.ask('GET', '/api/v1/members', { as, headers: { authorization } })).status;
  // The name of the scheme is written in any letters (RFC 9110 §11.1).
  for (const written of [`Bearer ${key}`, `bearer ${key}`, `BEARER  ${key}`]) expect(await statusOf(written)).toBe(200);
  for (const written of [
    `Bearer ${key} ${key}`,
    `Bearer ${key}, Bearer ${key}`,
    `Bearer ${key.toLowerCase()}`,
    `Bearer ${key.slice(0, -1)}`,
    `Bearer ${key}=`,
    `Bearer ${key.slice(3)}`,
    `Bearer "${key}"`,
    'Bearer cm_',
    'Bearer',
  ]) {
    expect([written, await statusOf(written), await statusOf(written, first)]).toEqual([written, 401, 401]);
  }
  const basic = `Basic ${Buffer.from(`x:${key}`).toString('base64')}`;
  expect([await statusOf(basic), await statusOf(basic, first)]).toEqual([401, 200]);
});

test('the organisation that a request names is one of the caller’s own, named once', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const other = await house.addOrganisation(first, { kind: 'company', name: 'Example Glow Ltd' });
  const { organisation: own, ...anywhere } = first;
  const foreign = other.organisation;
  const ask = (query: string, header: string) =>
    house.ask('GET', `/api/v1/members${query}`, { as: { ...anywhere, organisation: header } });
  expect((await ask('', '')).status).toBe(200);
  for (const [query, header] of [
    [`?organisation=${foreign}`, ''],
    [`?organisation=${own}&organisation=${foreign}`, ''],
    [`?organisation=${foreign}&organisation=${own}`, ''],
    [`?organisation=${own}`, foreign],
    ['', `${own}, ${foreign}`],
    ['', own.toUpperCase() === own ? foreign : own.toUpperCase()],
    ['', `${own} `.padStart(60)],
  ] as const) {
    const { status, text } = await ask(query, header);
    expect([query, header, status === 200 && text.includes(other.email)]).toEqual([query, header, false]);
    if (header.trim() !== own) expect([query, header, status]).toEqual([query, header, 400]);
  }
  const { key } = (await house.ask('POST', '/api/v1/api-keys', { as: first, body: { name: 'k', roles: ['engineer'] } }))
    .body;
  const disguised = { as: { key }, headers: { 'clearmirror-organisation': foreign } };
  expect((await house.ask('GET', '/api/v1/members', disguised)).text).not.toContain(other.email);
});

test('a new-password link is void once its person belongs elsewhere, or has left', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const other = await house.addOrganisation(first, { kind: 'company', name: 'Example Glow Ltd' });
  const joins = await house.addMember(first, ['engineer']);
  const leaves = await house.addMember(first, ['engineer']);
  const linkFor = async (person: Person) => {
    const id = await idOf(house, first, person.email);
    return (await house.ask('POST', `/api/v1/members/${id}/new-password-link`, { as: first })).body.address;
  };
  const links = [await linkFor(joins), await linkFor(leaves)];
  const invitation = { email: joins.email, roles: ['administrator'] };
  const { address } = (await house.ask('POST', '/api/v1/invitations', { as: other, body: invitation })).body;
  const joined = await house.ask('POST', '/api/v1/links/accept', { as: joins, body: { secret: secretOf(address) } });
  expect(joined.status).toBe(200);
  await house.ask('DELETE', `/api/v1/members/${await idOf(house, first, leaves.email)}`, { as: first });
  for (const link of links) {
    const body = { secret: secretOf(link), password: 'a password of the first company' };
    expect(await house.ask('POST', '/api/v1/links/accept', { body })).toMatchObject({ status: 404 });
  }
  expect((await guess(house, joins.email, joins.password)).status).toBe(200);
});

test('who is removed or demoted keeps no invitation in the drawer', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  for (const lose of ['DELETE', 'PATCH'] as const) {
    const leaver = await house.addMember(first, ['administrator']);
    const body = { email: `${lose.toLowerCase()}@elsewhere.example`, roles: ['administrator'] };
    const { address } = (await house.ask('POST', '/api/v1/invitations', { as: leaver, body })).body;
    const url = `/api/v1/members/${await idOf(house, first, leaver.email)}`;
    await house.ask(lose, url, { as: first, ...(lose === 'PATCH' ? { body: { roles: ['engineer'] } } : {}) });
    const back = { secret: secretOf(address), name: 'Back', password: 'a long enough password' };
    expect(await house.ask('POST', '/api/v1/links/accept', { body: back })).toMatchObject({ status: 404 });
  }
});

describe('second factors', () => {
  async function enrolled(house: House) {
    const first = await house.setUp();
    const enabled = await house.ask('POST', '/api/auth/two-factor/enable', {
      as: first,
      body: { password: first.password },
    });
    const secret = new URL(enabled.body.totpURI).searchParams.get('secret') ?? '';
    const verified = await house.ask('POST', '/api/auth/two-factor/verify-totp', {
      as: first,
      body: { code: totp(secret) },
    });
    expect(verified.status).toBe(200);
    const half = async () => cookieOf(await guess(house, first.email, first.password));
    const codes: string[] = enabled.body.backupCodes;
    return { first, secret, codes, half };
  }

  /** From ever new addresses: only what is counted by account stands in the way. */
  function verifier(house: House) {
    let count = 0;
    return async (cookie: string, path: string, code: string) => {
      count += 1;
      const { statusCode } = await house.server.inject({
        method: 'POST',
        url: `/api/auth/two-factor/${path}`,
        remoteAddress: `10.1.${count >> 8}.${count & 255}`,
        headers: { origin: house.publicUrl, cookie },
        payload: { code },
      });
      return statusCode;
    };
  }

  test('a code opens once, and a backup code used twenty times at once opens once', async () => {
    const house = await openHouse({ on: 'server' });
    const { secret, codes, half } = await enrolled(house);
    const verify = verifier(house);
    const code = totp(secret);
    const [one, two, three] = [await half(), await half(), await half()];
    expect(await verify(one, 'verify-totp', code)).toBe(200);
    expect(await verify(two, 'verify-totp', code)).toBe(401);
    expect(await verify(three, 'verify-totp', code)).toBe(401);
    const backup = codes[0] ?? '';
    const challenges = [];
    for (let count = 0; count < 10; count += 1) challenges.push(await half());
    const uses = await Promise.all(challenges.map((cookie) => verify(cookie, 'verify-backup-code', backup)));
    expect(uses.filter((status) => status === 200)).toHaveLength(1);
  });

  test('guesses are counted by account: after ten wrong codes the right one waits too', async () => {
    const house = await openHouse();
    const { secret, half } = await enrolled(house);
    const verify = verifier(house);
    const seen: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const cookie = await half();
      for (let tries = 0; tries < 4; tries += 1) seen.push(await verify(cookie, 'verify-totp', '000000'));
    }
    expect(seen.filter((status) => status === 401).length).toBeLessThanOrEqual(10);
    expect(await verify(await half(), 'verify-totp', totp(secret))).toBe(429);
  });
});

test('what a person may set about themselves is bounded by the contract', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const set = (body: unknown) => house.ask('POST', '/api/auth/update-user', { as: first, body });
  for (const name of ['', '   ', 'x'.repeat(201), 7, null]) expect((await set({ name })).status).toBe(400);
  expect(
    (await set({ name: 'An Li', image: 'javascript:alert(1)', operator: true, email: 'x@y.example' })).status,
  ).toBe(200);
  const { rows } = await sql<{ image: unknown; email: string }>`select image, email from "user"`.execute(
    house.database.owner,
  );
  expect(rows).toEqual([{ image: null, email: first.email }]);
});

test('over https the cookie is for https only; it is never for scripts, nor for other sites', async () => {
  for (const publicUrl of ['https://clearmirror.example', 'http://127.0.0.1:7300']) {
    const house = await openHouse({ publicUrl });
    const first = await house.setUp();
    const answer = await guess(house, first.email, first.password);
    const cookies = [answer.headers['set-cookie'] ?? []].flat().map(String);
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; HttpOnly/i);
      expect(cookie).toMatch(/; SameSite=Lax/i);
      expect(cookie).toMatch(/; Path=\//i);
      expect(cookie).not.toMatch(/Domain=/i);
      const secure = publicUrl.startsWith('https:');
      expect([cookie.startsWith('__Secure-'), /; Secure/i.test(cookie)]).toEqual([secure, secure]);
    }
  }
});

test('a session is made at sign-in and not brought along', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const planted = 'clearmirror.session_token=planted.by-somebody';
  const answer = await guess(house, first.email, first.password, { cookie: planted });
  expect(cookieOf(answer)).toMatch(/clearmirror\.session_token=(?!planted)/);
  expect((await house.ask('GET', '/api/v1/me', { headers: { cookie: planted } })).status).toBe(401);
  // Another's signed session stays theirs: signing in over it makes a new one.
  const second = await house.addMember(first, ['engineer']);
  const over = await guess(house, second.email, second.password, { cookie: first.cookie });
  const me = await house.ask('GET', '/api/v1/me', { headers: { cookie: cookieOf(over) } });
  expect(me.body.person.email).toBe(second.email);
});

test('what was answered with a key is found neither in the table of answers nor under another’s key', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const second = await house.addMember(first, ['administrator']);
  const headers = { 'idempotency-key': 'k1' };
  const send = (as: Person, name: string) =>
    house.ask('POST', '/api/v1/api-keys', { as, headers, body: { name, roles: ['engineer'] } });
  const made = await send(first, 'Deploy');
  expect((await send(first, 'Deploy')).body).toEqual(made.body);
  expect((await send(second, 'Deploy')).body.key).not.toBe(made.body.key);
  const link = { as: first, headers, body: { email: 'x@shimmer.example', roles: ['engineer'] } };
  expect((await house.ask('POST', '/api/v1/invitations', link)).status).toBe(422);
  const invited = await house.ask('POST', '/api/v1/invitations', { ...link, headers: { 'idempotency-key': 'k2' } });
  const { rows } = await sql<{ caller: string; bytes: string }>`select caller,
    encode(key_sha256 || request_sha256 || sealed, 'escape') as bytes from idempotency`.execute(house.database.owner);
  const kept = rows.map(({ caller, bytes }) => `${caller} ${bytes}`).join('\n');
  expect(rows.length).toBe(3);
  for (const secret of [made.body.key, secretOf(invited.body.address), 'k1']) expect(kept).not.toContain(secret);

  // Work that fails leaves no answer behind: the same request may succeed later.
  const again = { as: first, headers: { 'idempotency-key': 'k3' }, body: { email: first.email, roles: ['engineer'] } };
  expect((await house.ask('POST', '/api/v1/invitations', again)).status).toBe(409);
  expect((await sql`select 1 from idempotency`.execute(house.database.owner)).rows).toHaveLength(3);
});

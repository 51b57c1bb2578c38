import { expect, test } from 'vitest';
import { totp } from '../../../test/authenticator.ts';
import { cookieOf, type House, openHouse, type Person, secretOf } from '../../../test/house.ts';
import { waitAfter } from './lockout.ts';

async function enrol(house: House, as: Person): Promise<{ secret: string; backupCodes: string[] }> {
  const enabled = await house.ask('POST', '/api/auth/two-factor/enable', { as, body: { password: as.password } });
  const secret = new URL(enabled.body.totpURI).searchParams.get('secret') ?? '';
  const verified = await house.ask('POST', '/api/auth/two-factor/verify-totp', { as, body: { code: totp(secret) } });
  expect(verified.status).toBe(200);
  return { secret, backupCodes: enabled.body.backupCodes };
}

test('with a second factor the password alone opens nothing; the code does, and a backup code does once', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const { secret, backupCodes } = await enrol(house, first);
  const { email, password } = first;
  const half = await house.ask('POST', '/api/auth/sign-in/email', { body: { email, password } });
  expect(half.body).toMatchObject({ twoFactorRedirect: true });
  const cookie = cookieOf(half);
  expect((await house.ask('GET', '/api/v1/me', { headers: { cookie } })).status).toBe(401);
  const wrong = await house.ask('POST', '/api/auth/two-factor/verify-totp', {
    headers: { cookie },
    body: { code: '000000' },
  });
  expect(wrong.status).toBe(401);
  const right = await house.ask('POST', '/api/auth/two-factor/verify-totp', {
    headers: { cookie },
    body: { code: totp(secret) },
  });
  expect(right.status).toBe(200);
  const me = await house.ask('GET', '/api/v1/me', { headers: { cookie: cookieOf(right) } });
  expect(me.body.person).toMatchObject({ email, twoFactor: true });

  const code = backupCodes[0];
  const uses = [];
  for (let use = 0; use < 2; use += 1) {
    const again = cookieOf(await house.ask('POST', '/api/auth/sign-in/email', { body: { email, password } }));
    uses.push(
      await house.ask('POST', '/api/auth/two-factor/verify-backup-code', {
        headers: { cookie: again },
        body: { code },
      }),
    );
  }
  expect(uses.map(({ status }) => status)).toEqual([200, 401]);
});

test('nobody makes an account, or another address of better-auth, by themselves', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const body = { name: 'X', email: 'x@shimmer.example', password: 'a long enough password' };
  for (const [method, path] of [
    ['POST', '/sign-up/email'],
    ['POST', '/delete-user'],
    ['POST', '/change-email'],
    ['POST', '/request-password-reset'],
    ['POST', '/reset-password'],
    ['GET', '/error'],
    ['GET', '/list-accounts'],
  ] as const) {
    const answer = await house.ask(method, `/api/auth${path}`, { as: first, ...(method === 'POST' ? { body } : {}) });
    expect([path, answer.status]).toEqual([path, 404]);
  }
  const operator = await house.ask('POST', '/api/auth/update-user', {
    as: first,
    body: { operator: false, name: 'Renamed' },
  });
  expect((await house.ask('GET', '/api/v1/me', { as: first })).body.person.operator).toBe(true);
  expect([200, 400]).toContain(operator.status);
});

test('an invitation can be withdrawn, is used once, and makes no second account of somebody who is known', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const invite = async (email: string) =>
    (await house.ask('POST', '/api/v1/invitations', { as: first, body: { email, roles: ['assessor'] } })).body.address;
  const accept = (address: string, more = {}) =>
    house.ask('POST', '/api/v1/links/accept', {
      body: { secret: secretOf(address), name: 'Guest', password: 'a long enough password' },
      ...more,
    });
  const withdrawn = await invite('one@shimmer.example');
  const [open] = (await house.ask('GET', '/api/v1/invitations', { as: first })).body.items;
  expect((await house.ask('DELETE', `/api/v1/invitations/${open.id}`, { as: first })).status).toBe(204);
  expect(await accept(withdrawn)).toMatchObject({ status: 404, body: { code: 'link-unknown' } });

  const address = await invite('two@shimmer.example');
  const both = await Promise.all([accept(address), accept(address)]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 404]);

  const elsewhere = await house.addOrganisation(first, { kind: 'company', name: 'Example Glow Ltd' });
  const second = (
    await house.ask('POST', '/api/v1/invitations', { as: elsewhere, body: { email: first.email, roles: ['engineer'] } })
  ).body.address;
  expect(await accept(second)).toMatchObject({ status: 401, body: { code: 'sign-in-to-accept' } });
  expect(await accept(second, { as: first })).toMatchObject({ status: 200 });
  expect((await house.ask('GET', '/api/v1/me', { as: first })).body.memberships).toHaveLength(2);
  // Theirs in both: neither organisation may change the password.
  const id = (await house.ask('GET', '/api/v1/me', { as: first })).body.person.id;
  const renew = await house.ask('POST', `/api/v1/members/${id}/new-password-link`, { as: elsewhere });
  expect(renew).toMatchObject({ status: 409, body: { code: 'member-elsewhere-too' } });
});

test('a link older than its time does not work', async () => {
  const house = await openHouse();
  const address = (await house.setupLink()) ?? '';
  house.clock.now = new Date('2026-11-23T08:00:01Z');
  const look = await house.ask('POST', '/api/v1/links/look', { body: { secret: secretOf(address) } });
  expect(look).toMatchObject({ status: 404, body: { code: 'link-unknown' } });
});

test('the last administrator stays: not demoted, not removed, not by two who try it on each other at once', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const second = await house.addMember(first, ['administrator']);
  const members = (await house.ask('GET', '/api/v1/members', { as: first })).body.items;
  const idOf = (person: Person) => members.find(({ email }: { email: string }) => email === person.email).id;
  const demote = (as: Person, whom: Person) =>
    house.ask('PATCH', `/api/v1/members/${idOf(whom)}`, { as, body: { roles: ['assessor'] } });
  const both = await Promise.all([demote(first, second), demote(second, first)]);
  expect(both.filter(({ status }) => status === 204)).toHaveLength(1);
  const left = both[0]?.status === 204 ? first : second;
  expect(await demote(left, left)).toMatchObject({ status: 409, body: { code: 'last-administrator' } });
  expect(await house.ask('DELETE', `/api/v1/members/${idOf(left)}`, { as: left })).toMatchObject({ status: 409 });
});

test('a member who was removed is nobody here at once, and still named where they acted', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const leaver = await house.addMember(first, ['administrator']);
  await house.ask('POST', '/api/v1/invitations', {
    as: leaver,
    body: { email: 'x@shimmer.example', roles: ['engineer'] },
  });
  const members = (await house.ask('GET', '/api/v1/members', { as: first })).body.items;
  const { id, name } = members.find(({ email }: { email: string }) => email === leaver.email);
  expect((await house.ask('DELETE', `/api/v1/members/${id}`, { as: first })).status).toBe(204);
  expect((await house.ask('GET', '/api/v1/members', { as: leaver })).status).toBe(400);
  const events = (await house.ask('GET', '/api/v1/events?kind=member-invited', { as: first })).body.items;
  expect(events[0].by.person).toBe(name);
});

test('a key acts with its roles until it is revoked or too old; it is no person', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const body = { name: 'gate', roles: ['engineer'], expiresInDays: 30 };
  const { key, apiKey } = (await house.ask('POST', '/api/v1/api-keys', { as: first, body })).body;
  expect(apiKey).toMatchObject({ name: 'gate', prefix: key.slice(0, 10), revokedAt: null });
  const as = { key };
  expect((await house.ask('GET', '/api/v1/me', { as })).body).toMatchObject({ person: null, roles: ['engineer'] });
  expect((await house.ask('GET', '/api/v1/members', { as })).status).toBe(200);
  expect((await house.ask('GET', '/api/v1/api-keys', { as })).status).toBe(403);
  expect((await house.ask('PATCH', '/api/v1/me/preferences', { as, body: {} })).body.code).toBe('people-only');
  const list = await house.ask('GET', '/api/v1/api-keys', { as: first });
  expect(list.text).not.toContain(key);
  house.clock.now = new Date('2026-12-23T08:00:00Z');
  expect((await house.ask('GET', '/api/v1/members', { as })).status).toBe(401);
  house.clock.now = new Date('2026-11-22T08:00:00Z');
  await house.ask('DELETE', `/api/v1/api-keys/${apiKey.id}`, { as: first });
  expect((await house.ask('GET', '/api/v1/members', { as })).status).toBe(401);
});

test('the wait grows from a minute to an hour', () => {
  expect([1, 4, 5, 6, 8, 10, 11, 100].map((failures) => waitAfter(failures) / 60_000)).toEqual([
    0, 0, 1, 2, 8, 32, 60, 60,
  ]);
});

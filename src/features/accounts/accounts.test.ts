import { describe, expect, test } from 'vitest';
import { cookieOf, openHouse, secretOf } from '../../../test/house.ts';

describe.each(['embedded', 'server'] as const)('on a database that is %s', (on) => {
  test('the first administrator comes through the one-time link, which works once', async () => {
    const house = await openHouse({ on });
    const address = (await house.setupLink()) ?? '';
    expect((await house.ask('GET', '/api/v1/installation')).body).toMatchObject({ needsSetup: true });
    const body = {
      secret: secretOf(address),
      person: { name: 'An Li', email: 'An.Li@shimmer.example', password: 'quiet mirror of bronze' },
      organisation: { kind: 'company', name: 'Example Shimmer Ltd' },
    };
    const first = await house.ask('POST', '/api/v1/setup', { body });
    expect(first).toMatchObject({ status: 200, body: { email: 'an.li@shimmer.example', signedIn: true } });
    const me = await house.ask('GET', '/api/v1/me', { headers: { cookie: cookieOf(first) } });
    expect(me.body).toMatchObject({
      person: { name: 'An Li', operator: true },
      organisation: { kind: 'company', name: 'Example Shimmer Ltd', level: null },
      roles: ['administrator'],
    });
    expect(await house.ask('POST', '/api/v1/setup', { body })).toMatchObject({
      status: 404,
      body: { code: 'link-unknown' },
    });
    expect(await house.setupLink()).toBeNull();
  });

  test('an invited member signs in, signs out, and is nobody then', async () => {
    const house = await openHouse({ on });
    const first = await house.setUp();
    const member = await house.addMember(first, ['assessor', 'signatory']);
    expect((await house.ask('GET', '/api/v1/me', { as: member })).body.roles).toEqual(['assessor', 'signatory']);
    expect((await house.ask('POST', '/api/auth/sign-out', { as: member, body: {} })).status).toBe(200);
    expect((await house.ask('GET', '/api/v1/me', { as: member })).status).toBe(401);
    const { email, password } = member;
    const again = await house.ask('POST', '/api/auth/sign-in/email', { body: { email, password } });
    expect(again.status).toBe(200);
    expect(
      (await house.ask('GET', '/api/v1/members', { as: { ...member, cookie: cookieOf(again) } })).body.items,
    ).toHaveLength(2);
  });
  test('five wrong passwords lock the address for a minute, whether or not somebody has it', async () => {
    const house = await openHouse({ on });
    const first = await house.setUp();
    for (const email of [first.email, 'nobody@shimmer.example']) {
      const guess = () =>
        house.ask('POST', '/api/auth/sign-in/email', { body: { email, password: 'not the password' } });
      const answers = [];
      for (let tries = 0; tries < 6; tries += 1) answers.push(await guess());
      expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
      expect(answers.at(-1)?.body).toMatchObject({ code: 'LOCKED', lockedUntil: '2026-11-22T08:01:00.000Z' });
    }
    const { email, password } = first;
    const right = () => house.ask('POST', '/api/auth/sign-in/email', { body: { email, password } });
    expect((await right()).status).toBe(429);
    house.clock.now = new Date('2026-11-22T08:01:01Z');
    expect((await right()).status).toBe(200);
  });
});

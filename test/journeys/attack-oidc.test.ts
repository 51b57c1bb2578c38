import { createServer } from 'node:net';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { totp } from '../authenticator.ts';
import { cookieOf, type House, openHouse } from '../house.ts';
import { type Lie, openProvider, type TestProvider } from '../identity-provider.ts';

/** From ever new addresses: the limit of an address is tested elsewhere. */
let asked = 0;
async function begin(house: House, body: Record<string, unknown>) {
  asked += 1;
  const answer = await house.server.inject({
    method: 'POST',
    url: '/api/auth/sign-in/social',
    remoteAddress: `10.2.${asked >> 8}.${asked & 255}`,
    headers: { origin: house.publicUrl },
    payload: body,
  });
  return { status: answer.statusCode, body: answer.json(), text: answer.body, headers: answer.headers };
}

/** A browser that goes to the provider and comes back; where it ends, and who it is then. */
async function comeIn(
  house: House,
  there: TestProvider,
  change: (back: URL, cookie: string) => string = (_, cookie) => cookie,
) {
  const started = await begin(house, {
    provider: there.provider.id,
    callbackURL: '/screen',
    errorCallbackURL: '/sign-in',
  });
  expect(started.status).toBe(200);
  const back = new URL(there.agree(started.body.url));
  const cookie = change(back, cookieOf(started));
  const ended = await house.ask('GET', `${back.pathname}${back.search}`, { headers: { cookie } });
  const inside = cookieOf(ended);
  const me = await house.ask('GET', '/api/v1/me', { headers: { cookie: inside } });
  const location = String(ended.headers['location']);
  return { location, status: ended.status, cookie: inside, me: me.body?.person?.email ?? null };
}

test('who is known here comes in by the provider, once it says that the address is theirs; its tokens are not kept', async () => {
  const there = await openProvider();
  const house = await openHouse({ providers: [there.provider] });
  const first = await house.setUp();
  expect((await house.ask('GET', '/api/v1/installation')).body.providers).toEqual([
    { id: 'example-sso', name: 'Example SSO' },
  ]);

  there.person = { sub: 'stranger', email: 'stranger@shimmer.example', email_verified: true };
  expect(await comeIn(house, there)).toMatchObject({ me: null, location: expect.stringContaining('/sign-in?error=') });
  there.person = { sub: 'claims', email: first.email, email_verified: false };
  expect(await comeIn(house, there)).toMatchObject({ me: null, location: expect.stringContaining('/sign-in?error=') });
  there.person = { sub: 'claims', email: first.email };
  expect(await comeIn(house, there)).toMatchObject({ me: null });
  const people = await sql`select 1 from "user"`.execute(house.database.owner);
  expect(people.rows).toHaveLength(1);

  there.person = { sub: 'an-li', email: first.email, email_verified: true };
  expect(await comeIn(house, there)).toMatchObject({ me: first.email, location: expect.stringMatching(/\/screen$/) });
  expect(await comeIn(house, there)).toMatchObject({ me: first.email });
  const { rows } = await sql<{
    row: string;
  }>`select to_jsonb(a)::text as row from account a where "providerId" = 'example-sso'`.execute(house.database.owner);
  expect(rows).toHaveLength(1);
  expect(rows[0]?.row).not.toMatch(/opens other doors|eyJ/);
  // The password goes on as before: linking took nothing away.
  expect((await house.signIn(first)).cookie).not.toBe('');
});

test('a token that is not for this sign-in opens nothing: wrong nonce, issuer, audience, key, time, or no signature', async () => {
  const there = await openProvider();
  const house = await openHouse({ providers: [there.provider] });
  const first = await house.setUp();
  there.person = { sub: 'an-li', email: first.email, email_verified: true };
  const lies: Lie[] = ['nonce', 'issuer', 'audience', 'expired', 'unsigned', 'another key', 'symmetric'];
  for (const lie of lies) {
    there.lie = lie;
    const { me } = await comeIn(house, there);
    expect([lie, me]).toEqual([lie, null]);
  }
  there.lie = null;

  // A token of another time or place, brought along instead of the round trip.
  const token = there.idToken();
  const direct = await begin(house, { provider: there.provider.id, callbackURL: '/', idToken: { token } });
  expect([cookieOf(direct).includes('session_token'), direct.body.redirect]).toEqual([false, true]);

  // Somebody else's round trip: their state in our browser (sign-in as them), or ours without our cookie.
  expect(await comeIn(house, there, () => '')).toMatchObject({ me: null });
  const others = await comeIn(house, there, (back, cookie) => {
    back.searchParams.set('state', 'made-up');
    return cookie;
  });
  expect(others.me).toBeNull();
  let kept = '';
  const once = await comeIn(house, there, (back, cookie) => {
    kept = back.search;
    return cookie;
  });
  expect(once.me).toBe(first.email);
  const again = await house.ask('GET', `/api/auth/callback/example-sso${kept}`);
  expect(cookieOf(again)).not.toContain('session_token');
});

test('a second factor goes with the password: the provider answers for its own sign-in, and its session turns nothing off', async () => {
  const there = await openProvider();
  const house = await openHouse({ providers: [there.provider] });
  const as = await house.setUp();
  const { password, email } = as;
  const enabled = await house.ask('POST', '/api/auth/two-factor/enable', { as, body: { password } });
  const secret = new URL(enabled.body.totpURI).searchParams.get('secret') ?? '';
  await house.ask('POST', '/api/auth/two-factor/verify-totp', { as, body: { code: totp(secret) } });
  there.person = { sub: 'an-li', email, email_verified: true };
  const back = await comeIn(house, there);
  expect(back.me).toBe(email);
  // The password is asked for the code as before, linked or not, and the factor goes only with the password.
  const half = await house.ask('POST', '/api/auth/sign-in/email', { body: { email, password } });
  expect(half.body).toMatchObject({ twoFactorRedirect: true });
  expect((await house.ask('GET', '/api/v1/me', { headers: { cookie: cookieOf(half) } })).status).toBe(401);
  for (const body of [{ password: 'not the password' }, {}]) {
    const off = await house.ask('POST', '/api/auth/two-factor/disable', { headers: { cookie: back.cookie }, body });
    expect(off.status).toBe(400);
  }
  const me = await house.ask('GET', '/api/v1/me', { headers: { cookie: back.cookie } });
  expect(me.body.person.twoFactor).toBe(true);
});

test('nobody is sent to another site after signing in', async () => {
  const there = await openProvider();
  const house = await openHouse({ providers: [there.provider] });
  const addresses = [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\/evil.example',
    'javascript:alert(1)',
    'https:evil.example',
    `${house.publicUrl}@evil.example/`,
    `${house.publicUrl}.evil.example/`,
    '/\t/evil.example',
    '/%2f%2fevil.example\r\nlocation: https://evil.example',
    ' https://evil.example',
  ];
  for (const address of addresses) {
    for (const name of ['callbackURL', 'errorCallbackURL', 'newUserCallbackURL']) {
      const body = { provider: there.provider.id, callbackURL: '/', [name]: address };
      const { status, body: answer } = await begin(house, body);
      if (status === 200) {
        const ended = await house.ask(
          'GET',
          `/api/auth/callback/example-sso?error=denied&state=${new URL(answer.url).searchParams.get('state')}`,
        );
        expect([name, address, new URL(String(ended.headers['location']), house.publicUrl).origin]).toEqual([
          name,
          address,
          house.publicUrl,
        ]);
      } else expect([name, address, [400, 403].includes(status)]).toEqual([name, address, true]);
    }
  }
  const { headers } = await house.ask(
    'GET',
    '/api/auth/callback/example-sso?error=https://evil.example&callbackURL=https://evil.example',
  );
  expect(new URL(String(headers['location']), house.publicUrl).origin).toBe(house.publicUrl);
});

test('a provider that accepts and never answers keeps nobody from signing in with a password', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    silent.close();
  });
  const address = silent.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const provider = { id: 'silent', name: 'Silent', clientId: 'x', clientSecret: 'y' };
  const house = await openHouse({ providers: [{ ...provider, discoveryUrl: `http://127.0.0.1:${port}/` }] });
  const first = await house.setUp();
  expect((await house.ask('GET', '/api/v1/me', { as: first })).status).toBe(200);
}, 60_000);

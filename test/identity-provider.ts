import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import type { IdentityProvider } from '../src/features/accounts/accounts.ts';

/** An OpenID Connect provider in this process, with keys of its own: discovery, authorization code with PKCE, signed ID tokens. */
export interface TestProvider {
  /** As an operator configures it. */
  provider: IdentityProvider;
  /** Who is signed in there, and what it says of them. */
  person: { sub: string; email: string; email_verified?: boolean; name?: string };
  /** Makes its next ID tokens lie in one way. */
  lie: Lie | null;
  /** The person agrees: where their browser is sent back to. */
  agree(authorizationUrl: string): string;
  /** An ID token such as it gives to that client. */
  idToken(claims?: Record<string, unknown>): string;
}

export type Lie = 'nonce' | 'issuer' | 'audience' | 'expired' | 'unsigned' | 'another key' | 'symmetric';

export async function openProvider(): Promise<TestProvider> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'key-1', alg: 'ES256', use: 'sig' };
  const given = new Map<string, { challenge: string; nonce: string | null; redirect: string }>();
  const client = { clientId: 'clearmirror', clientSecret: 'a secret of the test' };
  let issuer = '';
  const self: TestProvider = {
    provider: { id: 'example-sso', name: 'Example SSO', discoveryUrl: '', ...client },
    person: { sub: 'person-1', email: 'nobody@shimmer.example', email_verified: true, name: 'An Li' },
    lie: null,
    agree: (address) => {
      const { searchParams } = new URL(address);
      const code = randomUUID();
      given.set(code, {
        challenge: searchParams.get('code_challenge') ?? '',
        nonce: searchParams.get('nonce'),
        redirect: searchParams.get('redirect_uri') ?? '',
      });
      const back = new URL(searchParams.get('redirect_uri') ?? '');
      back.searchParams.set('code', code);
      back.searchParams.set('state', searchParams.get('state') ?? '');
      return back.href;
    },
    idToken: (claims = {}) => tokenOf(claims),
  };
  const tokenOf = (claims: Record<string, unknown>): string => {
    const now = Math.floor(Date.now() / 1000);
    const expired = self.lie === 'expired' ? 7200 : 0;
    return jwt(
      {
        iss: self.lie === 'issuer' ? 'https://elsewhere.example' : issuer,
        aud: self.lie === 'audience' ? 'somebody-else' : client.clientId,
        iat: now - expired,
        exp: now + 3600 - expired * 2,
        ...self.person,
        ...claims,
        ...(self.lie === 'nonce' ? { nonce: 'of another sign-in' } : {}),
      },
      { lie: self.lie, privateKey, stranger, secret: client.clientSecret },
    );
  };
  const answers: Record<string, (asked: IncomingMessage, body: string) => { status?: number; json: unknown }> = {
    '/.well-known/openid-configuration': () => ({
      json: {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        userinfo_endpoint: `${issuer}/userinfo`,
        jwks_uri: `${issuer}/jwks`,
        id_token_signing_alg_values_supported: ['ES256'],
      },
    }),
    '/jwks': () => ({ json: { keys: [jwk] } }),
    // A lying provider would lie here too; what is not in a verified token must not count.
    '/userinfo': () => ({ json: self.person }),
    '/token': (asked, body) => {
      const form = new URLSearchParams(body);
      const basic = Buffer.from((asked.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString();
      const secret = form.get('client_secret') ?? decodeURIComponent(basic.split(':')[1]?.replaceAll('+', ' ') ?? '');
      const code = form.get('code') ?? '';
      const grant = given.get(code);
      given.delete(code);
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      if (!grant || secret !== client.clientSecret || challenge !== grant.challenge) {
        return { status: 400, json: { error: 'invalid_grant' } };
      }
      const id_token = tokenOf(grant.nonce === null ? {} : { nonce: grant.nonce });
      return { json: { access_token: 'opens other doors', token_type: 'Bearer', expires_in: 3600, id_token } };
    },
  };
  const server = createServer((asked: IncomingMessage, answer: ServerResponse) => {
    let body = '';
    asked.setEncoding('utf8').on('data', (piece: string) => {
      body += piece;
    });
    asked.on('end', () => {
      const said = answers[String(asked.url).split('?')[0] ?? '']?.(asked, body) ?? { status: 404, json: {} };
      answer.writeHead(said.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(said.json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  self.provider.discoveryUrl = `${issuer}/.well-known/openid-configuration`;
  return self;
}

interface Signing {
  lie: Lie | null;
  privateKey: KeyObject;
  stranger: KeyObject;
  secret: string;
}

function jwt(claims: Record<string, unknown>, { lie, privateKey, stranger, secret }: Signing): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const alg = lie === 'unsigned' ? 'none' : lie === 'symmetric' ? 'HS256' : 'ES256';
  const signed = `${part({ alg, kid: 'key-1', typ: 'JWT' })}.${part(claims)}`;
  if (lie === 'unsigned') return `${signed}.`;
  if (lie === 'symmetric') {
    return `${signed}.${createHash('sha256').update(secret).update(signed).digest('base64url')}`;
  }
  const key = lie === 'another key' ? stranger : privateKey;
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

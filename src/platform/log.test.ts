import { generateKeyPairSync, randomBytes } from 'node:crypto';
import Fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { createLog, type LogSetup } from './log.ts';

function listen(setup: Partial<LogSetup> = {}) {
  const lines: string[] = [];
  const log = createLog({ level: 'trace', format: 'json', write: (line) => lines.push(line), ...setup });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') };
}

/** Stands for the secret in each shape; never a word of our own. */
const s = 'Zq7xW2pL9vTk4mNc8RbYd3Hs';

/** Names that announce a secret, whatever it looks like. */
const names = [
  'password',
  'Password',
  'newPassword',
  'pgpassword',
  'passwd',
  'pwd',
  'passphrase',
  'secret',
  'clientSecret',
  'client_secret',
  'token',
  'accessToken',
  'refresh_token',
  'x-csrf-token',
  'authorization',
  'Proxy-Authorization',
  'cookie',
  'cookies',
  'set-cookie',
  'key',
  'apiKey',
  'api_key',
  'x-api-key',
  'APIKEY',
  'privateKey',
  'blobKey',
  'encryption_key',
  'totp',
  'totpSecret',
  'otp',
  'pin',
  'credentials',
  'recoveryCodes',
  'oneTimeLink',
  'one_time_link',
  'sessionId',
  'jwt',
  '密码',
];

/** Texts in which nothing but the shape tells. */
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const texts = [
  `Authorization: Bearer ${s}`,
  `authorization=Basic ${s}`,
  `bearer ${s}`,
  `sent Basic ${Buffer.from(`user:${s}`).toString('base64')}`,
  `Cookie: a=1; session=${s}; b=2`,
  `Set-Cookie: __Host-clearmirror.session_token=${s}; Path=/; HttpOnly`,
  `postgres://clearmirror:${s}@db.example:5432/clearmirror?sslmode=require`,
  `postgresql://clearmirror:a/b@c${s}@db.example/x`,
  `cannot connect to redis://:${s}@cache.example:6379`,
  `https://${s}@git.example/x`,
  `https://user:${s}@media.example/clip.mp4`,
  `host=db.example user=clearmirror password=${s} dbname=x`,
  `password='a b ${s}'`,
  `{"user":"li","password":"a \\"b ${s}"}`,
  `{\\"token\\":\\"${s}\\"}`,
  `GET /api/screenings?cursor=1&token=${s}&limit=5`,
  `/callback?state=${s}&code=${s}`,
  `http://127.0.0.1:8321/welcome#${s}`,
  `open http://127.0.0.1:8321/setup/${s} to begin`,
  `https://clearmirror.example/reset-password/${s}?lang=zh`,
  `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${s}`,
  `otpauth://totp/Clearmirror:li?secret=${s}&issuer=Clearmirror`,
  `the api_key = ${s}`,
  `X-Api-Key: ${s}`,
  `--password=${s}`,
  `密码：${s}`,
  `-----BEGIN PRIVATE KEY-----\nMIGHAg${s}\n-----END PRIVATE KEY-----`,
  `-----BEGIN RSA PRIVATE KEY-----\nMIGHAg${s}\nand cut short`,
];

/** Every way into a line. */
const ways: [string, (log: ReturnType<typeof createLog>, name: string, value: unknown) => void][] = [
  ['merged', (log, name, value) => log.info({ [name]: value }, 'said')],
  ['deep', (log, name, value) => log.info({ a: { b: [{ c: { d: { e: [{ f: { [name]: value } }] } } }] } }, 'said')],
  ['child', (log, name, value) => log.child({ [name]: value }).warn('said')],
  [
    'child of a child',
    (log, name, value) =>
      log
        .child({ requestId: '1' })
        .child({ more: { [name]: value } })
        .warn('said'),
  ],
  ['interpolated as an object', (log, name, value) => log.info('said %o', { [name]: value })],
  ['interpolated as JSON', (log, name, value) => log.info('said %j', { [name]: value })],
  ['on an error', (log, name, value) => log.error(Object.assign(new Error('said'), { [name]: value }))],
  ['headers as a list', (log, name, value) => log.info({ rawHeaders: ['Host', 'x', name, value] }, 'said')],
  ['headers as pairs', (log, name, value) => log.info({ headers: [[name, value]] }, 'said')],
  ['a named value', (log, name, value) => log.info({ fields: [{ name, value }] }, 'said')],
  ['a list of values', (log, name, value) => log.info({ [name]: [value, { inner: value }] }, 'said')],
];

describe.each(ways)('%s', (_, say) => {
  test.each(names)('%s', (name) => {
    const { log, lines } = listen();
    say(log, name, s);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain(s);
    expect(lines[0]).toContain('[secret]');
  });
});

test.each(texts)('in a text: %s', (text) => {
  const { log, lines } = listen();
  log.info(text);
  log.info({ url: text, list: [text], [text]: 1 }, 'said');
  log.info('said %s', text);
  log.error(new Error(text, { cause: new Error(text) }), 'said');
  log.error({ err: new AggregateError([new Error(text)], text) });
  log.child({ note: text }).info('said');
  expect(lines).toHaveLength(6);
  for (const line of lines) expect(line).not.toContain(s);
});

test('a private key as Node writes it', () => {
  const { log, lines } = listen();
  log.info({ note: pem }, pem);
  for (const line of pem.split('\n').filter((part) => part.length > 30 && !part.startsWith('-'))) {
    expect(lines.join('')).not.toContain(line);
  }
});

test('what the operator gave as secret appears nowhere, in whatever shape', () => {
  const { log, lines } = listen({ secrets: [s, `${s}-longer`, 'no'] });
  log.info({ at: [{ odd: `<<${s}>>` }], [s]: 1 }, `x${s}x and ${s}-longer`);
  expect(lines[0]).not.toContain(s);
  expect(lines[0]).not.toContain('-longer');
  log.info('nothing to hide');
  expect(lines[1]).toContain('nothing to hide');
});

test('no media: bytes, samples, data addresses and endless texts are counted, not written', () => {
  const { log, last } = listen();
  const bytes = randomBytes(5000);
  log.info({
    buffer: bytes,
    view: new Uint8Array(bytes),
    samples: new Float32Array(2000),
    list: Array.from({ length: 2000 }, () => 0.5),
    uri: `data:image/png;base64,${bytes.toString('base64')}`,
    base64: bytes.toString('base64'),
    long: 'word '.repeat(10_000),
    names: Array.from({ length: 500 }, (_, at) => `name ${at}`),
  });
  const { buffer, view, samples, list, uri, base64, long, names: shown } = last();
  expect([buffer, view, samples, list]).toEqual(['[5000 bytes]', '[5000 bytes]', '[2000 bytes]', '[2000 numbers]']);
  expect([uri, base64]).toEqual(['data:image/png,[content]', '[content]']);
  expect([long.length < 8100, shown.length, shown.at(-1)]).toEqual([true, 101, '[400 more]']);
});

test('what helps to understand stays', () => {
  const { log, last } = listen();
  const record = {
    requestId: '0c5c3d0e-3b1f-4d53-9d8a-0a2f0f9b8f11',
    sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    url: '/api/screenings/0c5c3d0e?limit=20&status=done',
    site: 'https://media.example:8443/a/b.mp4?x=1#t=10',
    code: 'address-private',
    publicKey: 'not hidden',
    hasPassword: true,
    token: null,
    author: 'li',
    file: '检测 结果 (1).mp4',
    ms: 12.5,
  };
  log.info(record, 'Key (email)=(li@example.com) already exists; the basics of 12 tokens, at 10:30');
  const { level, time, pid, hostname, msg, ...rest } = last();
  expect(rest).toEqual(record);
  expect(msg).toBe('Key (email)=(li@example.com) already exists; the basics of 12 tokens, at 10:30');
  expect([level, time, pid, typeof hostname]).toEqual([
    'info',
    expect.stringMatching(/^\d{4}-.*Z$/),
    process.pid,
    'string',
  ]);
});

test('records that bite their own tail or have no ground', () => {
  const { log, lines } = listen();
  const round: Record<string, unknown> = { password: s };
  round['again'] = round;
  let deep: Record<string, unknown> = { token: s };
  for (let level = 0; level < 100; level++) deep = { deep };
  log.info(round, 'round');
  log.info({ deep }, 'deep');
  log.info({ toJSON: () => ({ secret: s }) }, 'own words');
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    expect(line).not.toContain(s);
    expect(() => JSON.parse(line)).not.toThrow();
  }
});

test('a line of JSON is one line, whatever is in it', () => {
  const { log, lines } = listen();
  log.info({ file: 'a\nb\r\u2028\u001b[31m' }, 'two\nlines');
  expect(lines[0]?.trimEnd()).not.toMatch(/[\n\r\u001b]/);
});

test('only what the level asks for', () => {
  const { log, lines } = listen({ level: 'warn' });
  log.info('quiet');
  log.child({ a: 1 }).debug('quiet');
  log.warn('heard');
  expect(lines).toHaveLength(1);
});

test('for a person: a clock, a level, words, values; the stack below; nothing that commands the terminal', () => {
  const { log, lines } = listen({ format: 'readable' });
  log.child({ requestId: 'r-1' }).warn({ worker: 3, file: 'a b.mp4', token: s }, 'a worker fell\u001b[31m silent');
  log.error(new Error(`no route to postgres://u:${s}@db.example/x`), 'a request failed');
  expect(lines[0]).toMatch(
    /^\d\d:\d\d:\d\d WARN {2}a worker fell\ufffd\[31m silent {2}requestId=r-1 {2}worker=3 {2}file="a b.mp4" {2}token=\[secret\]\n$/,
  );
  expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d ERROR a request failed\n {4}Error: no route to postgres:\/\/\[secret\]@db/);
  expect(lines.join('')).not.toContain(s);
});

test('under a real server: what a request brings with it does not reach the log', async () => {
  const { log, lines } = listen({ level: 'trace' });
  const server = Fastify({ loggerInstance: log });
  server.post('/sign-in', async (request) => {
    request.log.info({ headers: request.headers, body: request.body, raw: request.raw.rawHeaders }, 'asked');
    throw new Error(`wrong: ${JSON.stringify(request.body)} with cookie=${s}`);
  });
  const answer = await server.inject({
    method: 'POST',
    url: `/sign-in?token=${s}&x=1`,
    headers: { authorization: `Bearer ${s}`, cookie: `a=${s}`, 'x-api-key': s },
    payload: { email: 'li@example.com', password: s, totp: s },
  });
  await server.close();
  expect(answer.statusCode).toBe(500);
  expect(lines.length).toBeGreaterThanOrEqual(4);
  expect(lines.join('')).toContain('li@example.com');
  expect(lines.join('')).not.toContain(s);
});

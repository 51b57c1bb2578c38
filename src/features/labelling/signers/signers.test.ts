import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeChain, type TestChain, type TestKey } from '../../../../test/signing/make-certificate.ts';
import { type SigningAlgorithm, verifySignature } from '../../../engine/provenance/signing/algorithms.ts';
import { openFileSigner } from './file-signer.ts';
import { openHttpSigner } from './http-signer.ts';
import { openPkcs11Signer, type Pkcs11SignerSettings } from './pkcs11-signer.ts';

const now = () => new Date(Date.now() + 3600_000);
const message = new Uint8Array(Buffer.from('a claim'));
const chains = new Map<TestKey, TestChain>();
/** One chain a kind of key, made when first needed. */
function chainOf(key: TestKey): TestChain {
  const known = chains.get(key) ?? makeChain({ key });
  chains.set(key, known);
  return known;
}
const publicKeyOf = (chain: TestChain) => createPublicKey(readFileSync(chain.keyFile));
const folder = mkdtempSync(join(tmpdir(), 'signers-'));
afterAll(() => {
  for (const chain of chains.values()) rmSync(chain.folder, { recursive: true });
  rmSync(folder, { recursive: true });
});

const all: [TestKey, SigningAlgorithm][] = [
  ['p256', 'es256'],
  ['p384', 'es384'],
  ['p521', 'es512'],
  ['rsa2048', 'ps256'],
  ['rsa2048', 'ps384'],
  ['rsa2048', 'ps512'],
  ['ed25519', 'ed25519'],
];

describe('a key in a file', () => {
  test.each(all)('%s signs %s', async (key, algorithm) => {
    const chain = chainOf(key);
    const settings = { keyFile: chain.keyFile, chainFile: chain.chainFile, algorithm };
    const signer = await openFileSigner(settings, {}, now());
    expect(signer).toMatchObject({ algorithm });
    expect(signer.chain).toHaveLength(2);
    expect(verifySignature(algorithm, publicKeyOf(chain), message, await signer.sign(message))).toBe(true);
  });

  const { keyFile, chainFile } = chainOf('p256');
  const locked = join(folder, 'locked.key');
  const passphraseFile = join(folder, 'passphrase');
  beforeAll(() => {
    execFileSync('openssl', ['pkcs8', '-topk8', '-in', keyFile, '-out', locked, '-passout', 'pass:open sesame'], {
      stdio: 'pipe',
    });
    writeFileSync(passphraseFile, 'open sesame\n');
  });

  test.each([
    ['a variable', { env: 'KEY_PASSPHRASE' }],
    ['a file', { file: passphraseFile }],
  ])('encrypted, with its passphrase in %s', async (_, passphrase) => {
    const settings = { keyFile: locked, chainFile, passphrase };
    const signer = await openFileSigner(settings, { KEY_PASSPHRASE: 'open sesame' }, now());
    expect(await signer.sign(message)).toHaveLength(64);
  });

  test.each([
    ['a wrong passphrase', { keyFile: locked, passphrase: { env: 'WRONG' } }, 'signer-passphrase-wrong'],
    ['no passphrase', { keyFile: locked }, 'signer-passphrase-wrong'],
    ['a variable that is not set', { keyFile: locked, passphrase: { env: 'NOT_SET' } }, 'signer-secret-missing'],
    ['a key that is not there', { keyFile: join(folder, 'nothing') }, 'signer-file-missing'],
    ['a key that is none', { keyFile: chainFile }, 'signer-key-unreadable'],
    ['a chain that is none', { chainFile: keyFile }, 'certificate-unfit'],
    ["somebody else's key", { keyFile: chainOf('p384').keyFile }, 'key-mismatch'],
    ['an algorithm of other keys', { algorithm: 'es384' as const }, 'algorithm-unsupported'],
  ])('%s: refused', async (_, given, code) => {
    const environment = { WRONG: 'open barley' };
    await expect(openFileSigner({ keyFile, chainFile, ...given }, environment, now())).rejects.toMatchObject({ code });
  });

  test('a chain that has expired: refused before anything is signed', async () => {
    const later = new Date(Date.now() + 20 * 365 * 24 * 3600_000);
    await expect(openFileSigner({ keyFile, chainFile }, {}, later)).rejects.toMatchObject({
      code: 'certificate-expired',
    });
  });
});

describe('a key in a token (SoftHSM, through pkcs11-tool)', () => {
  const module = '/usr/lib/softhsm/libsofthsm2.so';
  const configuration = join(folder, 'softhsm2.conf');
  const environment = { PATH: process.env['PATH'], SOFTHSM2_CONF: configuration, PIN: '1234', WRONG: '9999' };
  const tool = (command: string, ...args: string[]) => execFileSync(command, args, { env: environment, stdio: 'pipe' });
  const kinds: TestKey[] = ['p256', 'p384', 'p521', 'rsa2048', 'ed25519'];
  const idOf = (key: TestKey) => `0${kinds.indexOf(key) + 1}`;

  beforeAll(() => {
    mkdirSync(join(folder, 'tokens'));
    writeFileSync(configuration, `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\n`);
    tool('softhsm2-util', '--init-token', '--free', '--label', 'the token', '--so-pin', '4321', '--pin', '1234');
    for (const key of kinds) {
      const { keyFile } = chainOf(key);
      const label = ['--token', 'the token', '--label', `key ${key}`, '--id', idOf(key), '--pin', '1234'];
      tool('softhsm2-util', '--import', keyFile, ...label);
    }
  });

  const settingsOf = (key: TestKey, algorithm?: SigningAlgorithm): Pkcs11SignerSettings => ({
    module,
    token: { label: 'the token' },
    key: { id: idOf(key) },
    pin: { env: 'PIN' },
    chainFile: chainOf(key).chainFile,
    algorithm,
  });

  test.each(all)('%s signs %s', async (key, algorithm) => {
    const signer = await openPkcs11Signer(settingsOf(key, algorithm), environment, now());
    expect(verifySignature(algorithm, publicKeyOf(chainOf(key)), message, await signer.sign(message))).toBe(true);
  });

  test('the key may be named by its label', async () => {
    for (const key of ['p256', 'p384'] as const) {
      const settings = { ...settingsOf(key), key: { label: `key ${key}` } };
      const signer = await openPkcs11Signer(settings, environment, now());
      expect(await signer.sign(message)).toHaveLength(key === 'p256' ? 64 : 96);
    }
    const unknown = { ...settingsOf('p256'), key: { label: 'key' } };
    await expect(openPkcs11Signer(unknown, environment, now())).rejects.toMatchObject({ code: 'token-key-missing' });
  });

  test.each<[string, Partial<Pkcs11SignerSettings>, string]>([
    ['a wrong PIN', { pin: { env: 'WRONG' } }, 'token-pin-wrong'],
    ['another token', { token: { label: 'elsewhere' } }, 'token-unavailable'],
    ['no such module', { module: '/nowhere.so' }, 'token-unavailable'],
    ['no such key', { key: { id: '77' } }, 'token-key-missing'],
    ["another certificate's key", { key: { id: '02' } }, 'signature-does-not-verify'],
    ['too slow', { timeoutMs: 1 }, 'signer-too-slow'],
  ])('%s: refused', async (_, given, code) => {
    const signer = await openPkcs11Signer({ ...settingsOf('p256'), ...given }, environment, now());
    await expect(signer.sign(message)).rejects.toMatchObject({ code });
  });

  test('without the tool: refused', async () => {
    const signer = await openPkcs11Signer(settingsOf('p256'), { ...environment, PATH: folder }, now());
    await expect(signer.sign(message)).rejects.toMatchObject({ code: 'token-unavailable' });
  });

  test('the PIN is on no command line', async () => {
    const spy = join(folder, 'bin');
    const seen = join(folder, 'arguments');
    mkdirSync(spy);
    writeFileSync(join(spy, 'pkcs11-tool'), `#!/bin/sh\necho "$@" > ${seen}\nexec /usr/bin/pkcs11-tool "$@"\n`);
    chmodSync(join(spy, 'pkcs11-tool'), 0o755);
    const watched = { ...environment, PATH: `${spy}:${environment.PATH}` };
    const signer = await openPkcs11Signer(settingsOf('p256'), watched, now());
    expect(await signer.sign(message)).toHaveLength(64);
    expect(readFileSync(seen, 'utf8')).toContain('--pin env:');
    expect(readFileSync(seen, 'utf8')).not.toContain('1234');
  });
});

describe('a key behind a service', () => {
  let server: Server;
  let answer: (request: IncomingMessage, body: string, response: ServerResponse) => void;
  let url = '';
  beforeAll(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => answer(request, Buffer.concat(parts).toString(), response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sign`;
  });
  afterAll(() => server.close());
  afterEach(() => server.closeAllConnections());

  const chain = chainOf('p256');
  const key = createPrivateKey(readFileSync(chain.keyFile));
  const honest: typeof answer = (_request, body, response) => {
    const { message: text } = JSON.parse(body);
    const signature = sign('sha256', Buffer.from(text, 'base64'), { key, dsaEncoding: 'ieee-p1363' });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ signature: signature.toString('base64') }));
  };
  const open = (more: { send?: 'digest'; token?: { env: string }; timeoutMs?: number } = {}) =>
    openHttpSigner({ url, keyId: 'key-7', chainFile: chain.chainFile, ...more }, { TOKEN: 'a secret' }, now());

  test('signs the message, and says who asks for what', async () => {
    let asked = '';
    answer = (request, body, response) => {
      asked = `${request.method} ${request.url} ${request.headers.authorization} ${request.headers['content-type']} ${body}`;
      honest(request, body, response);
    };
    const signer = await open({ token: { env: 'TOKEN' } });
    expect(verifySignature('es256', publicKeyOf(chain), message, await signer.sign(message))).toBe(true);
    expect(asked).toBe(
      'POST /sign Bearer a secret application/json {"alg":"es256","keyId":"key-7","message":"YSBjbGFpbQ=="}',
    );
  });

  test('signs a digest where it is not to see the message', async () => {
    answer = (request, body, response) => {
      const { digest, hash, message: none } = JSON.parse(body);
      expect([Buffer.from(digest, 'base64').length, hash, none]).toEqual([32, 'sha256', undefined]);
      // Nothing in node:crypto signs a digest; the message is known here.
      honest(request, JSON.stringify({ message: Buffer.from(message).toString('base64') }), response);
    };
    expect(await (await open({ send: 'digest' })).sign(message)).toHaveLength(64);
  });

  test.each<[string, typeof answer, string]>([
    ['a signature over something else', (q, _, r) => honest(q, '{"message":"AAAA"}', r), 'signature-does-not-verify'],
    ['a signature in DER', (_q, body, r) => r.end(derSignature(body)), 'signature-does-not-verify'],
    ['an empty signature', (_q, _b, r) => r.end('{"signature":""}'), 'signature-does-not-verify'],
    ['no JSON', (_q, _b, r) => r.end('signed!'), 'signer-bad-answer'],
    ['another shape', (_q, _b, r) => r.end('{"sig":"AAAA"}'), 'signer-bad-answer'],
    ['an error', (_q, _b, r) => r.writeHead(500).end('{"signature":"AAAA"}'), 'signer-refused'],
    ['a redirect', (_q, _b, r) => r.writeHead(307, { location: `${url}/elsewhere` }).end(), 'signer-refused'],
    ['too much', (_q, _b, r) => r.end('x'.repeat(200_000)), 'signer-answer-too-large'],
    ['nothing for long', () => {}, 'signer-too-slow'],
    ['a word at a time', (_q, _b, r) => r.write('{'), 'signer-too-slow'],
    ['a cut connection', (q) => q.socket.destroy(), 'signer-unreachable'],
  ])('%s: refused', async (_, answering, code) => {
    let asked = 0;
    answer = (...args) => {
      asked += 1;
      answering(...args);
    };
    const signer = await open({ timeoutMs: code === 'signer-too-slow' ? 300 : 10_000 });
    await expect(signer.sign(message)).rejects.toMatchObject({ code });
    // No redirect is followed, and nothing is tried twice: a service may count its signatures.
    expect(asked).toBe(1);
  });

  test('a service whose certificate nobody vouches for gets nothing', async () => {
    const strange = makeChain({
      name: 'localhost',
      extensions: ['basicConstraints = CA:FALSE', 'extendedKeyUsage = serverAuth', 'subjectAltName = IP:127.0.0.1'],
    });
    let asked = 0;
    const files = { key: readFileSync(strange.keyFile), cert: readFileSync(strange.chainFile) };
    const secure = createSecureServer(files, (_, response) => {
      asked += 1;
      response.end();
    });
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    const address = `https://127.0.0.1:${(secure.address() as AddressInfo).port}/sign`;
    const settings = { url: address, keyId: 'k', chainFile: chain.chainFile, token: { env: 'TOKEN' } };
    const signer = await openHttpSigner(settings, { TOKEN: 'a secret' }, now());
    await expect(signer.sign(message)).rejects.toMatchObject({ code: 'signer-unreachable' });
    expect(asked).toBe(0);
    secure.close();
    rmSync(strange.folder, { recursive: true });
  });

  test.each([
    ['http://kms.example/sign', 'signer-address-insecure'],
    ['ftp://127.0.0.1/', 'signer-address-insecure'],
    ['no address', 'signer-address-insecure'],
  ])('%s: refused before anything is sent', async (address, code) => {
    const settings = { url: address, keyId: 'k', chainFile: chain.chainFile };
    await expect(openHttpSigner(settings, {}, now())).rejects.toMatchObject({ code });
  });

  function derSignature(body: string): string {
    const { message: text } = JSON.parse(body);
    return JSON.stringify({ signature: sign('sha256', Buffer.from(text, 'base64'), key).toString('base64') });
  }
});

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createPlainServer, type RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  makeAuthority,
  makeCertificate,
  serverAuthentication,
} from '../../../test/fixtures/provenance/certificates.ts';
import { codeOf } from '../../../test/refusal.ts';
import { addTrustList, type ListSource, parseSource, readAnchors, updateTrustLists } from './trust.ts';

const names = ['One', 'Two', 'Three', 'Four', 'Five'];
const authorities = names.map((commonName) => makeAuthority({ organisation: 'Test', commonName }));
const pemOf = (...indices: number[]) => indices.map((index) => authorities[index]?.pem).join('');
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const serverRoot = makeAuthority({ organisation: 'Test', commonName: 'Server Root' });
const serverCertificate = makeCertificate(
  serverRoot,
  { organisation: 'Test', commonName: 'server' },
  { purpose: serverAuthentication, hosts: ['127.0.0.1'] },
);
const serverKey = serverCertificate.key.export({ type: 'pkcs8', format: 'pem' });
const keyPin = createHash('sha256').update(serverCertificate.publicKeyDer).digest('base64');
const now = new Date('2026-11-22T10:00:00Z');

let server: Server;
let port: number;
let answer: RequestListener;
let asked: string[];
let folder: string;

beforeAll(async () => {
  server = createServer({ key: serverKey, cert: serverCertificate.pem }, (request, response) => {
    asked.push(String(request.url));
    answer(request, response);
  });
  port = await listen(server);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
  folder = mkdtempSync(join(tmpdir(), 'trust-'));
  mkdirSync(join(folder, 'trust'));
  writeFileSync(join(folder, 'trust/server-root.pem'), serverRoot.pem);
  settings({});
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function settings(more: object) {
  writeFileSync(join(folder, 'trust/update.json'), JSON.stringify({ authoritiesFile: 'server-root.pem', ...more }));
}

const serve = (content: string) => {
  answer = (_request, response) => response.end(content);
};
const source = (path = '/list.pem', more: Partial<ListSource> = {}): ListSource => ({
  id: 'c2pa',
  name: 'Test list',
  kind: 'signer',
  url: `https://127.0.0.1:${port}${path}`,
  ...more,
});
const update = (more: Partial<Parameters<typeof updateTrustLists>[0]> = {}) =>
  updateTrustLists({
    dataFolder: folder,
    sources: [source()],
    force: false,
    now,
    lang: 'en',
    timeoutMs: 20_000,
    ...more,
  });

describe('an update', () => {
  test('installs, says what changed, keeps the version of an unchanged list', async () => {
    serve(pemOf(0, 1, 2));
    expect(await update()).toEqual([
      {
        id: 'c2pa',
        state: 'installed',
        url: source().url,
        version: '2026-11-22',
        certificates: 3,
        added: ['CN=One, O=Test', 'CN=Two, O=Test', 'CN=Three, O=Test'],
        removed: [],
      },
    ]);
    const later = new Date('2026-12-24T10:00:00Z');
    expect(await update({ now: later })).toMatchObject([{ state: 'unchanged', version: '2026-11-22', added: [] }]);
    serve(pemOf(0, 1, 3, 4));
    expect(await update({ now: later })).toMatchObject([
      {
        state: 'updated',
        version: '2026-12-24',
        added: ['CN=Four, O=Test', 'CN=Five, O=Test'],
        removed: ['CN=Three, O=Test'],
      },
    ]);
    expect(readAnchors(folder).anchorsPem).toBe(pemOf(0, 1, 3, 4));
  });

  test('fetches several lists of both kinds, and all or none of them', async () => {
    answer = (request, response) => response.end(request.url === '/tsa.pem' ? pemOf(1) : pemOf(0));
    const sources = [source(), source('/tsa.pem', { id: 'c2pa-tsa', kind: 'tsa' })];
    expect(await update({ sources })).toMatchObject([{ id: 'c2pa' }, { id: 'c2pa-tsa' }]);
    expect(readAnchors(folder)).toEqual({ anchorsPem: pemOf(0), tsaAnchorsPem: pemOf(1) });
    answer = (request, response) => response.end(request.url === '/tsa.pem' ? 'gone' : pemOf(2));
    expect(await codeOf(() => update({ sources, force: true }))).toBe('trust-no-certificate');
    expect(readAnchors(folder)).toEqual({ anchorsPem: pemOf(0), tsaAnchorsPem: pemOf(1) });
  });

  test('follows a redirect within the host', async () => {
    answer = (request, response) =>
      request.url === '/list.pem' ? response.writeHead(302, { location: '/moved.pem' }).end() : response.end(pemOf(0));
    expect(await update()).toMatchObject([{ state: 'installed' }]);
    expect(asked).toEqual(['/list.pem', '/moved.pem']);
  });

  test('takes the key and the content that are pinned', async () => {
    serve(pemOf(0));
    settings({ pins: { c2pa: { keys: [keyPin], sha256: hash(pemOf(0)) } } });
    expect(await update()).toMatchObject([{ state: 'installed' }]);
  });

  test('uses the sources of update.json, else the official ones', async () => {
    serve(pemOf(0));
    settings({ sources: [source('/own.pem', { id: 'own' })] });
    expect(await update({ sources: undefined })).toMatchObject([{ id: 'own' }]);
    expect(asked).toEqual(['/own.pem']);
  });

  test('repairs a damaged list', async () => {
    serve(pemOf(0));
    await update();
    writeFileSync(join(folder, 'trust/c2pa/list.pem'), 'damaged');
    expect(await update()).toMatchObject([{ state: 'installed' }]);
    expect(readAnchors(folder).anchorsPem).toBe(pemOf(0));
  });
});

describe('an update that is refused leaves the old list', () => {
  beforeEach(async () => {
    const file = join(folder, 'old.pem');
    writeFileSync(file, pemOf(0, 1, 2));
    await addTrustList({ dataFolder: folder, file, id: 'c2pa', kind: 'signer', now, lang: 'en' });
    serve(pemOf(0, 1, 2, 3));
  });
  afterEach(() => {
    expect(readAnchors(folder).anchorsPem).toBe(pemOf(0, 1, 2));
  });

  const other = createHash('sha256').update('another key').digest('base64');
  const answers: [string, string, () => void][] = [
    [
      '404',
      'trust-bad-answer',
      () => {
        answer = (_request, response) => response.writeHead(404).end(pemOf(0));
      },
    ],
    ['an empty answer', 'trust-no-certificate', () => serve('')],
    ['a page', 'trust-no-certificate', () => serve('<html>blocked</html>')],
    [
      'a private key',
      'trust-private-key',
      () => serve('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'),
    ],
    [
      'a body shorter than announced',
      'trust-cut-short',
      () => {
        answer = (_request, response) => {
          response.writeHead(200, { 'content-length': 100_000 });
          response.write(pemOf(0, 1), () => response.destroy());
        };
      },
    ],
    ['a body that ends inside a certificate', 'trust-bad-certificate', () => serve(pemOf(0, 1, 2).slice(0, -200))],
    [
      'more than 8 MiB',
      'trust-too-large',
      () => {
        answer = (_request, response) => {
          const part = Buffer.alloc(1024 * 1024, 'x');
          for (let count = 0; count < 12; count++) response.write(part);
          response.end();
        };
      },
    ],
    [
      'a compressed body',
      'trust-bad-answer',
      () => {
        answer = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(pemOf(0));
      },
    ],
    [
      'a redirect to another host',
      'trust-wrong-host',
      () => {
        answer = (_request, response) => response.writeHead(302, { location: 'https://localhost/list.pem' }).end();
      },
    ],
    [
      'a redirect to http',
      'trust-insecure-address',
      () => {
        answer = (_request, response) =>
          response.writeHead(302, { location: `http://127.0.0.1:${port}/list.pem` }).end();
      },
    ],
    [
      'a redirect without end',
      'trust-bad-answer',
      () => {
        answer = (_request, response) => response.writeHead(302, { location: '/list.pem' }).end();
      },
    ],
    ['half of the authorities gone', 'trust-shrinks', () => serve(pemOf(0, 3, 4))],
    ['a pinned content that differs', 'trust-wrong-content', () => settings({ pins: { c2pa: { sha256: hash('x') } } })],
    ['a pinned key that differs', 'trust-wrong-key', () => settings({ pins: { c2pa: { keys: [other] } } })],
    [
      'a server without a known authority',
      'trust-not-certified',
      () => writeFileSync(join(folder, 'trust/update.json'), '{}'),
    ],
    ['settings with a misspelt pin', 'trust-bad-settings', () => settings({ pins: { c2pa: { sha265: hash('x') } } })],
    ['settings that are no JSON', 'trust-bad-settings', () => writeFileSync(join(folder, 'trust/update.json'), '{')],
    ['settings that name a missing file', 'trust-bad-settings', () => settings({ authoritiesFile: 'none.pem' })],
  ];
  test.each(answers)('%s', async (_name, code, arrange) => {
    arrange();
    expect(await codeOf(() => update())).toBe(code);
  });

  test('a server with a wrong key or no certificate is not even asked', async () => {
    settings({ pins: { c2pa: { keys: [other] } } });
    await codeOf(() => update());
    writeFileSync(join(folder, 'trust/update.json'), '{}');
    await codeOf(() => update());
    expect(asked).toEqual([]);
  });

  test('a certificate of another host', async () => {
    expect(await codeOf(() => update({ sources: [source('/', { url: `https://localhost:${port}/` })] }))).toBe(
      'trust-not-certified',
    );
  });

  test('plain http, asked of a listening server', async () => {
    const plain = createPlainServer((request, response) => {
      asked.push(String(request.url));
      response.end(pemOf(0));
    });
    const url = `http://127.0.0.1:${await listen(plain)}/list.pem`;
    expect(await codeOf(() => update({ sources: [source('/', { url })] }))).toBe('trust-insecure-address');
    expect(asked).toEqual([]);
    plain.close();
  });

  test('a server that drips, and one that never answers', async () => {
    answer = (_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('-'), 20);
      response.on('close', () => clearInterval(drip));
    };
    expect(await codeOf(() => update({ timeoutMs: 400 }))).toBe('trust-too-slow');
    answer = () => {};
    expect(await codeOf(() => update({ timeoutMs: 400 }))).toBe('trust-too-slow');
  });

  test('nobody listens', async () => {
    expect(await codeOf(() => update({ sources: [source('/', { url: 'https://127.0.0.1:1/' })] }))).toBe(
      'trust-unreachable',
    );
  });

  test('the update is killed in the middle', async () => {
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    answer = (_request, response) => {
      response.writeHead(200);
      response.write(pemOf(3), () => resolve());
    };
    const child = spawn(process.execPath, ['src/main.ts', 'trust', 'update', '--source', `c2pa=${source().url}`], {
      env: { ...process.env, CLEARMIRROR_HOME: folder },
      stdio: 'ignore',
    });
    const { promise: ended, resolve: end } = Promise.withResolvers<NodeJS.Signals | null>();
    child.on('close', (_code, signal) => end(signal));
    await begun;
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    expect(JSON.parse(readFileSync(join(folder, 'trust/c2pa/list.json'), 'utf8'))).toMatchObject({ id: 'c2pa' });
  });
});

test('a list that lost more than half is taken when a person insists', async () => {
  serve(pemOf(0, 1, 2));
  await update();
  serve(pemOf(4));
  expect(await update({ force: true })).toMatchObject([{ state: 'updated', certificates: 1 }]);
});

describe('a source on the command line', () => {
  test('names a list and its address', () => {
    expect(parseSource('own=https://x.example/list.pem', 'en')).toEqual({
      id: 'own',
      name: 'own',
      kind: 'signer',
      url: 'https://x.example/list.pem',
    });
    expect(parseSource('tsa:own=https://x.example/?a=b', 'en')).toMatchObject({
      kind: 'tsa',
      url: 'https://x.example/?a=b',
    });
    expect(parseSource('c2pa-tsa=https://x.example/', 'en')).toMatchObject({ kind: 'tsa' });
  });

  test.each(['https://x.example/list.pem', 'own=', 'Own=https://x.example', '=https://x.example', 'own=list.pem'])(
    '%s',
    async (text) => {
      expect(await codeOf(async () => parseSource(text, 'en'))).toBe('trust-bad-source');
    },
  );
});

async function listen(listening: Server | ReturnType<typeof createPlainServer>): Promise<number> {
  await new Promise<void>((done) => listening.listen(0, '127.0.0.1', done));
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return address.port;
}

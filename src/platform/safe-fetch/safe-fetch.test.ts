import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer as createRawServer } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  makeAuthority,
  makeCertificate,
  serverAuthentication,
} from '../../../test/fixtures/provenance/certificates.ts';
import { codeOf, refusalOf } from '../../../test/refusal.ts';
import { findDestination, ownAddresses } from './destination.ts';
import { type FetchRules, fetchToStream } from './safe-fetch.ts';

// 127.1.0.0/16 plays the public internet; the rest of the loopback network is the inside.
const outsideAddress = '127.1.0.1';
const root = makeAuthority({ organisation: 'Test', commonName: 'Web Root' });
const { pem, key } = makeCertificate(
  root,
  { organisation: 'Test', commonName: 'clips' },
  { purpose: serverAuthentication, hosts: ['clips.example', '127.1.0.1'] },
);

let answer: RequestListener = (_request, response) => response.end('outside');
const asked: { url: string; headers: NodeJS.Dict<string | string[]> }[] = [];
let insideConnections = 0;
const closing: (() => void)[] = [];
let port = 0;
let securePort = 0;

async function listen(server: Server | ReturnType<typeof createRawServer>, host: string, at = 0): Promise<number> {
  server.listen(at, host);
  await once(server, 'listening');
  closing.push(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const listener: RequestListener = (request, response) => {
  asked.push({ url: request.url ?? '', headers: request.headers });
  answer(request, response);
};
beforeAll(async () => {
  port = await listen(createServer(listener), outsideAddress);
  const inside = createServer((_request, response) => response.end('secret'));
  inside.on('connection', () => {
    insideConnections += 1;
  });
  // The same port, so that only the address tells inside from outside.
  await listen(inside, '127.0.0.1', port);
  const secure = createSecureServer({ key: key.export({ type: 'pkcs8', format: 'pem' }), cert: pem }, listener);
  securePort = await listen(secure, outsideAddress);
});
afterAll(() => {
  for (const close of closing) close();
});
afterEach(() => {
  expect(insideConnections).toBe(0);
  asked.length = 0;
  answer = (_request, response) => response.end('outside');
});

const names: Record<string, string[]> = {
  'clips.example': [outsideAddress],
  'other.example': [outsideAddress],
  'inside.example': ['127.0.0.1'],
  'mixed.example': [outsideAddress, '127.0.0.1'],
  'mixed6.example': [outsideAddress, '::1'],
  'metadata.example': ['169.254.169.254'],
  'odd.example': [outsideAddress, 'not an address'],
  'nowhere.example': [],
  'xn--fsqu00a.example': [outsideAddress],
};
const rules = (more: Partial<FetchRules> = {}): FetchRules => ({
  maxBytes: 1_000_000,
  timeoutMs: 20_000,
  allow: { networks: ['127.1.0.0/16'], ports: [port, securePort] },
  authorities: root.pem,
  resolve: async (host) => {
    const addresses = names[host];
    if (!addresses) throw new Error(`ENOTFOUND ${host}`);
    return addresses;
  },
  ...more,
});
const get = async (url: string, more?: Partial<FetchRules>) => {
  const fetched = await fetchToStream(url, rules(more));
  return { ...fetched, content: await buffer(fetched.stream) };
};
const codeFor = (url: string, more?: Partial<FetchRules>) => codeOf(() => get(url, more));
const at = (path = '/clip.mp4', host = 'clips.example') => `http://${host}:${port}${path}`;
const secureAt = (path = '/clip.mp4', host = 'clips.example') => `https://${host}:${securePort}${path}`;

test('fetches a file, says what the server said of it, and shows nothing of us', async () => {
  const content = randomBytes(300_000);
  answer = (_request, response) => {
    response.setHeader('content-type', 'Video/MP4; codecs="avc1"');
    response.setHeader('set-cookie', 'id=1');
    response.end(content);
  };
  const fetched = await get(`${at('/clip.mp4?x=1')}#part`);
  expect(fetched.content.equals(content)).toBe(true);
  expect(fetched).toMatchObject({ url: at('/clip.mp4?x=1'), mediaType: 'video/mp4', bytes: 300_000 });
  expect(asked).toEqual([
    {
      url: '/clip.mp4?x=1',
      headers: {
        accept: '*/*',
        'accept-encoding': 'identity',
        'user-agent': 'clearmirror',
        host: `clips.example:${port}`,
        connection: 'close',
      },
    },
  ]);
});

test('https with the name in the certificate, or the address in it', async () => {
  expect(String((await get(secureAt())).content)).toBe('outside');
  expect(String((await get(secureAt('/', outsideAddress))).content)).toBe('outside');
  expect(String((await get(at('/', '例子.example'))).content)).toBe('outside');
});

test('a certificate for another name or from an unknown authority does not hold', async () => {
  expect(await codeFor(secureAt('/', 'other.example'))).toBe('not-certified-there');
  expect(await codeFor(secureAt(), { authorities: '' })).toBe('not-certified-there');
  expect(asked).toEqual([]);
});

test.each([
  [
    'address-malformed',
    ['', 'clip.mp4', '//clips.example/', 'http://', 'http://a b/', 'http://1.2.3.256/', 'http://%00/', 'http://./'],
  ],
  [
    'address-scheme',
    [
      'ftp://clips.example/',
      'file:///etc/passwd',
      'data:,x',
      'gopher://127.0.0.1/',
      'javascript:1',
      'blob:http://x/',
      'ws://clips.example/',
    ],
  ],
  [
    'address-credentials',
    [
      'http://user@clips.example/',
      'http://user:pass@clips.example/',
      'http://:p@clips.example/',
      'http://clips.example:80%5c@127.0.0.1/',
    ],
  ],
  [
    'address-port',
    ['http://clips.example:22/', 'https://clips.example:6379/', 'http://clips.example:0/', 'http://127.0.0.1:25/'],
  ],
  [
    'address-private',
    [
      'http://127.0.0.1/',
      'http://127.1/',
      'http://2130706433/',
      'http://0x7f000001/',
      'http://0x7f.0.0.1/',
      'http://0177.0.0.1/',
      'http://017700000001/',
      'http://①②⑦.⓪.⓪.①/',
      'http://127。0。0。1/',
      'http://127%2e0%2e0%2e1/',
      'http://127.0.0.1./',
      'http:\\\\127.0.0.1/',
      'http:127.0.0.1',
      'http://0/',
      'http://0.0.0.0/',
      'http://10.0.0.5/',
      'http://0300.0250.0.1/',
      'http://3232235777/',
      'http://169.254.169.254/latest/meta-data/',
      'http://2852039166/',
      'http://100.100.100.200/',
      'http://168.63.129.16/',
      'http://[::1]/',
      'http://[::]/',
      'http://[::ffff:127.0.0.1]/',
      'http://[::127.0.0.1]/',
      'http://[64:ff9b::7f00:1]/',
      'http://[2002:7f00:1::]/',
      'http://[fd00:ec2::254]/',
      'http://[fe80::1]/',
      'http://localhost/',
      'http://LOCALHOST./',
      'http://loc%61lhost/',
      'http://ｌｏｃａｌｈｏｓｔ/',
      'http://metadata.localhost/',
      'http://255.255.255.255/',
      'http://224.0.0.1/',
    ],
  ],
])('%s', async (code, addresses) => {
  const codes = await Promise.all(addresses.map(async (address) => [address, await codeFor(address)]));
  expect(codes).toEqual(addresses.map((address) => [address, code]));
});

test('a name that leads inside, one that does not exist and one that leads to both are answered alike', async () => {
  const hosts = ['inside', 'nowhere', 'missing', 'mixed', 'mixed6', 'metadata', 'odd'].map((name) => `${name}.example`);
  for (const host of hosts) {
    const problem = await refusalOf(() => get(at('/', host)));
    expect([host, problem.code]).toEqual([host, 'address-unresolvable']);
    expect(problem.message).toBe(`The name ${host} leads to no address on the public internet.`);
  }
});

test('inside, an open port and a closed one are answered alike', async () => {
  const closed = await listen(createRawServer(), '127.0.0.1');
  closing.pop()?.();
  for (const host of ['127.0.0.1', 'inside.example']) {
    const allow = { networks: ['127.1.0.0/16'], ports: [port, closed] };
    const [one, two] = [
      await refusalOf(() => get(`http://${host}:${port}/`, { allow })),
      await refusalOf(() => get(`http://${host}:${closed}/`, { allow })),
    ];
    expect([one.code, one.message, one.params]).toEqual([two.code, two.message, two.params]);
  }
});

test('a name that leads outside first and inside a moment later: asked once, and only the checked address is used', async () => {
  let times = 0;
  const resolve = async () => [times++ === 0 ? outsideAddress : '127.0.0.1'];
  expect(String((await get(at('/', 'rebinding.example'), { resolve })).content)).toBe('outside');
  expect(times).toBe(1);
});

test('a public address of this very machine is not the public internet', async () => {
  const findFrom = (own: string[], url: string) =>
    findDestination(url, { allow: {}, own, resolveMs: 1000, resolve: async () => ['8.8.8.8', '2606:4700::1111'] });
  const urls = ['https://clips.example/', 'https://8.8.8.8/', 'https://[2606:4700::1111]/'];
  for (const url of urls) expect((await findFrom(ownAddresses(), url)).url.href).toBe(url);
  const own = ['127.0.0.1', '8.8.8.8', '2606:4700:0::1111'];
  expect(await Promise.all(urls.map((url) => codeOf(() => findFrom(own, url))))).toEqual([
    'address-unresolvable',
    'address-private',
    'address-private',
  ]);
  expect(ownAddresses()).toContain('127.0.0.1');
});

test('redirects are followed, each checked anew', async () => {
  answer = ({ url = '' }, response) => {
    const to = new Map([
      ['/1', '/2'],
      ['/2', secureAt('/3')],
      ['/3', `//clips.example:${securePort}/4?ü`],
    ]).get(url);
    response.writeHead(to ? 302 : 200, to ? { location: to } : {}).end(to ? 'moved' : 'found');
  };
  const { content, url } = await get(at('/1'));
  expect([String(content), url]).toEqual(['found', secureAt('/4?%C3%BC')]);
  expect(asked.map(({ url: path }) => path)).toEqual(['/1', '/2', '/3', '/4?%C3%BC']);
  expect(await codeFor(at('/1'), { maxRedirects: 2 })).toBe('too-many-redirects');
});

test.each([
  ['address-private', () => `http://127.0.0.1:${port}/`],
  ['address-private', () => `//localhost:${port}/`],
  ['address-private', () => 'http://169.254.169.254/latest/meta-data/iam/'],
  ['address-unresolvable', () => at('/', 'inside.example')],
  ['address-unresolvable', () => at('/', 'mixed.example')],
  ['address-scheme', () => 'file:///etc/passwd'],
  ['address-port', () => 'http://clips.example:22/'],
  ['address-credentials', () => `http://a:b@clips.example:${port}/`],
  ['address-malformed', () => 'http://[::1'],
  ['too-many-redirects', () => '/again'],
])('a redirect: %s', async (code, location) => {
  answer = (_request, response) => response.writeHead(307, { location: location() }).end();
  expect(await codeFor(at())).toBe(code);
});

test('from https to http is refused', async () => {
  answer = (_request, response) => response.writeHead(301, { location: at() }).end();
  expect(await codeFor(secureAt())).toBe('redirect-downgrade');
  expect(asked).toHaveLength(1);
});

test('a name that changes between two redirects is checked at each', async () => {
  let times = 0;
  const resolve = async () => [times++ === 0 ? outsideAddress : '127.0.0.1'];
  answer = (_request, response) => response.writeHead(302, { location: '/again' }).end();
  expect(await codeFor(at(), { resolve })).toBe('address-unresolvable');
  expect([times, asked.length]).toEqual([2, 1]);
});

test.each([204, 206, 300, 302, 304, 400, 401, 403, 404, 410, 500, 503])('status %d is not the file', async (status) => {
  answer = (_request, response) => response.writeHead(status).end();
  const { code, params } = await refusalOf(() => get(at()));
  expect([code, params['status']]).toEqual(['not-found-there', status]);
});

test('too large: refused by the announcement, or while it flows; exactly the limit is allowed', async () => {
  let sent = 0;
  answer = ({ url }, response) => {
    if (url === '/announced') return response.writeHead(200, { 'content-length': 5_000_000 }).write('x');
    if (url === '/exact') return response.end(Buffer.alloc(1_000_000));
    const more = () => {
      sent += 100_000;
      if (!response.destroyed) response.write(Buffer.alloc(100_000), () => setImmediate(more));
    };
    return more();
  };
  expect((await get(at('/exact'))).content).toHaveLength(1_000_000);
  expect(await codeFor(at('/announced'))).toBe('too-large');
  expect(await codeFor(at('/endless'))).toBe('too-large');
  expect(sent).toBeGreaterThan(1_000_000);
});

test('a compressed body is refused', async () => {
  const bomb = gzipSync(Buffer.alloc(10_000_000));
  answer = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
  expect(await codeFor(at())).toBe('encoded-there');
  answer = (_request, response) => response.writeHead(200, { 'content-encoding': 'Identity' }).end('as it is');
  expect(String((await get(at())).content)).toBe('as it is');
});

test('a body that drips is stopped, also when nobody reads it', async () => {
  answer = (_request, response) => {
    const drip = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(drip));
  };
  expect(await codeFor(at(), { timeoutMs: 500 })).toBe('too-slow');
  const { stream } = await fetchToStream(at(), rules({ timeoutMs: 300 }));
  await new Promise((resolve) => stream.once('close', resolve));
  expect(await codeOf(() => buffer(stream))).toBe('too-slow');
});

test('servers that stall: no TLS, no headers, dripping headers, redirects without end', async () => {
  const silent = await listen(
    createRawServer((socket) => void socket.on('error', () => {})),
    outsideAddress,
  );
  const dripping = await listen(
    createRawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const drip = setInterval(() => socket.write('x: y\r\n'), 20);
      socket.on('error', () => {}).on('close', () => clearInterval(drip));
    }),
    outsideAddress,
  );
  const allow = { networks: ['127.1.0.0/16'], ports: [port, silent, dripping] };
  const short = { allow, connectMs: 300, headersMs: 300 };
  expect(await codeFor(`https://clips.example:${silent}/`, short)).toBe('too-slow');
  expect(await codeFor(`http://clips.example:${silent}/`, short)).toBe('too-slow');
  expect(await codeFor(`http://clips.example:${dripping}/`, short)).toBe('too-slow');
  answer = (_request, response) => setTimeout(() => response.writeHead(302, { location: '/again' }).end(), 100);
  expect(await codeFor(at(), { timeoutMs: 500, maxRedirects: 1000 })).toBe('too-slow');
});

test('name servers that do not answer', async () => {
  const resolve = () => new Promise<string[]>(() => {});
  expect(await codeFor(at(), { resolve, connectMs: 200 })).toBe('address-unresolvable');
  const { resolve: _, ...asTheSystem } = rules({ connectMs: 2000 });
  expect(await codeOf(() => fetchToStream('http://does-not-exist.invalid/', asTheSystem))).toBe('address-unresolvable');
});

test('broken answers', async () => {
  const raw = async (bytes: string) => {
    const at = await listen(
      createRawServer((socket) => void socket.on('error', () => {}).end(bytes)),
      outsideAddress,
    );
    const allow = { networks: ['127.1.0.0/16'], ports: [at] };
    return codeFor(`http://clips.example:${at}/`, { allow });
  };
  expect(await raw('SSH-2.0-OpenSSH_9.2\r\n')).toBe('bad-answer-there');
  expect(await raw(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`)).toBe('bad-answer-there');
  expect(await raw('HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n')).toBe(
    'bad-answer-there',
  );
  expect(await raw('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n')).toBe('bad-answer-there');
  expect(await raw('')).toBe('unreachable-there');
  expect(await raw('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort')).toBe('cut-short-there');
  expect(await raw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nshort\r\n')).toBe('cut-short-there');
});

test('what the operator opens is open: a network, or a host by name, but never link-local by name', async () => {
  const quiet = createServer((_request, response) => response.end('media store'));
  const inner = await listen(quiet, '127.0.0.7');
  const resolve = async (host: string) => (host === 'store.example' ? ['127.0.0.7'] : ['169.254.169.254']);
  const url = `http://store.example:${inner}/`;
  const ports = [inner];
  expect(await codeFor(url, { resolve, allow: { ports } })).toBe('address-unresolvable');
  for (const allow of [
    { ports, hosts: ['store.example'] },
    { ports, networks: ['127.0.0.7/32'] },
  ]) {
    expect(String((await get(url, { resolve, allow })).content)).toBe('media store');
  }
  const allow = { ports, hosts: ['metadata.example'] };
  expect(await codeFor(`http://metadata.example:${inner}/`, { resolve, allow })).toBe('address-unresolvable');
});

test('a proxy named in the environment is not used', async () => {
  const proxied: string[] = [];
  const proxy = await listen(
    createServer(({ url }, response) => {
      proxied.push(String(url));
      response.end('proxy');
    }),
    '127.0.0.9',
  );
  const script = `
    const { fetchToStream } = await import(${JSON.stringify(new URL('./safe-fetch.ts', import.meta.url).href)});
    const { text } = await import('node:stream/consumers');
    const allow = { networks: ['127.1.0.0/16'], ports: [${port}] };
    const { stream } = await fetchToStream('http://${outsideAddress}:${port}/', { maxBytes: 1000, timeoutMs: 20_000, allow });
    process.stdout.write(await text(stream));`;
  const address = `http://127.0.0.9:${proxy}`;
  const env = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: address, http_proxy: address, ALL_PROXY: address };
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  expect(await text(child.stdout)).toBe('outside');
  expect(proxied).toEqual([]);
});

test('whoever stops reading stops the server', async () => {
  let ended: (() => void) | null = null;
  const stopped = new Promise<void>((resolve) => {
    ended = resolve;
  });
  answer = (_request, response) => {
    response.on('close', () => ended?.());
    response.write('begin');
  };
  const { stream } = await fetchToStream(at(), rules());
  stream.destroy();
  await stopped;
});

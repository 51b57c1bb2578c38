import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type Asked, openClient } from './client.ts';
import { turns } from './turns.ts';

async function openHost(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

function clientFor(hosts: string[], limits: { requests?: number; timeoutSeconds?: number } = {}) {
  const record: Asked[] = [];
  const client = openClient(
    { hosts, perSecond: 500, requests: 100, timeoutSeconds: 1, ...limits },
    { signal: new AbortController().signal, now: () => new Date(0), onAsked: (asked) => record.push(asked) },
  );
  const get = (url: string, maxBytes = 1_000) =>
    client.ask({ method: 'GET', url: new URL(url), headers: {}, body: null, maxBytes });
  return { get, client, record };
}

test('a service that never answers is given up after its time, and one that stops in the middle too', async () => {
  const url = await openHost((request, response) => {
    if (request.url === '/half') response.writeHead(200).write('half');
  });
  const { get, record } = clientFor([url]);
  await expect(get(`${url}/nothing`)).rejects.toMatchObject({ code: 'too-slow', params: { seconds: 1 } });
  await expect(get(`${url}/half`)).rejects.toMatchObject({ code: 'too-slow' });
  expect(record.map(({ status, failure }) => [status, failure])).toEqual([
    [null, 'too-slow'],
    [200, 'too-slow'],
  ]);
});

test('an answer without end is cut off at what was asked for', async () => {
  let sent = 0;
  const url = await openHost((_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536;
    };
    response.on('drain', more);
    more();
  });
  await expect(clientFor([url]).get(url, 1_000_000)).rejects.toMatchObject({ code: 'too-large' });
  expect(sent).toBeLessThan(50_000_000);
});

test('what never ends is listened to for a while, also when it falls silent or breaks off', async () => {
  const url = await openHost((request, response) => {
    response.writeHead(200).write('sound');
    if (request.url === '/ends') response.end();
    if (request.url === '/speaks') setInterval(() => response.write('more'), 50).unref();
  });
  const { client } = clientFor([url]);
  const listen = async (path: string) => {
    const asked = { method: 'GET', url: new URL(path, url), headers: {}, body: null, maxBytes: 1_000, listenMs: 400 };
    return (await client.ask(asked)).bytes.toString();
  };
  expect(await listen('/silent')).toBe('sound');
  expect(await listen('/ends')).toBe('sound');
  expect(await listen('/speaks')).toMatch(/^sound(more)+$/);
});

test('nobody but the hosts of the target is asked, whatever an answer or a redirect says', async () => {
  let elsewhere = 0;
  const other = await openHost((_request, response) => {
    elsewhere += 1;
    response.end();
  });
  const url = await openHost((request, response) => {
    const to = { '/away': other, '/file': 'file:///etc/hostname', '/home': '/here', '/round': '/round' }[
      request.url ?? ''
    ];
    if (to === undefined) response.end('here');
    else response.writeHead(302, { location: to }).end();
  });
  const { get } = clientFor([url]);
  await expect(get(other)).rejects.toMatchObject({ code: 'elsewhere' });
  await expect(get(`${url}/away`)).rejects.toMatchObject({ code: 'elsewhere', params: { host: new URL(other).host } });
  await expect(get(`${url}/file`)).rejects.toMatchObject({ code: 'elsewhere' });
  await expect(get(`${url}/round`)).rejects.toMatchObject({ code: 'too-many-redirects' });
  expect((await get(`${url}/home`)).bytes.toString()).toBe('here');
  // The same machine under another name is another host.
  await expect(get(url.replace('127.0.0.1', 'localhost'))).rejects.toMatchObject({ code: 'elsewhere' });
  expect(elsewhere).toBe(0);
});

test('what was sent is not sent again to where an answer points', async () => {
  const posts: string[] = [];
  const url = await openHost((request, response) => {
    posts.push(`${request.method} ${request.url}`);
    response.writeHead(307, { location: '/again' }).end();
  });
  const { client } = clientFor([url]);
  const answer = await client.ask({ method: 'POST', url: new URL(url), headers: {}, body: 'x', maxBytes: 10 });
  expect([answer.status, posts]).toEqual([307, ['POST /']]);
});

test('a run asks no more often than it may, and tells nobody is there', async () => {
  const url = await openHost((_request, response) => response.end('x'));
  const { get } = clientFor([url], { requests: 2 });
  await get(url);
  await get(url);
  await expect(get(url)).rejects.toMatchObject({ code: 'requests-used-up' });
  const gone = await freePort();
  await expect(clientFor([gone]).get(gone)).rejects.toMatchObject({
    code: 'no-answer',
    params: { detail: 'ECONNREFUSED' },
  });
});

test('turns come evenly and in order, never two at once', async () => {
  let clock = 0;
  const turn = turns(1000, () => clock);
  const come: number[] = [];
  const { signal } = new AbortController();
  await Promise.all([1, 2, 3].map((who) => turn(signal).then(() => come.push(who))));
  expect(come).toEqual([1, 2, 3]);
  clock = 10_000;
  await turn(signal);
});

/** A port on which nobody listens any more. */
async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

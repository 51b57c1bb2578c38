import { createHash, createHmac } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newFolder } from '../../../../test/new-folder.ts';
import type { PublishedPlace } from '../../../contract/target.ts';
import { openClient } from './client.ts';
import { listPublished, type PlaceTools } from './published.ts';

const place = { name: 'exports', most: 20 } as const;
const bucket = { region: 'eu-west-3', name: 'media', prefix: '' } as const;
const keys = { 'key-id': 'AKIAEXAMPLE', key: 'wJalrXUtnFEMI/K7MDENG' };

function toolsFor(hosts: string[], secrets: Record<string, string> = keys): PlaceTools {
  const client = openClient(
    { hosts, perSecond: 500, requests: 500, timeoutSeconds: 5 },
    { signal: new AbortController().signal, now: () => new Date(), onAsked: () => {} },
  );
  return {
    get: (url, maxBytes, { headers }) =>
      client.ask({ method: 'GET', url: new URL(url), headers, body: null, maxBytes }),
    secret: (name) => secrets[name],
    seed: 'run-1',
  };
}

const read = async (files: Awaited<ReturnType<typeof listPublished>>) =>
  Object.fromEntries(
    await Promise.all(files.map(async (one) => [one.name, (await one.read(100)).toString()] as const)),
  );

test('a folder: files at any depth, no links, nothing hidden, no pipe', async () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'a/b'), { recursive: true });
  writeFileSync(join(folder, 'a/b/1.png'), 'one');
  writeFileSync(join(folder, '2.png'), 'two');
  writeFileSync(join(folder, '.hidden'), 'x');
  mkdirSync(join(folder, '.git'));
  writeFileSync(join(folder, '.git/object'), 'x');
  writeFileSync(join(folder, 'a/line\nbreak.png'), 'three');
  symlinkSync('/etc/hostname', join(folder, 'out.png'));
  symlinkSync('/etc', join(folder, 'etc'));
  const files = await listPublished({ ...place, folder }, toolsFor([]));
  expect(await read(files)).toEqual({ 'a/b/1.png': 'one', '2.png': 'two', 'a/line\u{FFFD}break.png': 'three' });
  await expect(files[0]?.read(2)).rejects.toMatchObject({ code: 'too-large' });
  await expect(listPublished({ ...place, folder: join(folder, 'none') }, toolsFor([]))).rejects.toMatchObject({
    code: 'nothing-there',
  });
});

test('a file that became a link after it was listed is not followed', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, '1.png'), 'one');
  const [file] = await listPublished({ ...place, folder }, toolsFor([]));
  const { rmSync } = await import('node:fs');
  rmSync(join(folder, '1.png'));
  symlinkSync('/etc/hostname', join(folder, '1.png'));
  await expect(file?.read(100)).rejects.toMatchObject({ code: 'nothing-there' });
});

test('in an order drawn by lot, and the same in the same run', async () => {
  const folder = newFolder();
  for (let n = 0; n < 30; n++) writeFileSync(join(folder, `${n}.png`), String(n));
  const names = async (seed: string) =>
    (await listPublished({ ...place, folder }, { ...toolsFor([]), seed })).map(({ name }) => name);
  expect(await names('run-1')).toHaveLength(30);
  expect(await names('run-1')).toEqual(await names('run-1'));
  expect(await names('run-2')).not.toEqual(await names('run-1'));
});

test('a bucket: every page, keys of any letters, signed as AWS writes it', async () => {
  const objects = { 'a b/ü&(1).png': 'one', 'plain.png': 'two', '生成+合成.jpg': 'three' };
  const { endpoint, asked } = await openBucket(objects, { isSigned: true });
  const described: PublishedPlace = { ...place, bucket: { ...bucket, endpoint, keyId: 'key-id', key: 'key' } };
  expect(await read(await listPublished(described, toolsFor([endpoint])))).toEqual(objects);
  expect(asked.filter((one) => one.includes('list-type=2'))).toHaveLength(3);
  const wrong = toolsFor([endpoint], { ...keys, key: 'another' });
  await expect(listPublished(described, wrong)).rejects.toMatchObject({ code: 'status', params: { status: 403 } });
});

test('a public bucket is read without keys, and one that names nothing is no failure', async () => {
  const { endpoint } = await openBucket({ 'x.png': 'one' }, { isSigned: false });
  expect(await read(await listPublished({ ...place, bucket: { ...bucket, endpoint } }, toolsFor([endpoint])))).toEqual({
    'x.png': 'one',
  });
  const empty = await openBucket({}, { isSigned: false });
  const described = { ...place, bucket: { ...bucket, endpoint: empty.endpoint } };
  expect(await listPublished(described, toolsFor([empty.endpoint]))).toEqual([]);
});

test('a store that lies: keys that lead out of the bucket, pages without end, no list at all', async () => {
  const out = await openBucket({ '../other/secret.png': 'x', './x.png': 'x', '/y.png': 'x' }, { isSigned: false });
  const of = (endpoint: string) => ({ ...place, bucket: { ...bucket, endpoint } });
  expect(await listPublished(of(out.endpoint), toolsFor([out.endpoint]))).toEqual([]);

  let pages = 0;
  const endless = await openHost(() => {
    pages += 1;
    return [200, listingOf([`${pages % 2}.png`], 'more')];
  });
  expect(await listPublished(of(endless), toolsFor([endless]))).toHaveLength(2);
  expect(pages).toBe(200);

  for (const body of ['<html>no', '{"keys": []}', '<a><b></a>']) {
    const other = await openHost(() => [200, body]);
    await expect(listPublished(of(other), toolsFor([other])), body).rejects.toMatchObject({ code: 'not-a-listing' });
  }
});

async function openHost(answer: (request: IncomingMessage) => [number, string]): Promise<string> {
  const server = createServer((request, response) => {
    const [status, body] = answer(request);
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

/** One object a page, so that paging is seen. */
async function openBucket(objects: Record<string, string>, { isSigned }: { isSigned: boolean }) {
  const asked: string[] = [];
  const names = Object.keys(objects);
  const endpoint = await openHost((request) => {
    asked.push(request.url ?? '');
    const url = new URL(request.url ?? '', 'http://x');
    if (isSigned && !isSignedRight(request, keys.key)) return [403, '<Error/>'];
    if (url.pathname !== '/media') {
      const object = objects[decodeURIComponent(url.pathname.slice('/media/'.length))];
      return object === undefined ? [404, '<Error/>'] : [200, object];
    }
    const from = Number(url.searchParams.get('continuation-token') ?? '0');
    return [200, listingOf(names.slice(from, from + 1), from + 1 < names.length ? String(from + 1) : null)];
  });
  return { endpoint, asked };
}

function listingOf(names: string[], next: string | null): string {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const contents = names.map((name) => `<Contents><Key>${escaped(name)}</Key><Size>3</Size></Contents>`).join('');
  const token = next === null ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>media</Name>${contents}${token}</ListBucketResult>`;
}

/** Signature Version 4 from the side of the store: docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function isSignedRight({ headers, method, url = '' }: IncomingMessage, key: string): boolean {
  const parts = /Credential=([^/]+)\/(\d+)\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)/.exec(
    headers.authorization ?? '',
  );
  if (!parts) return false;
  const [, , day = '', region = '', signedHeaders = '', signature] = parts;
  const at = new URL(url, 'http://x');
  const query = [...at.searchParams]
    .map((pair) => pair.map((one) => encodeURIComponent(one).replace(/[!'()*]/g, hex)).join('='))
    .sort()
    .join('&');
  const canonical = [
    ...[method, at.pathname, query],
    ...signedHeaders.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    ...['', signedHeaders, headers['x-amz-content-sha256']],
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const hashed = createHash('sha256').update(canonical).digest('hex');
  const told = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hashed].join('\n');
  const hmac = (by: string | Buffer, text: string) => createHmac('sha256', by).update(text).digest();
  const signing = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${key}`);
  return createHmac('sha256', signing).update(told).digest('hex') === signature;
}

function hex(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
}

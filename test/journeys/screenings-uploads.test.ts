import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Upload } from 'tus-js-client';
import { expect, onTestFinished, test } from 'vitest';
import { openHouse } from '../house.ts';
import { begin, bytesOf, headersFor, metadata, piece, send, settled, tus } from '../screenings.ts';

const picture = 'labels-images/png-text.png';

async function house(more: { maxUploadBytes?: number } = {}) {
  const uploads = mkdtempSync(join(tmpdir(), 'clearmirror-uploads-'));
  onTestFinished(() => rmSync(uploads, { recursive: true, force: true }));
  const opened = await openHouse({ screening: { uploads, ...more } });
  return { ...opened, uploads, as: await opened.setUp() };
}

test('requests that break the protocol are refused in words, and lose nothing', async () => {
  const it = await house({ maxUploadBytes: 2_000_000 });
  const { as } = it;
  const url = await begin(it, as, 10, { name: 'ten.bin' });
  await piece(it, as, url, 0, Buffer.from('01234'));
  const post = (headers: Record<string, string>) => tus(it, as, { method: 'POST', url: '/api/v1/uploads', headers });
  const rows: [
    what: string,
    answer: Promise<{ status: number; body: { code: string } }>,
    status: number,
    code: string,
  ][] = [
    ['no version', tus(it, as, { method: 'PATCH', url, headers: { 'tus-resumable': '' } }), 412, 'tus-version'],
    ['another version', post({ 'tus-resumable': '0.2.1', 'upload-length': '1' }), 412, 'tus-version'],
    ['no length', post({}), 400, 'upload-request-invalid'],
    ['a length that is none', post({ 'upload-length': '-1' }), 400, 'upload-request-invalid'],
    ['a length to be told later', post({ 'upload-defer-length': '1' }), 501, 'upload-extension-unsupported'],
    ['too long from the start', post({ 'upload-length': '2000001' }), 413, 'too-large'],
    [
      'metadata that is no base64',
      post({ 'upload-length': '1', 'upload-metadata': 'name %%%' }),
      400,
      'upload-request-invalid',
    ],
    [
      'a batch that is no id',
      post({ 'upload-length': '1', 'upload-metadata': metadata({ batch: 'x' }) }),
      400,
      'upload-metadata-invalid',
    ],
    ['a piece from the wrong place', piece(it, as, url, 3, Buffer.from('x')), 409, 'upload-offset-differs'],
    [
      'a piece without a place',
      tus(it, as, { method: 'PATCH', url, payload: Buffer.from('x') }),
      400,
      'upload-request-invalid',
    ],
    ['a piece beyond the end', piece(it, as, url, 5, Buffer.alloc(6)), 413, 'upload-too-long'],
    [
      'a piece of another type',
      piece(it, as, url, 5, Buffer.from('x'), { 'content-type': 'text/plain' }),
      400,
      'upload-request-invalid',
    ],
    [
      'a checksum that differs',
      piece(it, as, url, 5, Buffer.from('56'), { 'upload-checksum': `sha1 ${Buffer.alloc(20).toString('base64')}` }),
      460,
      'checksum-differs',
    ],
    [
      'a checksum nobody knows',
      piece(it, as, url, 5, Buffer.from('56'), { 'upload-checksum': 'crc32 AAAA' }),
      400,
      'checksum-unsupported',
    ],
    [
      'an upload that never was',
      piece(it, as, '/api/v1/uploads/00000000-0000-4000-8000-000000000000', 0, Buffer.from('x')),
      404,
      'upload-unknown',
    ],
    ['a path', piece(it, as, '/api/v1/uploads/..%2f..%2fetc%2fpasswd', 0, Buffer.from('x')), 404, 'upload-unknown'],
  ];
  for (const [what, answer, status, code] of rows) {
    const { status: got, body } = await answer;
    expect([what, got, body?.code]).toEqual([what, status, code]);
  }
  expect((await tus(it, as, { method: 'HEAD', url })).headers).toMatchObject({
    'upload-offset': '5',
    'upload-length': '10',
    'upload-metadata': metadata({ name: 'ten.bin' }),
  });
  const sha1 = createHash('sha1').update('56789').digest('base64');
  const last = await piece(it, as, url, 5, Buffer.from('56789'), { 'upload-checksum': `sha1 ${sha1}` });
  const done = await settled(it, as, String(last.headers['clearmirror-screening']));
  expect(done.sha256).toBe(createHash('sha256').update('0123456789').digest('hex'));
  expect(readdirSync(it.uploads).filter((name) => url.endsWith(name))).toEqual([]);
  // Sent once more, it is what it was.
  expect((await piece(it, as, url, 10, Buffer.alloc(0))).headers['clearmirror-screening']).toBe(done.id);
  expect((await tus(it, as, { method: 'DELETE', url })).status).toBe(400);
  const options = await tus(it, as, { method: 'OPTIONS', url: '/api/v1/uploads' });
  expect(options.headers).toMatchObject({
    'tus-version': '1.0.0',
    'tus-max-size': '2000000',
    'tus-extension': 'creation,creation-with-upload,expiration,termination,checksum',
    'tus-checksum-algorithm': 'sha1,sha256',
  });
  expect(options.headers['access-control-allow-origin']).toBeUndefined();
});

test('one request with all bytes is bounded, announced or not', async () => {
  const it = await house({ maxUploadBytes: 1_000 });
  const announced = await send(it, it.as, Buffer.alloc(1_001));
  expect([announced.status, announced.body.code]).toEqual([413, 'too-large']);
  const address = await it.server.listen({ host: '127.0.0.1', port: 0 });
  const endless = await new Promise<string>((resolve) => {
    let heard = '';
    const socket = connect(Number(new URL(address).port), '127.0.0.1', () => {
      const head = Object.entries(headersFor(it.as)).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`POST /api/v1/screenings HTTP/1.1\r\nhost: x\r\n${head.join('')}transfer-encoding: chunked\r\n\r\n`);
      for (let count = 0; count < 5; count += 1) socket.write(`190\r\n${'x'.repeat(400)}\r\n`);
    });
    socket.on('data', (piece) => {
      heard += piece.toString();
    });
    socket.on('close', () => resolve(heard));
    socket.on('error', () => {});
  });
  expect(endless).toMatch(/^HTTP\/1.1 413 /);
  expect((await it.ask('GET', '/api/v1/screenings', { as: it.as })).body.items).toEqual([]);
});

test('an upload that is cancelled, or abandoned for a day, leaves nothing', async () => {
  const it = await house();
  const { as } = it;
  const cancelled = await begin(it, as, 10, { name: 'a' });
  await piece(it, as, cancelled, 0, Buffer.from('01'));
  expect((await tus(it, as, { method: 'DELETE', url: cancelled })).status).toBe(204);
  expect((await tus(it, as, { method: 'HEAD', url: cancelled })).status).toBe(404);
  const abandoned = await begin(it, as, 10, { name: 'b' });
  await piece(it, as, abandoned, 0, Buffer.from('01'));
  const file = join(it.uploads, abandoned.split('/').at(-1) ?? '');
  it.clock.now = new Date('2026-11-23T07:59:00Z');
  await it.screening.sweep();
  expect(await tus(it, as, { method: 'HEAD', url: abandoned })).toMatchObject({
    status: 200,
    headers: { 'upload-offset': '2', 'upload-expires': 'Mon, 23 Nov 2026 08:00:00 GMT' },
  });
  it.clock.now = new Date('2026-11-23T08:00:01Z');
  expect((await tus(it, as, { method: 'HEAD', url: abandoned })).status).toBe(410);
  expect(existsSync(file)).toBe(true);
  await it.screening.sweep();
  expect(existsSync(file)).toBe(false);
  expect((await tus(it, as, { method: 'HEAD', url: abandoned })).status).toBe(404);
});

test('the client library sends 40 MB over a connection that breaks, and gets a record', async () => {
  const it = await house();
  const { as } = it;
  const address = await it.server.listen({ host: '127.0.0.1', port: 0 });
  // A film, and behind its end much that no decoder looks at: large enough to be examined in a box of its own.
  const film = bytesOf('provenance/ai.mp4');
  const free = Buffer.alloc(40_000_000, randomBytes(1000));
  free.writeUInt32BE(free.length, 0);
  free.write('free', 4);
  const bytes = Buffer.concat([film, free]);
  let broken = 0;
  const answer = await new Promise<Record<string, string | undefined>>((resolve, reject) => {
    const upload = new Upload(bytes, {
      endpoint: `${address}/api/v1/uploads`,
      headers: headersFor(as),
      chunkSize: 8 * 1024 * 1024,
      retryDelays: [10, 10, 10],
      metadata: { filename: 'long film.mp4' },
      onProgress: () => {
        // The connection is cut in the middle of a piece, once.
        if (broken === 0) {
          broken = 1;
          it.server.server.closeAllConnections();
        }
      },
      onError: reject,
      onSuccess: ({ lastResponse }) =>
        resolve({
          screening: lastResponse.getHeader('clearmirror-screening'),
          duplicate: lastResponse.getHeader('clearmirror-duplicate'),
        }),
    });
    upload.start();
  });
  expect(broken).toBe(1);
  expect(answer['duplicate']).toBe('false');
  const done = await settled(it, as, answer['screening'] ?? '');
  expect(done).toMatchObject({
    state: 'done',
    name: 'long film.mp4',
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    record: { file: { bytes: bytes.length, format: 'mp4' } },
  });
});

test('an empty file is a file too', async () => {
  const it = await house();
  const headers = { 'upload-length': '0', 'upload-metadata': metadata({ name: 'empty.png' }) };
  const made = await tus(it, it.as, { method: 'POST', url: '/api/v1/uploads', headers });
  expect(made.status).toBe(201);
  const done = await settled(it, it.as, String(made.headers['clearmirror-screening']));
  expect(done.record.findings).toMatchObject([{ code: 'empty-file' }]);
});

test('bytes that came with the announcement count', async () => {
  const it = await house();
  const payload = bytesOf(picture);
  const headers = { 'upload-length': String(payload.length), 'content-type': 'application/offset+octet-stream' };
  const made = await tus(it, it.as, { method: 'POST', url: '/api/v1/uploads', headers, payload });
  expect([made.status, made.headers['upload-offset']]).toEqual([201, String(payload.length)]);
  const id = String(made.headers['clearmirror-screening']);
  expect(await settled(it, it.as, id)).toMatchObject({ state: 'done', name: 'unnamed' });
  const outcome = await it.ask('GET', `${String(made.headers['location'])}/outcome`, { as: it.as });
  expect(outcome.body).toMatchObject({ screening: id, duplicate: false, received: payload.length });
});

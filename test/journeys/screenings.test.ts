import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openBlobs } from '../../src/platform/blobs/blobs.ts';
import { clearmirror, recordsOf } from '../clearmirror.ts';
import { type House, newKey, openHouse, type Person } from '../house.ts';
import { begin, bytesOf, fixture, headersFor, piece, raw, send, settled } from '../screenings.ts';

const picture = 'labels-images/png-text.png';

async function jobsDone({ database }: House): Promise<void> {
  for (;;) {
    const { rows } = await sql`select from pgboss.job where state <> 'completed' and name like 'screen%'`.execute(
      database.owner,
    );
    if (rows.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** Sends a file and waits for what comes of it. */
async function screened(house: House, as: Person, name: string, query: Record<string, string> = {}) {
  const { body } = await send(house, as, bytesOf(name), { name, ...query });
  return settled(house, as, body.screening.id);
}

describe('the record of the service', () => {
  test('is the one that the command line prints for the same file, but for the name', async () => {
    const names = [
      picture,
      'labels-images/pdf-xmp.pdf',
      'labels-images/svg-text.svg',
      'provenance/ai.mp4',
      'provenance/camera.jpg',
      'provenance/broken-signature.jpg',
      'labels-av/tags.webm',
      'labels-av/comment.flac',
      'traces/dwt-dct-sd1.png',
      'traces/suno.mp3',
      'MANIFEST.md',
    ];
    const house = await openHouse();
    const as = await house.setUp();
    const run = await clearmirror(['screen', '--json', ...names.map(fixture)]);
    for (const [index, printed] of recordsOf(run).entries()) {
      const name = names[index] ?? '';
      const { record } = await screened(house, as, name);
      expect(record.file.name).toBe(name);
      expect({ ...record, file: { ...record.file, name: printed.file.name } }).toEqual(printed);
    }
    expect(house.troubles).toEqual([]);
  });

  test('is the one of --declared when the sender declares it', async () => {
    const house = await openHouse();
    const as = await house.setUp();
    const [printed] = recordsOf(await clearmirror(['screen', '--json', '--declared', fixture('traces/ordinary.mp3')]));
    const { record } = await screened(house, as, 'traces/ordinary.mp3', { declared: 'true' });
    expect({ ...record, file: { ...record.file, name: printed?.file.name } }).toEqual(printed);
    expect(record.propagation.status).toBe('possible');
  });

  test('is handed out byte for byte, also when it quotes what a database cannot hold', async () => {
    const house = await openHouse();
    const as = await house.setUp();
    const png = bytesOf(picture);
    // A text chunk whose AIGC label holds NUL and half a surrogate, in JSON's own spelling.
    const label = '{"AIGC":{"Label":"1","ContentProducer":"\\u0000 \\ud800 \u0001","ProduceID":"1"}}';
    const bytes = Buffer.concat([png.subarray(0, 33), textChunk('AIGC', label), png.subarray(33)]);
    // Inside base64 nobody on the way sees what a name holds.
    const url = await begin(house, as, bytes.length, { name: 'odd\u0000\n name.png' });
    const { headers: answered } = await piece(house, as, url, 0, bytes);
    const done = await settled(house, as, String(answered['clearmirror-screening']));
    expect(done.name).toBe('odd  name.png');
    expect(done.state).toBe('done');
    const file = await raw(house, as, { method: 'GET', url: `/api/v1/screenings/${done.id}/record.json` });
    expect(JSON.parse(file.text)).toEqual(done.record);
    expect(JSON.stringify(done.record)).toContain('\\u0000');
    expect(file.headers['content-disposition']).toMatch(/^attachment; /);
    // A write that answers something of it may be sent twice under one key.
    const headers = { 'idempotency-key': newKey() };
    const note = () =>
      house.ask('POST', `/api/v1/screenings/${done.id}/notes`, { as, body: { text: 'seen' }, headers });
    expect([(await note()).status, (await note()).status]).toEqual([201, 201]);
    expect((await settled(house, as, done.id)).notes).toHaveLength(1);
  });
});

describe.each(['embedded', 'server'] as const)('on a database that is %s', (on) => {
  test('the same bytes are recognised, in one’s own organisation only', async () => {
    const house = await openHouse({ on });
    const as = await house.setUp();
    const other = await house.addOrganisation(as, { kind: 'company', name: 'Example Glow Ltd' });
    const bytes = bytesOf(picture);
    // Both at once: one screening.
    const both = await Promise.all([
      send(house, as, bytes, { name: 'a.png' }),
      send(house, as, bytes, { name: 'b.png' }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 201]);
    const [first] = both.map(({ body }) => body.screening.id);
    expect(both.map(({ body }) => body.screening.id)).toEqual([first, first]);
    expect((await house.ask('GET', '/api/v1/screenings', { as })).body.items).toHaveLength(1);

    const again = await send(house, as, bytes, { name: 'c.png', again: 'true' });
    expect(again).toMatchObject({ status: 201, body: { duplicate: false, screening: { duplicateOf: first } } });

    const theirs = await send(house, other, bytes, { name: 'theirs.png' });
    expect(theirs).toMatchObject({ status: 201, body: { duplicate: false, screening: { duplicateOf: null } } });
    const seen = await settled(house, other, theirs.body.screening.id);
    expect(seen).toMatchObject({ state: 'done', sameBytes: [] });
    expect(JSON.stringify(seen)).not.toContain(first);

    // One deletes its media: the other still has it, since the bytes are stored once for both.
    await settled(house, as, first);
    await settled(house, as, again.body.screening.id);
    for (const id of [first, again.body.screening.id]) {
      const removed = await house.ask('DELETE', `/api/v1/screenings/${id}/media`, { as, body: { reason: 'asked to' } });
      expect(removed.status).toBe(200);
    }
    await jobsDone(house);
    const media = (person: Person, id: string) =>
      raw(house, person, { method: 'GET', url: `/api/v1/screenings/${id}/media` });
    expect((await media(as, first)).status).toBe(410);
    expect((await media(other, theirs.body.screening.id)).bytes).toEqual(bytes);
    // Sent again after that, it is examined again: there is media to look at once more.
    expect((await send(house, as, bytes)).status).toBe(201);
    expect(house.troubles).toEqual([]);
  });

  test('what nobody needs any more is gone from the disk, pictures included', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clearmirror-blobs-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const blobs = openBlobs({ folder });
    const house = await openHouse({ on, screening: { blobs } });
    const as = await house.setUp();
    const done = await screened(house, as, 'provenance/ai.mp4');
    const stored = await Array.fromAsync(blobs.list());
    expect(stored.length).toBe(1 + new Set(done.exhibits.map(({ number }: { number: number }) => number)).size);
    await house.ask('DELETE', `/api/v1/screenings/${done.id}/media`, { as, body: { reason: 'the person asked' } });
    await jobsDone(house);
    expect(await Array.fromAsync(blobs.list())).toEqual([]);
    const after = await settled(house, as, done.id);
    expect(after).toMatchObject({ state: 'done', media: null, exhibits: [], record: done.record });
    expect(after.decisions).toMatchObject([
      { kind: 'media-removed', reason: 'the person asked', by: { type: 'person' } },
    ]);
    expect((await house.ask('POST', `/api/v1/screenings/${done.id}/retry`, { as })).body.code).toBe(
      'screening-not-failed',
    );
  });

  test('people write notes and put a word above the verdict, which stays visible', async () => {
    const house = await openHouse({ on });
    const as = await house.setUp();
    const { id } = await screened(house, as, picture);
    const note = await house.ask('POST', `/api/v1/screenings/${id}/notes`, { as, body: { text: '已联系上传者。' } });
    expect(note).toMatchObject({
      status: 201,
      body: { text: '已联系上传者。', by: { type: 'person', name: 'first 1' } },
    });
    const put = (word: string) =>
      house.ask('PUT', `/api/v1/screenings/${id}/override`, { as, body: { word, reason: `it is ${word}` } });
    expect((await put('little')).body).toMatchObject({ overridden: 'little', verdict: { word: 'declared' } });
    expect((await put('certain')).status).toBe(400);
    expect((await put('some')).status).toBe(200);
    const whole = await settled(house, as, id);
    expect(whole).toMatchObject({
      noteCount: 1,
      overridden: 'some',
      override: { word: 'some', reason: 'it is some' },
      verdict: { word: 'declared' },
      record: { verdict: { word: 'declared' } },
    });
    expect(whole.decisions.map(({ kind }: { kind: string }) => kind)).toEqual(['note', 'override', 'override']);
    const report = async () => (await house.ask('GET', `/api/v1/screenings/${id}/report.html?lang=zh`, { as })).text;
    for (const part of ['人工结论', 'it is some', 'first 1', '已联系上传者。', 'v-declared']) {
      expect(await report()).toContain(part);
    }
    expect(await report()).not.toContain('it is little');
    const body = { reason: 'I was wrong' };
    expect((await house.ask('DELETE', `/api/v1/screenings/${id}/override`, { as, body })).body.overridden).toBeNull();
    expect((await house.ask('DELETE', `/api/v1/screenings/${id}/override`, { as, body })).body.code).toBe(
      'override-none',
    );
    expect(await report()).toContain('已联系上传者。');
    expect(await report()).not.toContain('人工结论');
    const events = await house.ask('GET', `/api/v1/events?subjectType=screening&subjectId=${id}`, { as });
    expect(events.body.items.map(({ kind }: { kind: string }) => kind)).toEqual([
      'screening-override-withdrawn',
      'screening-override',
      'screening-override',
      'screening-note',
      'screening-done',
      'screening-submitted',
    ]);
  });

  test('a batch says how far it is, lists its duplicates too, and goes out as a table', async () => {
    const house = await openHouse({ on });
    const as = await house.setUp();
    const batch = '0b9e6a52-3c39-4c25-9f0e-5f2c9f6a0a11';
    await screened(house, as, picture);
    const files = [picture, 'traces/ordinary.mp3', 'MANIFEST.md'];
    for (const name of files) await screened(house, as, name, { batch });
    expect((await house.ask('GET', `/api/v1/batches/${batch}`, { as })).body).toMatchObject({
      files: 3,
      states: { queued: 0, examining: 0, done: 3, failed: 0 },
      verdicts: { declared: 1, unexaminable: 0 },
    });
    const listed = await house.ask('GET', `/api/v1/screenings?batch=${batch}`, { as });
    expect(listed.body.items.map(({ name }: { name: string }) => name)).toEqual([...files].reverse());
    const danger = await send(house, as, Buffer.from('x'), { name: '=HYPERLINK("http://evil.example")', batch });
    await settled(house, as, danger.body.screening.id);
    const table = await raw(house, as, { method: 'GET', url: `/api/v1/exports/screenings.csv?batch=${batch}` });
    expect(table.headers['content-type']).toBe('text/csv; charset=utf-8');
    const lines = table.text.split('\r\n');
    expect(lines[0]).toMatch(/^\ufeff"Screening","Name","SHA-256"/);
    expect(lines).toHaveLength(6);
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
    const chinese = await raw(house, as, {
      method: 'GET',
      url: `/api/v1/exports/screenings.csv?batch=${batch}`,
      headers: { 'accept-language': 'zh-CN' },
    });
    expect(chinese.text).toContain('"检测编号","名称"');
    const wrong = await raw(house, as, { method: 'GET', url: '/api/v1/exports/screenings.csv?batch=x&kind=smell' });
    expect(wrong).toMatchObject({
      status: 400,
      body: { fields: [{ path: '/query/kind/0' }, { path: '/query/batch' }] },
    });
  });

  test('the history is found by its filters and read page by page', async () => {
    const house = await openHouse({ on });
    const as = await house.setUp();
    const engineer = await house.addMember(as, ['engineer']);
    const names = [picture, 'provenance/ai.mp4', 'traces/ordinary.mp3', 'labels-av/bare.mp3'];
    const ids: string[] = [];
    for (const [index, name] of names.entries()) {
      house.clock.now = new Date(Date.UTC(2026, 10, 22, 8, index));
      ids.push((await screened(house, index === 3 ? engineer : as, name)).id);
    }
    await house.ask('POST', `/api/v1/screenings/${ids[2]}/notes`, { as, body: { text: 'a note' } });
    const find = async (query: string) => {
      const { body } = await house.ask('GET', `/api/v1/screenings?${query}`, { as });
      return body.items.map(({ id }: { id: string }) => ids.indexOf(id));
    };
    expect(await find('')).toEqual([3, 2, 1, 0]);
    expect(await find('verdict=declared')).toEqual(expect.arrayContaining([1, 0]));
    expect(await find('kind=audio')).toEqual([3, 2]);
    expect(await find('kind=audio&kind=video')).toEqual([3, 2, 1]);
    expect(await find('text=BARE')).toEqual([3]);
    expect(await find('text=%25')).toEqual([]);
    expect(await find('noted=true')).toEqual([2]);
    expect(await find('overridden=true')).toEqual([]);
    expect(await find('from=2026-11-22T08:01:00Z&to=2026-11-22T08:03:00Z')).toEqual([2, 1]);
    expect(await find('source=upload')).toEqual([]);
    expect(await find('state=done&limit=2')).toEqual([3, 2]);
    const me = await house.ask('GET', '/api/v1/me', { as: engineer });
    expect(await find(`by=${me.body.person.id}`)).toEqual([3]);
    const first = await house.ask('GET', '/api/v1/screenings?limit=3', { as });
    expect(await find(`limit=3&after=${first.body.next}`)).toEqual([0]);
    expect((await house.ask('GET', '/api/v1/screenings?after=nonsense', { as })).body.code).toBe('cursor-unknown');
    expect((await house.ask('GET', '/api/v1/screenings?state=lost', { as })).status).toBe(400);
    const hash = (await settled(house, as, ids[1] ?? '')).sha256;
    expect(await find(`text=${hash.slice(0, 12).toUpperCase()}`)).toEqual([1]);
  });
});

describe('what is handed out', () => {
  test('media comes in ranges, under its own type only when that is a picture, film or sound', async () => {
    const house = await openHouse();
    const as = await house.setUp();
    const video = await screened(house, as, 'provenance/ai.mp4');
    const bytes = bytesOf('provenance/ai.mp4');
    const url = `/api/v1/screenings/${video.id}/media`;
    const whole = await raw(house, as, { method: 'GET', url });
    expect(whole.bytes).toEqual(bytes);
    expect(whole.headers).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': String(bytes.length),
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(String(whole.headers['content-disposition'])).toMatch(/^inline; /);
    const part = async (range: string, more = {}) =>
      raw(house, as, { method: 'GET', url, headers: { range, ...more } });
    const size = bytes.length;
    const rows: [string, number, Buffer | null, string | undefined][] = [
      ['bytes=0-9', 206, bytes.subarray(0, 10), `bytes 0-9/${size}`],
      ['bytes=100-', 206, bytes.subarray(100), `bytes 100-${size - 1}/${size}`],
      ['bytes=-10', 206, bytes.subarray(size - 10), `bytes ${size - 10}-${size - 1}/${size}`],
      [`bytes=0-${size * 2}`, 206, bytes, `bytes 0-${size - 1}/${size}`],
      [`bytes=${size}-`, 416, null, `bytes */${size}`],
      ['bytes=-0', 416, null, `bytes */${size}`],
      ['bytes=9-1', 200, bytes, undefined],
      ['bytes=0-1,5-6', 200, bytes, undefined],
      ['lines=1-2', 200, bytes, undefined],
    ];
    for (const [range, status, expected, contentRange] of rows) {
      const answer = await part(range);
      expect([range, answer.status, answer.headers['content-range']]).toEqual([range, status, contentRange]);
      if (expected) expect(answer.bytes.equals(expected)).toBe(true);
    }
    expect((await part('bytes=0-9', { 'if-range': '"another"' })).status).toBe(200);
    expect((await part('bytes=0-9', { 'if-range': `"${video.sha256}"` })).status).toBe(206);
    const head = await raw(house, as, { method: 'HEAD', url });
    expect([head.status, head.headers['content-length'], head.bytes.length]).toEqual([200, String(size), 0]);
    for (const name of ['labels-images/svg-text.svg', 'labels-images/pdf-xmp.pdf', 'labels-images/markdown-map.md']) {
      const { id, media } = await screened(house, as, name);
      const answer = await raw(house, as, { method: 'GET', url: `/api/v1/screenings/${id}/media` });
      expect(media).toEqual({ shown: false, contentType: 'application/octet-stream' });
      expect(answer.headers['content-type']).toBe('application/octet-stream');
      expect(String(answer.headers['content-disposition'])).toMatch(/^attachment; /);
    }
    // A page behind the magic number of nothing, under a name that breaks headers: a download of no type.
    const page = await send(house, as, Buffer.from('<script>alert(1)</script>'), {
      name: 'x"\r\nset-cookie: a=b.html',
    });
    await settled(house, as, page.body.screening.id);
    const answer = await raw(house, as, { method: 'GET', url: `/api/v1/screenings/${page.body.screening.id}/media` });
    expect(answer.headers['content-type']).toBe('application/octet-stream');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('pictures of a film, the drawing of its sound, and the report', async () => {
    const house = await openHouse();
    const as = await house.setUp();
    const film = await screened(house, as, 'labels-av/xmp.mp4');
    const kinds = film.exhibits.map(({ kind }: { kind: string }) => kind);
    expect(kinds).toContain('frame');
    const sound = await screened(house, as, 'traces/suno.mp3');
    expect(sound.exhibits.map(({ kind }: { kind: string }) => kind)).toEqual(['waveform', 'spectrogram']);
    const begins: Record<string, [string, string]> = {
      frame: ['image/jpeg', 'ffd8ff'],
      thumbnail: ['image/jpeg', 'ffd8ff'],
      waveform: ['image/svg+xml', Buffer.from('<svg').toString('hex')],
      spectrogram: ['image/png', '89504e47'],
    };
    for (const { id, exhibits } of [film, sound]) {
      for (const { number, kind } of exhibits) {
        const { headers, bytes, status } = await raw(house, as, {
          method: 'GET',
          url: `/api/v1/screenings/${id}/exhibits/${number}`,
        });
        const [type = '', magic = ''] = begins[kind] ?? [];
        expect([status, headers['content-type'], bytes.subarray(0, magic.length / 2).toString('hex')]).toEqual([
          200,
          type,
          magic,
        ]);
        expect(headers['content-security-policy']).toContain('sandbox');
        expect(headers['x-content-type-options']).toBe('nosniff');
      }
      expect((await raw(house, as, { method: 'GET', url: `/api/v1/screenings/${id}/exhibits/99` })).status).toBe(404);
    }
    const peaks = await house.ask('GET', `/api/v1/screenings/${sound.id}/waveform`, { as });
    expect(peaks.body.min.length).toBe(peaks.body.max.length);
    expect(peaks.body.min.length).toBeGreaterThan(10);
    for (const [lang, word] of [
      ['en', 'Clearmirror'],
      ['zh', '检测'],
    ]) {
      const report = await raw(house, as, {
        method: 'GET',
        url: `/api/v1/screenings/${film.id}/report.html?lang=${lang}`,
      });
      expect(report.text).toContain('data:image/jpeg;base64,');
      expect(report.text).toContain(word);
      expect(report.headers['content-disposition']).toMatch(/^attachment; /);
    }
  });
});

describe('an address', () => {
  test('is fetched through the guard, followed, and screened', async () => {
    const site = createServer((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/pictures/holiday%20one.png' }).end();
      else if (request.url?.startsWith('/pictures')) response.end(bytesOf(picture));
      else response.writeHead(404).end();
    });
    const port = await new Promise<number>((resolve) =>
      site.listen(0, '127.0.0.1', () => {
        const at = site.address();
        resolve(typeof at === 'object' && at ? at.port : 0);
      }),
    );
    onTestFinished(() => void site.close());
    const allow = { networks: ['127.0.0.0/8'], ports: [port] };
    const house = await openHouse({ screening: { fetching: { allow } } });
    const as = await house.setUp();
    const give = (address: string, more = {}) =>
      house.ask('POST', '/api/v1/screenings/from-address', { as, body: { address, ...more } });
    const given = await give(`http://127.0.0.1:${port}/moved`);
    expect(given).toMatchObject({
      status: 202,
      body: { state: 'queued', source: 'address', bytes: null, name: 'moved' },
    });
    const done = await settled(house, as, given.body.id);
    expect(done).toMatchObject({ state: 'done', bytes: bytesOf(picture).length, verdict: { word: 'declared' } });
    const second = await give(`http://127.0.0.1:${port}/pictures/holiday%20one.png`);
    expect(second.body.name).toBe('holiday one.png');
    expect(await settled(house, as, second.body.id)).toMatchObject({ state: 'done', duplicateOf: given.body.id });
    const missing = await give(`http://127.0.0.1:${port}/nowhere`);
    const failed = await settled(house, as, missing.body.id);
    expect(failed).toMatchObject({ state: 'failed', failure: { code: 'not-found-there' }, record: null, media: null });
    expect((await house.ask('POST', `/api/v1/screenings/${failed.id}/retry`, { as })).status).toBe(202);
    expect(await settled(house, as, failed.id)).toMatchObject({ state: 'failed', decisions: [{ kind: 'retry' }] });
  });

  test('of a name that leads outside first and inside a moment later is never followed inside', async () => {
    const outside = createServer((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/holiday.png' }).end();
      else response.end(bytesOf(picture));
    });
    const inside = createServer((_request, response) => response.end('secret'));
    let insideConnections = 0;
    inside.on('connection', () => {
      insideConnections += 1;
    });
    onTestFinished(() => void [outside, inside].map((site) => site.close()));
    outside.listen(0, '127.1.0.1');
    await once(outside, 'listening');
    const at = outside.address();
    const port = typeof at === 'object' && at ? at.port : 0;
    // The same port, so that only the address tells inside from outside.
    inside.listen(port, '127.0.0.1');
    await once(inside, 'listening');
    let leads: string[] = [];
    const resolve = async () => [leads.shift() ?? '127.0.0.1'];
    const allow = { networks: ['127.1.0.0/16'], ports: [port] };
    const house = await openHouse({ screening: { fetching: { allow, resolve } } });
    const as = await house.setUp();
    const fetched = async (path: string) => {
      const body = { address: `http://rebinding.example:${port}${path}` };
      const given = await house.ask('POST', '/api/v1/screenings/from-address', { as, body });
      return settled(house, as, given.body.id);
    };
    // Asked once for one connection: the answer that was checked is the one that is used.
    leads = ['127.1.0.1', '127.0.0.1'];
    const done = await fetched('/holiday.png');
    expect(done).toMatchObject({ state: 'done', bytes: bytesOf(picture).length });
    expect(leads).toEqual(['127.0.0.1']);
    leads = ['127.1.0.1', '127.0.0.1'];
    const moved = await fetched('/moved');
    expect(moved).toMatchObject({ state: 'failed', failure: { code: 'address-unresolvable' } });
    expect((await house.ask('POST', `/api/v1/screenings/${moved.id}/retry`, { as })).status).toBe(202);
    expect(await settled(house, as, moved.id)).toMatchObject({ failure: { code: 'address-unresolvable' } });
    expect(insideConnections).toBe(0);
  });

  test('inside our own network is refused, and the reason is seen', async () => {
    const house = await openHouse();
    const as = await house.setUp();
    const refused = async (address: string) => {
      const { status, body } = await house.ask('POST', '/api/v1/screenings/from-address', { as, body: { address } });
      return status === 202 ? (await settled(house, as, body.id)).failure.code : `${status} ${body.code}`;
    };
    expect(await refused('http://127.0.0.1/')).toBe('address-private');
    expect(await refused('http://169.254.169.254/latest/meta-data')).toBe('address-private');
    expect(await refused('http://[::1]/')).toBe('address-private');
    expect(await refused('http://93.184.216.34:8080/')).toBe('address-port');
    expect(await refused('http://me:secret@pictures.example/')).toBe('422 address-credentials');
    expect(await refused('file:///etc/passwd')).toBe('400 request-invalid');
    const listed = await house.ask('GET', '/api/v1/screenings', { as });
    expect(listed.text).not.toContain('secret');
  });
});

test('an answer that comes before the end of a file ends the connection: the rest is no next request', async () => {
  const house = await openHouse({ screening: { maxUploadBytes: 1000, workers: 0 } });
  const as = await house.setUp();
  const headers = { 'accept-language': 'zh' };
  const post = (query: string, bytes: number) =>
    raw(house, as, { method: 'POST', url: `/api/v1/screenings?${query}`, payload: Buffer.alloc(bytes, 'x'), headers });
  const unread = { connection: 'close' };
  const message = expect.stringMatching(/\p{Script=Han}/u);
  const fields = [{ path: '/query/batch', message }];
  expect(await post('batch=x', 1000)).toMatchObject({ status: 400, body: { fields }, headers: unread });
  expect(await post('', 1001)).toMatchObject({ status: 413, body: { code: 'too-large' }, headers: unread });
  const taken = await post('', 1000);
  expect(taken.status).toBe(201);
  expect(taken.headers['connection']).not.toBe('close');
});

test('an open page hears how far it is, and nobody else’s page does', async () => {
  const house = await openHouse();
  const as = await house.setUp();
  const other = await house.addOrganisation(as, { kind: 'company', name: 'Example Glow Ltd' });
  const address = await house.server.listen({ host: '127.0.0.1', port: 0 });
  const heard = { as: '', other: '' };
  const follow = async (person: Person, who: 'as' | 'other') => {
    const answer = await fetch(`${address}/api/v1/live`, { headers: headersFor(person) });
    // The stream ends when the house is closed.
    void (async () => {
      for await (const piece of Readable.fromWeb(answer.body as never)) heard[who] += Buffer.from(piece).toString();
    })().catch(() => {});
  };
  await follow(as, 'as');
  await follow(other, 'other');
  const done = await screened(house, as, 'provenance/ai.mp4');
  const events = () =>
    [...heard.as.matchAll(/event: screening\ndata: (.*)\n/g)].map(([, data]) => JSON.parse(data ?? ''));
  while (!events().some(({ data }) => data.state === 'done')) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(events().every(({ id }) => id === done.id)).toBe(true);
  expect(events().map(({ data }) => data.state)).toEqual(expect.arrayContaining(['queued', 'examining', 'done']));
  expect(heard.other).not.toContain(done.id);
});

function textChunk(keyword: string, text: string): Buffer {
  const data = Buffer.concat([Buffer.from(`iTXt${keyword}\0\0\0\0\0`), Buffer.from(text)]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length - 4);
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(data));
  return Buffer.concat([head, data, crc]);
}

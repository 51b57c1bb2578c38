import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newFolder } from '../new-folder.ts';
import { metadata } from '../screenings.ts';
import { enterFirst, type Served, startServing } from '../served.ts';
import { testPostgres } from '../shared-postgres.ts';

/** The server in a process of its own is killed: what it had acknowledged is there when it is back, once. */

const words = ['--no-pages', '--workers', '1'];

/** The headers of a person who is signed in. */
async function setUp(folder: string, serving = words): Promise<{ cookie: string }> {
  const served = await startServing(folder, serving);
  const headers = await enterFirst(served);
  expect(await served.stop()).toBe(0);
  return headers;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came back
async function get(served: Served, path: string, headers: Record<string, string>): Promise<any> {
  return JSON.parse(await (await fetch(`${served.address}${path}`, { headers })).text());
}

async function settled(served: Served, id: string, headers: Record<string, string>) {
  for (;;) {
    const screening = await get(served, `/api/v1/screenings/${id}`, headers);
    if (screening.state === 'done' || screening.state === 'failed') return screening;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Long enough to be caught at work: noise that was made here, with picture and sound. */
function makeFilm(folder: string, seconds: number): Buffer {
  const file = join(folder, 'film.mp4');
  const noise = ['-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=25', '-f', 'lavfi', '-i', 'anoisesrc=r=16000'];
  const shape = ['-t', String(seconds), '-c:v', 'mpeg4', '-q:v', '10', '-g', '5', '-c:a', 'aac', '-shortest'];
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...noise, ...shape, file]);
  return readFileSync(file);
}

test('killed in the middle of an upload, it has every acknowledged byte, and the upload goes on', async () => {
  const folder = newFolder();
  const headers = await setUp(folder);
  const bytes = Buffer.alloc(6_000_000, 'quiet mirror of bronze ');
  const tus = { ...headers, 'tus-resumable': '1.0.0' };
  let served = await startServing(folder, words);
  const begun = await fetch(`${served.address}/api/v1/uploads`, {
    method: 'POST',
    headers: { ...tus, 'upload-length': String(bytes.length), 'upload-metadata': metadata({ name: 'notes.txt' }) },
  });
  const path = begun.headers.get('location') ?? '';
  let acknowledged = 0;
  let id: string | null = null;
  let kills = 0;
  while (id === null) {
    const head = await fetch(`${served.address}${path}`, { method: 'HEAD', headers: tus });
    expect(head.status).toBe(200);
    const offset = Number(head.headers.get('upload-offset'));
    expect(offset).toBeGreaterThanOrEqual(acknowledged);
    id = head.headers.get('clearmirror-screening');
    if (id !== null) break;
    const end = Math.min(bytes.length, offset + 1_000_000);
    const patch = fetch(`${served.address}${path}`, {
      method: 'PATCH',
      headers: { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
      body: new Uint8Array(bytes.subarray(offset, end)),
    }).then(
      (answer) => {
        acknowledged = Number(answer.headers.get('upload-offset'));
        id = answer.headers.get('clearmirror-screening');
      },
      () => {},
    );
    // Once before, once during, once after the answer, and again while the last piece is being taken in.
    if (kills < 6) await new Promise((resolve) => setTimeout(resolve, [0, 3, 8, 15, 30, 60][kills]));
    else await patch;
    if (kills < 6) {
      kills += 1;
      await served.kill();
      await patch;
      served = await startServing(folder, words);
    }
  }
  const done = await settled(served, id, headers);
  expect(done).toMatchObject({ state: 'done', sha256: createHash('sha256').update(bytes).digest('hex') });
  expect((await get(served, '/api/v1/screenings', headers)).items).toHaveLength(1);
  expect(readdirSync(join(folder, 'uploads'))).toEqual([]);
  expect(await served.stop()).toBe(0);
}, 900_000);

test('killed after the last byte and before the answer, the upload is finished at the next start', async () => {
  const folder = newFolder();
  const headers = await setUp(folder);
  const tus = { ...headers, 'tus-resumable': '1.0.0' };
  const bytes = Buffer.alloc(1000, 'x');
  let served = await startServing(folder, words);
  const begun = await fetch(`${served.address}/api/v1/uploads`, {
    method: 'POST',
    headers: { ...tus, 'upload-length': '1000', 'upload-metadata': metadata({ name: 'late.bin' }) },
  });
  const id = begun.headers.get('location')?.split('/').at(-1) ?? '';
  await served.kill();
  // What the disk holds when the process dies right after its last write.
  writeFileSync(join(folder, 'uploads', id), bytes);
  served = await startServing(folder, words);
  for (;;) {
    const { items } = await get(served, '/api/v1/screenings', headers);
    if (items.length > 0) {
      expect(items).toHaveLength(1);
      expect(await settled(served, items[0].id, headers)).toMatchObject({
        state: 'done',
        name: 'late.bin',
        bytes: 1000,
      });
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const outcome = await get(served, `/api/v1/uploads/${id}/outcome`, headers);
  expect(outcome).toMatchObject({ received: 1000, duplicate: false });
  expect(await served.stop()).toBe(0);
}, 900_000);

test('killed in the middle of an examination, it examines again, and there is one result', async () => {
  const folder = newFolder();
  const headers = await setUp(folder);
  const film = makeFilm(folder, 20);
  let served = await startServing(folder, words);
  const sent = await fetch(`${served.address}/api/v1/screenings?name=film.mp4`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(film),
  });
  expect(sent.status).toBe(201);
  const { screening }: { screening: { id: string } } = JSON.parse(await sent.text());
  const caught: string[] = [];
  for (let kills = 0; kills < 3; kills += 1) {
    for (;;) {
      const { state, progress } = await get(served, `/api/v1/screenings/${screening.id}`, headers);
      if (state === 'done') break;
      if (state === 'examining' && progress) {
        caught.push(progress.stage);
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await served.kill();
    served = await startServing(folder, words);
  }
  // At least the first kill has to have come amid the work, or this shows nothing.
  expect(caught.length).toBeGreaterThan(0);
  const done = await settled(served, screening.id, headers);
  expect(done).toMatchObject({
    state: 'done',
    verdict: { word: 'not-applicable' },
    record: { file: { format: 'mp4' } },
  });
  expect(done.record.findings.map(({ code }: { code: string }) => code)).not.toContain('unexaminable');
  const events = await get(served, `/api/v1/events?subjectType=screening&subjectId=${screening.id}`, headers);
  const kinds = events.items.map(({ kind }: { kind: string }) => kind);
  expect(kinds).toEqual(['screening-done', 'screening-submitted']);
  expect(await served.stop()).toBe(0);
}, 900_000);

/** `clearmirror work` in a process of its own, once it takes jobs. */
async function startWorking(folder: string, databaseUrl: string) {
  const words = ['work', '--folder', folder, '--workers', '1'];
  const child = spawn(process.execPath, ['src/main.ts', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CLEARMIRROR_LANG: 'en', CLEARMIRROR_DATABASE_URL: databaseUrl },
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-20_000);
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then((code) => Promise.reject(new Error(`work ended with ${code}: ${errors}`))),
  ]);
  const end = (signal: 'SIGKILL' | 'SIGTERM') => {
    child.kill(signal);
    return ended;
  };
  onTestFinished(() => void end('SIGKILL'));
  return end;
}

test('a worker of its own is killed amid its work: another one finishes all of it, and there is one result each', async () => {
  const folder = newFolder();
  const databaseUrl = await (await testPostgres()).createDatabase();
  const elsewhere = ['--no-pages', '--workers', '0', '--database-url', databaseUrl];
  const headers = await setUp(folder, elsewhere);
  const served = await startServing(folder, elsewhere);
  const film = makeFilm(folder, 12);
  const ids = await Promise.all(
    ['one', 'two', 'three'].map(async (name) => {
      const sent = await fetch(`${served.address}/api/v1/screenings?name=${name}.mp4`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/octet-stream' },
        // Bytes of their own, or they would be one screening.
        body: new Uint8Array(Buffer.concat([film, Buffer.from(name)])),
      });
      expect(sent.status).toBe(201);
      const { screening }: { screening: { id: string } } = JSON.parse(await sent.text());
      return screening.id;
    }),
  );
  const stateOf = async (id: string) => (await get(served, `/api/v1/screenings/${id}`, headers)).state;
  // The server does none of it itself.
  expect(await Promise.all(ids.map(stateOf))).toEqual(['queued', 'queued', 'queued']);
  const endFirst = await startWorking(folder, databaseUrl);
  let caught: string | undefined;
  while (caught === undefined) {
    const all = await Promise.all(ids.map((id) => get(served, `/api/v1/screenings/${id}`, headers)));
    expect(all.every(({ state }) => state === 'done')).toBe(false);
    caught = all.find(({ state, progress }) => state === 'examining' && progress)?.id;
  }
  await endFirst('SIGKILL');
  expect(await stateOf(caught)).toBe('examining');
  const endSecond = await startWorking(folder, databaseUrl);
  for (const id of ids) {
    const done = await settled(served, id, headers);
    expect(done).toMatchObject({ state: 'done', record: { file: { format: 'mp4' } } });
    expect(done.record.findings.map(({ code }: { code: string }) => code)).not.toContain('unexaminable');
    const events = await get(served, `/api/v1/events?subjectType=screening&subjectId=${id}`, headers);
    expect(events.items.map(({ kind }: { kind: string }) => kind)).toEqual(['screening-done', 'screening-submitted']);
  }
  expect(await endSecond('SIGTERM')).toBe(0);
  expect(await served.stop()).toBe(0);
}, 900_000);

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { metadata } from '../screenings.ts';
import { type Served, startServing } from '../served.ts';

/** The server in a process of its own is killed: what it had acknowledged is there when it is back, once. */

const words = ['--no-pages', '--workers', '1'];
const person = { name: 'An Li', email: 'an@shimmer.example', password: 'quiet mirror of bronze' };

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'clearmirror-killed-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function setUp(folder: string): Promise<{ authorization: string }> {
  const served = await startServing(folder, words);
  const post = (path: string, body: unknown, headers = {}) =>
    fetch(`${served.address}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const organisation = { kind: 'company', name: 'Example Shimmer Ltd' };
  const entered = await post('/api/v1/setup', { secret: served.link?.split('#')[1], person, organisation });
  const cookie = entered.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const made = await post('/api/v1/api-keys', { name: 'sender', roles: ['administrator'] }, { cookie });
  const { key }: { key: string } = JSON.parse(await made.text());
  expect(await served.stop()).toBe(0);
  return { authorization: `Bearer ${key}` };
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
  const film = makeFilm(folder, 40);
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

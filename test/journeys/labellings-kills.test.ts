import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { producer } from '../labellings.ts';
import { newFolder } from '../new-folder.ts';
import { metadata } from '../screenings.ts';
import { enterFirst, type Served, startServing } from '../served.ts';

const words = ['--no-pages', '--workers', '1'];

// biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came back
async function get(served: Served, path: string, headers: Record<string, string>): Promise<any> {
  return JSON.parse(await (await fetch(`${served.address}${path}`, { headers })).text());
}

/** Noise cannot be packed: large enough to be caught at work. */
async function largePicture(): Promise<Buffer> {
  const side = 3_600;
  const raw = { width: side, height: side, channels: 3 } as const;
  return sharp(randomBytes(side * side * 3), { raw })
    .png({ compressionLevel: 0 })
    .toBuffer();
}

test('killed in the middle of a labelling, it labels again, and there is one result', async () => {
  const folder = newFolder();
  let served = await startServing(folder, words);
  const headers = await enterFirst(served);
  const bytes = await largePicture();
  const sent = await fetch(`${served.address}/api/v1/uploads`, {
    method: 'POST',
    headers: {
      ...{ ...headers, 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream' },
      ...{ 'upload-length': String(bytes.length), 'upload-metadata': metadata({ name: 'noise.png', for: 'label' }) },
    },
    body: new Uint8Array(bytes),
  });
  expect([sent.status, sent.headers.get('clearmirror-kept')]).toEqual([201, expect.stringMatching(/^[0-9a-f]{64}$/)]);
  const asked = await fetch(`${served.address}/api/v1/labellings`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({
      file: { from: 'upload', id: sent.headers.get('location')?.split('/').at(-1) },
      plan: { implicit: { mode: 'write', contentProducer: producer } },
    }),
  });
  const { id }: { id: string } = JSON.parse(await asked.text());
  expect(asked.status).toBe(202);
  let caught = 0;
  for (let kills = 0; kills < 2; kills += 1) {
    for (;;) {
      const { state } = await get(served, `/api/v1/labellings/${id}`, headers);
      if (state === 'working') caught += 1;
      if (state !== 'queued') break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await served.kill();
    served = await startServing(folder, words);
  }
  // At least the first kill has to have come amid the work, or this shows nothing.
  expect(caught).toBeGreaterThan(0);
  let done = await get(served, `/api/v1/labellings/${id}`, headers);
  while (done.state === 'queued' || done.state === 'working') {
    await new Promise((resolve) => setTimeout(resolve, 50));
    done = await get(served, `/api/v1/labellings/${id}`, headers);
  }
  expect(done).toMatchObject({ state: 'done', record: { steps: [{ fields: { ProduceID: id } }, {}] } });
  const file = await fetch(`${served.address}/api/v1/labellings/${id}/file`, { headers });
  expect((await file.arrayBuffer()).byteLength).toBe(done.labelled.bytes);
  const events = await get(served, `/api/v1/events?subjectType=labelling&subjectId=${id}`, headers);
  expect(events.items.map(({ kind }: { kind: string }) => kind)).toEqual(['labelling-done', 'labelling-submitted']);
  expect(readdirSync(join(folder, 'labelling'))).toEqual([]);
  expect(await served.stop()).toBe(0);
}, 900_000);

import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../../../../test/new-folder.ts';
import type { Client } from './client.ts';
import { openRecorder, openRecording, type RecordingHead } from './recording.ts';

const head: RecordingHead = {
  run: '20ef2e24-3905-48b4-91f5-bc1edd177931',
  startedAt: '2026-11-22T08:00:00.000Z',
  service: 'small',
  hosts: ['https://shimmer.example'],
  ...{ samples: 5, only: null, search: null },
};
const ask = {
  ...{ method: 'GET', url: new URL('https://shimmer.example/a'), headers: {}, body: null, maxBytes: 1_000 },
};
const client: Client = {
  asked: () => 0,
  ask: async ({ url }) => ({ status: 200, url: url.href, type: 'text/plain', bytes: Buffer.from('said'), ms: 1 }),
};

test('a run that goes on keeps every line, and takes away only what a kill cut off', async () => {
  const folder = newFolder();
  const first = openRecorder(folder, head, { begun: false });
  await first.over(client, (text) => text).ask(ask);
  first.close();
  const path = join(folder, 'recording.ndjson');
  const whole = readFileSync(path, 'utf8');
  const file = statSync(path).ino;
  appendFileSync(path, '{"key":"GET https://shimmer.ex');
  openRecorder(folder, head, { begun: true }).close();
  expect([readFileSync(path, 'utf8'), statSync(path).ino]).toEqual([whole, file]);
  expect((await openRecording(folder).client.ask(ask)).bytes.toString()).toBe('said');
});

test('a run that was begun without a recording is not recorded from the middle', () => {
  const folder = newFolder();
  expect(() => openRecorder(folder, head, { begun: true })).toThrow(expect.objectContaining({ code: 'partial' }));
});

test.each(['{}', 'not JSON', '{"recording":"clearmirror.recording/1"}'])('%s is no recording to go on with', (line) => {
  const folder = newFolder();
  mkdirSync(join(folder, 'bodies'));
  writeFileSync(join(folder, 'recording.ndjson'), `${line}\n`);
  for (const open of [() => openRecorder(folder, head, { begun: true }), () => openRecording(folder)])
    expect(open).toThrow(expect.objectContaining({ code: 'broken' }));
});

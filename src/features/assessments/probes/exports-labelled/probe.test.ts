import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../../../../../test/new-folder.ts';
import { type PublishedPlace, type Target, targetSchema } from '../../../../contract/target.ts';
import { checkTarget } from '../../../../engine/assessments/check-target.ts';
import { openBench } from '../../bench.ts';
import { type JournalLine, journalOf } from '../../journal.ts';
import type { Sample } from '../../samples/sample.ts';
import type { Answer } from '../../target/client.ts';
import { TargetFailure } from '../../target/failure.ts';
import { listPublished } from '../../target/published.ts';
import type { Service } from '../../target/service.ts';
import { exportsLabelled } from './probe.ts';

/* The probe over a service that answers as each test wants it; of media that the box would look at only the first word is read. */

const now = () => new Date('2026-11-22T08:00:00Z');
const head = { run: '20ef2e24-3905-48b4-91f5-bc1edd177931', startedAt: now().toISOString() };

function targetWith(more: object): Target {
  return targetSchema.parse({ hosts: ['https://shimmer.example'], ...more });
}

function openProbe(target: Target, own: Partial<Service>, samples: Sample[] = []) {
  const journal = journalOf(head, [], async () => {});
  const unasked = () => Promise.reject(new Error('nobody asks for that here'));
  const { bench, trials } = openBench({
    probe: exportsLabelled,
    samples,
    journal,
    ...{ now, signal: new AbortController().signal, onStep: () => {} },
    service: { target, ask: unasked, askJson: unasked, get: unasked, list: unasked, show: unasked, ...own },
    look: async (bytes) =>
      bytes.toString().startsWith('media')
        ? { state: 'unexaminable', reason: 'time' }
        : { state: 'unexaminable', reason: 'format' },
  });
  return { journal, trials, run: () => exportsLabelled.run(bench) };
}

function openFolder(files: Record<string, string>, most = 3) {
  const folder = newFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const target = targetWith({ published: [{ name: 'wall', folder, most }] });
  const list = (place: PublishedPlace) =>
    listPublished(place, { get: () => Promise.reject(), secret: () => undefined, seed: 'run' });
  return openProbe(target, { list });
}

test('a place where nothing can be examined is unclear, and says so', async () => {
  const { run, trials } = openFolder({ 'a.json': '{}', 'b.m3u8': '#', '.git/objects/1': 'media' });
  await run();
  expect(trials().map(({ outcome, code, params }) => [outcome, code, params])).toEqual([
    ['unclear', 'published-nothing-known', { count: 2 }],
  ]);
});

test('notes beside the media use none of them up', async () => {
  const notes = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`${n}.json`, '{}']));
  const { run, trials } = openFolder({ ...notes, 'one.mp4': 'media', 'two.mp4': 'media' }, 2);
  await run();
  expect(trials().map(({ code }) => code)).toEqual(['unexaminable', 'unexaminable']);
});

test('two files whose names look the same are two', async () => {
  const { run, trials } = openFolder({ 'a\x01.png': 'media', 'a\x02.png': 'media' });
  await run();
  expect(trials().length).toBe(2);
});

test('what is called the same is refused, as it could not be told apart', () => {
  const place = { name: 'wall', folder: 'somewhere' };
  expect(checkTarget(targetWith({ published: [place, place] }))).toEqual([
    { code: 'name-twice', path: ['published', '1', 'name'], params: { text: 'wall' } },
  ]);
});

const stream = {
  status: 200,
  url: 'https://shimmer.example/live',
  type: 'audio/wav',
  bytes: Buffer.from('media'),
  ms: 1,
};
const room = {
  name: 'voice-room',
  request: { method: 'POST', path: '/rooms', form: { file: '{{sample}}' } },
  room: '$.room',
  stream: '$.stream',
  leave: { method: 'DELETE', path: '/rooms/{{item}}' },
};

function openRoom(leaves: () => Promise<Answer>) {
  const path = join(newFolder(), 'voice.wav');
  writeFileSync(path, 'sound');
  const sample: Sample = {
    ...{ id: 'voice-0', treatment: 'genuine', kind: 'audio', format: 'wav', path, bytes: 5, sha256: 'ab'.repeat(32) },
    ...{ produceId: null, manifest: null },
  };
  const opened = { ...stream, bytes: Buffer.from(JSON.stringify({ room: 'r1', stream: stream.url })) };
  return openProbe(
    targetWith({ rooms: [room] }),
    {
      ask: async ({ method }) => (method === 'DELETE' ? leaves() : opened),
      get: async () => stream,
    },
    [sample],
  );
}

test.each([
  ['a slow answer', () => Promise.reject(new TargetFailure('too-slow', { seconds: 2 }))],
  ['an error of the service', async () => ({ ...stream, status: 500 })],
])('%s to leaving a room changes nothing of what was heard, and the room is told as left behind', async (_, leaves) => {
  const { run, trials, journal } = openRoom(leaves);
  await run();
  expect(trials().map(({ subject, code }) => [subject, code])).toEqual([['voice-room/audio/explicit', 'unexaminable']]);
  expect(journal.remaining()).toEqual(['voice-room: r1']);
});

test('a room that was left is not left behind', async () => {
  const { run, journal } = openRoom(async () => ({ ...stream, status: 204 }));
  await run();
  expect([journal.joined(), journal.remaining()]).toEqual([[], []]);
});

test('a room in which a run was killed, and a publication without an answer, are known afterwards', () => {
  const lines: JournalLine[] = [
    { line: 'publishing', sample: 'labelled-1' },
    { line: 'joined', room: 'voice-room', item: 'r1' },
    { line: 'joined', room: 'voice-room', item: 'r2' },
    { line: 'left', room: 'voice-room', item: 'r2' },
  ];
  expect(journalOf(head, lines, async () => {}).remaining()).toEqual(['voice-room: r1', 'labelled-1: ?']);
});

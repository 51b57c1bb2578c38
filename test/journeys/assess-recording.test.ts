import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPlatform } from '../../demo/platform/platform.ts';
import { type AssessmentRecord, assessmentRecordSchema } from '../../src/contract/assessment.ts';
import { clearmirror, root } from '../clearmirror.ts';
import { newFolder } from '../new-folder.ts';

/* A run is recorded against the sample platform; the platform goes away; the recording is assessed as if it were still there. */

const folder = mkdtempSync(join(tmpdir(), 'clearmirror-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const recording = join(folder, 'recording');
const file = join(folder, 'shimmer/clearmirror.yaml');
const words = ['assess', file, '--function', 'face-swap', '--rulebook', 'cn-2018', 'cn-2025-labelling'];
const only = ['labels-survive', 'public-sign', 'exports-labelled', 'complaints', 'logs', 'identity', 'malformed'];
const run = (out: string, ...more: string[]) => clearmirror([...words, '--out', join(folder, out), ...more]);
const recordOf = (out: string): AssessmentRecord =>
  assessmentRecordSchema.parse(JSON.parse(readFileSync(join(folder, out, 'assessment.json'), 'utf8')));

beforeAll(async () => {
  const platform = await openPlatform({
    port: 0,
    gaps: ['page-sign-unseen', 'transcode-drops-labels', 'complaints-slow'],
  });
  cpSync(join(root, 'demo/shimmer'), join(folder, 'shimmer'), { recursive: true });
  writeFileSync(file, readFileSync(file, 'utf8').replace('http://127.0.0.1:7411', platform.url));
  try {
    const recorded = await run('live', '--samples', '12', '--only', ...only, '--record', recording);
    expect([recorded.code, recorded.err]).toEqual([10, '']);
  } finally {
    await platform.close();
  }
}, 240_000);

/** What it found, without when. */
const findings = ({ hazards, requirements, probes }: AssessmentRecord) => ({
  hazards: hazards.map(({ id, lost, tried }) => [id, lost, tried]),
  requirements: requirements.map(({ id, result }) => [id, result]),
  probes: probes.map(({ probe, state, rates }) => [probe, state, rates]),
});

test('without the service, and with other flags, it finds the same; nobody is asked and nothing is written to be signed', async () => {
  // Probes and search are those of the recording, also where it made none.
  const replayed = await run('replayed', '--replay', recording, '--search', '3', '--only', 'logs');
  expect([replayed.code, replayed.err]).toEqual([10, expect.stringContaining('nobody was asked')]);
  const [live, again] = [recordOf('live'), recordOf('replayed')];
  expect(findings(again)).toEqual(findings(live));
  expect(live.hazards.length).toBeGreaterThan(3);
  expect(again.search).toEqual(live.search);
  expect([again.run, again.leftBehind]).toEqual([live.run, []]);
  expect(readFileSync(join(folder, 'replayed/requests.ndjson'), 'utf8')).toBe('');
  expect(readdirSync(join(folder, 'replayed')).filter((name) => /pdf|docx|oscal/i.test(name))).toEqual([]);
});

test('a probe that nobody recorded passes nothing', async () => {
  const head = readFileSync(join(recording, 'recording.ndjson'), 'utf8').split('\n')[0] ?? '';
  const other = join(folder, 'head-only');
  cpSync(recording, other, { recursive: true });
  writeFileSync(join(other, 'recording.ndjson'), `${head}\n`);
  const replayed = await run('empty', '--replay', other);
  expect(replayed.code).toBe(0);
  const { probes, hazards, requirements } = recordOf('empty');
  expect(hazards).toEqual([]);
  expect(probes.map(({ state }) => state)).toEqual(probes.map(() => 'not-run'));
  expect(requirements.filter(({ result }) => result === 'conforms' || result === 'fails')).toEqual([]);
  expect(replayed.out).toContain('nobody recorded an answer');
});

test('a body that was changed since is not believed', async () => {
  const other = join(folder, 'changed');
  cpSync(recording, other, { recursive: true });
  for (const name of readdirSync(join(other, 'bodies'))) writeFileSync(join(other, 'bodies', name), 'something else');
  const replayed = await run('from-changed', '--replay', other);
  expect([replayed.code, replayed.err]).toEqual([5, expect.stringContaining('is not whole')]);
});

test('no key of ours lies in a recording', () => {
  const lines = readFileSync(join(recording, 'recording.ndjson'), 'utf8');
  expect(lines).not.toMatch(/sample-(verified|unverified|staff)/);
  expect(lines.split('\n').length).toBeGreaterThan(50);
  const bodies = readdirSync(join(recording, 'bodies')).map((name) =>
    readFileSync(join(recording, 'bodies', name), 'latin1'),
  );
  expect(bodies.filter((text) => /sample-(verified|unverified|staff)/.test(text))).toEqual([]);
});

test('a key too short to be told from words is not recorded', async () => {
  const own = newFolder();
  cpSync(join(folder, 'shimmer'), own, { recursive: true });
  writeFileSync(join(own, 'tokens/staff'), 'staff');
  const short = words.map((word) => (word === file ? join(own, 'clearmirror.yaml') : word));
  const refused = await clearmirror([...short, '--out', join(own, 'out'), '--record', join(own, 'recording')]);
  expect([refused.code, refused.err]).toEqual([5, expect.stringContaining('staff is shorter than 8')]);
});

test('what is no recording, or another one, is refused in words, and both at once too', async () => {
  const none = await run('none', '--replay', newFolder());
  expect([none.code, none.err]).toEqual([5, expect.stringContaining('There is no recording')]);
  const taken = await run('taken', '--record', recording);
  expect([taken.code, taken.err]).toEqual([5, expect.stringContaining('holds the recording of another run')]);
  const both = await run('both', '--record', recording, '--replay', recording);
  expect(both.code).toBe(2);
});

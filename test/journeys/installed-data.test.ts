import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { clearmirror, recordsOf } from '../clearmirror.ts';

/** What a person installs changes what is said, and the record names it. */
const home = mkdtempSync(join(tmpdir(), 'clearmirror-installed-'));
const env = { CLEARMIRROR_HOME: home };
afterAll(() => rmSync(home, { recursive: true, force: true }));

const camera = 'test/fixtures/provenance/camera.jpg';
const stranger = 'test/fixtures/provenance/stranger.jpg';
const sound = 'test/fixtures/labels-av/long.wav';

test('a signer becomes trusted when its list is installed, and a stranger stays one', async () => {
  const before = await clearmirror(['screen', camera], { env });
  expect(before.out).toContain('valid, signer not on any installed list');
  const added = await clearmirror(['trust', 'add', 'test/fixtures/provenance/test-root.pem', '--id', 'test-root'], {
    env,
  });
  expect([added.code, added.err]).toEqual([0, '']);

  const [trusted, other] = recordsOf(await clearmirror(['screen', camera, stranger, '--json'], { env }));
  expect(trusted).toMatchObject({
    verdict: { word: 'little', code: 'little-captured' },
    versions: { trustLists: [{ id: 'test-root' }] },
  });
  expect(other).toMatchObject({ signals: [{ code: 'c2pa-unlisted-ai-generated' }] });

  await clearmirror(['trust', 'remove', 'test-root'], { env });
  const [again] = recordsOf(await clearmirror(['screen', camera, '--json'], { env }));
  expect(again).toMatchObject({ verdict: { word: 'not-applicable' }, versions: { trustLists: [] } });
});

test('a list that does not hold is refused with a reason and exit code 5', async () => {
  const run = await clearmirror(['trust', 'add', 'test/fixtures/provenance/camera.jpg', '--id', 'camera'], { env });
  expect(run.code).toBe(5);
  expect(run.err).toMatch(/^clearmirror: .+\n {2}→ .+/);
  expect((await clearmirror(['trust', 'list', '--json'], { env })).out).not.toContain('camera');
});

test('a detector with a card speaks from the next file on, inside the box, with its own error rates', async () => {
  const [before] = recordsOf(await clearmirror(['screen', sound, '--json'], { env }));
  expect(before?.findings.map(({ code }) => code)).toContain('no-detector');
  const added = await clearmirror(['models', 'add', 'test/fixtures/models/toy-loudness'], { env });
  expect([added.code, added.err]).toEqual([0, '']);

  const [record] = recordsOf(await clearmirror(['screen', 'test/fixtures/traces/suno.mp3', '--json'], { env }));
  expect(record?.versions.models).toMatchObject([{ id: 'toy-loudness', version: '1.0.0' }]);
  expect(record?.signals.map(({ method }) => method)).toContain('forensic.toy-loudness');
});

test('a detector without a card, or one that lies about its file, is refused and nothing changes', async () => {
  const before = (await clearmirror(['models', 'list', '--json'], { env })).out;
  for (const model of ['bad-external', 'bad-operator', 'bad-two-inputs', 'bad-double']) {
    const run = await clearmirror(['models', 'add', `test/fixtures/models/${model}`], { env });
    expect([model, run.code, run.err.includes('    at ')]).toEqual([model, 5, false]);
  }
  const bare = join(home, 'bare.onnx');
  cpSync('test/fixtures/models/toy-redness/model.onnx', bare);
  const without = await clearmirror(['models', 'add', bare], { env });
  expect([without.code, without.err]).toEqual([5, expect.stringContaining('card')]);
  expect((await clearmirror(['models', 'list', '--json'], { env })).out).toBe(before);
});

test('a detector that gives nonsense for a file is named, and the rest of the answer stands', async () => {
  for (const model of ['toy-loudness', 'bad-nan'])
    await clearmirror(['models', 'add', `test/fixtures/models/${model}`], { env });
  const noise = join(home, 'noise.wav');
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'aevalsrc=0.95*sin(2*PI*300*t):d=4',
    '-metadata',
    'comment=kept',
    noise,
  ]);
  const [record] = recordsOf(await clearmirror(['screen', noise, '--json'], { env }));
  expect(record?.findings.map(({ code }) => code)).toContain('detector-failed');
  expect(record?.signals.map(({ method }) => method)).toEqual(['forensic.toy-loudness']);
});

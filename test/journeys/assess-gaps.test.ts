import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPlatform, type PlatformOptions } from '../../demo/platform/platform.ts';
import { openLabelling } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import type { AssessmentRecord, ProbeId } from '../../src/contract/assessment.ts';
import type { Target } from '../../src/contract/target.ts';
import { sayTrial } from '../../src/contract/trial-words.ts';
import { say } from '../../src/contract/words.ts';
import { factsOfDocument } from '../../src/engine/register/facts-of-document.ts';
import { readRegisterDocument } from '../../src/engine/register/read-document.ts';
import { assess, openJournal, readSecrets } from '../../src/features/assessments/assessments.ts';
import { requirementsOf } from '../../src/features/rulebooks/rulebooks.ts';
import { limitsFor } from '../../src/features/screening/limits.ts';
import { root } from '../clearmirror.ts';
import { newFolder } from '../new-folder.ts';

type Gap = NonNullable<PlatformOptions['gaps']>[number];

/*
 * The sample platform with each of its gaps, one by one: the assessment finds that gap, and nothing else.
 * A few samples of three formats are enough here; `clearmirror assess` publishes two hundred.
 */

const file = join(root, 'demo/shimmer/clearmirror.yaml');
const { document } = readRegisterDocument(readFileSync(file, 'utf8'), 'en');
const service = document?.services?.find(({ target }) => target !== undefined);
const faceSwap = service?.functions?.find(({ slug }) => slug === 'face-swap') ?? null;

const data = mkdtempSync(join(tmpdir(), 'clearmirror-assess-test-'));
let labelling: Awaited<ReturnType<typeof openLabelling>>;
beforeAll(async () => {
  const config = readConfig({ CLEARMIRROR_HOME: data });
  labelling = await openLabelling({ config, root, jobs: 2 });
});
afterAll(() => {
  labelling.workshop.close();
  rmSync(data, { recursive: true, force: true });
});

type Formats = NonNullable<Target['publish']>['formats'];
const all: Formats = ['jpeg', 'png', 'mp4'];
/** For what is the same whatever is published: films take their time. */
const pictures: Formats = ['jpeg', 'png'];

async function assessPlatform(gaps: Gap[], only: ProbeId[], formats = all): Promise<AssessmentRecord> {
  if (!service?.target || !document) throw new Error('the demo names no target');
  const platform = await openPlatform({ port: 0, gaps });
  const folder = newFolder();
  const target: Target = {
    ...service.target,
    hosts: [platform.url],
    ...(service.target.publish && { publish: { ...service.target.publish, formats } }),
  };
  // Samples are drawn from the run's number: a test is given the same ones every time.
  const begin = { run: '20ef2e24-3905-48b4-91f5-bc1edd177931', startedAt: new Date().toISOString(), of: 'test' };
  const journal = openJournal(join(folder, 'run.ndjson'), begin);
  if (!journal) throw new Error('the journal is new');
  const facts = factsOfDocument(service, faceSwap);
  const ids = ['cn-2018', 'cn-2025-labelling'];
  try {
    return await assess(
      {
        service: { slug: service.slug, name: service.name },
        function: null,
        target,
        secrets: readSecrets(target, { variables: {}, document: file, lang: 'en' }),
        rulebooks: requirementsOf(join(root, 'rulebooks'), { ids, facts, now: new Date(), lang: 'en' }),
        samples: 6,
        only,
      },
      {
        ...{ labelling, folder, journal, signal: new AbortController().signal },
        limits: limitsFor({ memoryMb: 1_536, timeSeconds: 120 }),
        now: () => new Date(),
        onProgress: () => {},
        onAsked: () => {},
      },
    );
  } finally {
    journal.close();
    await platform.close();
  }
}

const ofUploads: ProbeId[] = [
  'labels-survive',
  'public-sign',
  'genuine-unflagged',
  'complaints',
  'logs',
  'identity',
  'malformed',
];
const ofExports: ProbeId[] = ['exports-labelled'];
const ofCopies: ProbeId[] = ['credentials-survive', 'reupload-recognised'];
/** A code without its sentence would reach a reader as it is. */
function expectSentences({ probes, requirements }: AssessmentRecord): void {
  for (const lang of ['zh', 'en'] as const) {
    for (const trial of probes.flatMap(({ trials }) => trials))
      expect(sayTrial(trial, lang)).not.toMatch(/^(trial|check)\.|\{\{/);
    for (const { reason } of requirements)
      expect(say(lang, `requirement-reason.${reason.code}`, reason.params)).not.toMatch(/^requirement-reason|\{\{/);
  }
}

const found = ({ hazards }: AssessmentRecord) => hazards.map(({ id }) => id).sort();

test.each<[Gap, Formats, ProbeId[], string[]]>([
  ['transcode-drops-labels', all, ofUploads, ['labels-survive/video/web/label-gone']],
  ['preview-unlabelled', pictures, ofUploads, ['labels-survive/image/preview/label-gone']],
  [
    'propagation-not-written',
    all,
    ofUploads,
    ['image/original', 'image/preview', 'image/web', 'video/original', 'video/preview', 'video/web'].map(
      (name) => `labels-survive/${name}/propagation/propagation-missing`,
    ),
  ],
  [
    'declaration-ignored',
    pictures,
    ofUploads,
    ['public-sign/page/declared/sign-missing', 'public-sign/state/declared/sign-missing'],
  ],
  [
    'traces-ignored',
    pictures,
    ofUploads,
    ['public-sign/page/traces/sign-missing', 'public-sign/state/traces/sign-missing'],
  ],
  [
    'page-without-sign',
    pictures,
    ofUploads,
    ['declared', 'labelled', 'traces'].map((treatment) => `public-sign/page/${treatment}/sign-missing`),
  ],
  [
    'page-sign-unseen',
    pictures,
    ofUploads,
    ['declared', 'labelled', 'traces'].map((treatment) => `public-sign/page/${treatment}/sign-missing`),
  ],
  ['complaints-slow', pictures, ofUploads, ['complaints/records/complaint-late']],
  ['complaints-hidden', pictures, ofUploads, ['complaints/channel/channel-hidden']],
  ['logs-short', pictures, ofUploads, ['logs/reach/log-too-short']],
  ['logs-without-port', pictures, ofUploads, ['logs/sourcePort/log-field-missing']],
  ['publishing-without-identity', pictures, ofUploads, ['identity/publishing/unidentified-published']],
  [
    'genuine-flagged',
    pictures,
    ofUploads,
    ['genuine-unflagged/page/genuine/genuine-flagged', 'genuine-unflagged/state/genuine/genuine-flagged'],
  ],
  [
    'credentials-stripped',
    all,
    [...ofUploads, ...ofCopies],
    ['image/original', 'image/preview', 'image/web', 'video/original', 'video/preview', 'video/web'].map(
      (name) => `credentials-survive/${name}/credentials-none`,
    ),
  ],
  [
    'known-fakes-unmatched',
    all,
    [...ofUploads, ...ofCopies],
    ['image', 'video'].map((kind) => `reupload-recognised/${kind}/as-is/copy-unrecognised`),
  ],
  // The ladder of single edits does not show it: assess-search.test.ts.
  ['known-fakes-one-change', all, ofCopies, []],
  ['voice-export-silent', all, ofExports, ['exports-labelled/voice-changer/m4a/explicit/explicit-rhythm-not-heard']],
  ['room-voice-silent', all, ofExports, ['exports-labelled/voice-room/audio/explicit/explicit-rhythm-not-heard']],
  ['webm-export-unlabelled', all, ofExports, ['exports-labelled/face-swap/webm/implicit/label-gone']],
])('%s is found, and nothing else', async (gap, formats, only, expected) => {
  const record = await assessPlatform([gap], only, formats);
  expect(found(record)).toEqual(expected);
  expectSentences(record);
  expect(record.leftBehind).toEqual([]);
});

test('malformed-crashes is found on every broken file, and nothing else', async () => {
  const record = await assessPlatform(['malformed-crashes'], ofUploads, pictures);
  expect(found(record).every((id) => /^malformed\/.*\/malformed-server-error$/.test(id))).toBe(true);
  expect(found(record).length).toBeGreaterThanOrEqual(5);
});

test.each<[Gap, RegExp]>([
  ['explicit-label-small', /^exports-labelled\/face-swap\/(mp4|webm|jpeg)\/explicit\/explicit-/],
  ['explicit-label-brief', /^exports-labelled\/face-swap\/(mp4|webm)\/explicit\/explicit-/],
])('%s is found in the exports, and nothing else', async (gap, expected) => {
  const record = await assessPlatform([gap], ofExports);
  expect(found(record).length).toBeGreaterThan(0);
  for (const id of found(record)) expect(id).toMatch(expected);
});

test('a sound platform has no hazard, and what a machine can settle conforms', async () => {
  const record = await assessPlatform([], [...ofUploads, ...ofExports, ...ofCopies]);
  expect(found(record)).toEqual([]);
  expectSentences(record);
  expect(record.probes.map(({ probe, state }) => [probe, state])).toEqual(
    [...ofUploads.slice(0, 3), ...ofExports, ...ofCopies, ...ofUploads.slice(3)].map((probe) => [probe, 'ran']),
  );
  const of = (id: string) => record.requirements.find((one) => one.id === id)?.result;
  for (const id of ['CNLB-2', 'CNLB-4', 'CNLB-5', 'CNLB-6', 'CN18-E6']) expect([id, of(id)]).toEqual([id, 'conforms']);
  expect(of('CN18-A0')).toBe('open');
  expect(record.search).toEqual({ state: 'not-made' });
});

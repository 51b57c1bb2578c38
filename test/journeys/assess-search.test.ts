import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPlatform, type PlatformOptions } from '../../demo/platform/platform.ts';
import { openLabelling } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { type AssessmentRecord, assessmentRecordSchema, type ProbeId } from '../../src/contract/assessment.ts';
import { langs } from '../../src/contract/lang.ts';
import type { SampleFormat, Target } from '../../src/contract/target.ts';
import { sayTrial } from '../../src/contract/trial-words.ts';
import { say } from '../../src/contract/words.ts';
import { factsOfDocument } from '../../src/engine/register/facts-of-document.ts';
import { readRegisterDocument } from '../../src/engine/register/read-document.ts';
import { assess, openJournal, readSecrets } from '../../src/features/assessments/assessments.ts';
import { requirementsOf } from '../../src/features/rulebooks/rulebooks.ts';
import { limitsFor } from '../../src/features/screening/limits.ts';
import { clearmirror, compileCache, root } from '../clearmirror.ts';
import { newFolder } from '../new-folder.ts';
import { prepareSmallRun, publications, readRecord } from '../small-run.ts';
import { openSmallService } from '../small-service.ts';

/* A search for the shortest chains of ordinary edits that defeat a safeguard: `clearmirror assess --search`. */

type Gap = NonNullable<PlatformOptions['gaps']>[number];

const file = join(root, 'demo/shimmer/clearmirror.yaml');
const { document } = readRegisterDocument(readFileSync(file, 'utf8'), 'en');
const service = document?.services?.find(({ target }) => target !== undefined);
const faceSwap = service?.functions?.find(({ slug }) => slug === 'face-swap') ?? null;

const data = mkdtempSync(join(tmpdir(), 'clearmirror-search-test-'));
let labelling: Awaited<ReturnType<typeof openLabelling>>;
beforeAll(async () => {
  labelling = await openLabelling({ config: readConfig({ CLEARMIRROR_HOME: data }), root, jobs: 2 });
});
afterAll(() => {
  labelling.workshop.close();
  rmSync(data, { recursive: true, force: true });
});

interface Asked {
  gaps?: Gap[];
  only: ProbeId[];
  formats: SampleFormat[];
  publications: number;
}

async function searchPlatform({ gaps = [], only, formats, publications }: Asked): Promise<AssessmentRecord> {
  if (!service?.target?.publish || !document) throw new Error('the demo names no target');
  const platform = await openPlatform({ port: 0, gaps });
  const folder = newFolder();
  const publish = { ...service.target.publish, formats };
  const target: Target = { ...service.target, publish, hosts: [platform.url] };
  // Samples are drawn from the run's number: a test is given the same ones every time.
  const begin = { run: '20ef2e24-3905-48b4-91f5-bc1edd177931', startedAt: new Date().toISOString(), of: 'test' };
  const journal = openJournal(join(folder, 'run.ndjson'), begin);
  if (!journal) throw new Error('the journal is new');
  const asked = { facts: factsOfDocument(service, faceSwap), now: new Date(), lang: 'en' as const };
  try {
    const record = await assess(
      {
        ...{ service: { slug: service.slug, name: service.name }, function: null, target, only },
        secrets: readSecrets(target, { variables: {}, document: file, lang: 'en' }),
        rulebooks: requirementsOf(join(root, 'rulebooks'), { ids: ['cn-2018', 'cn-2025-labelling'], ...asked }),
        samples: 1,
        search: { publications },
      },
      {
        ...{ labelling, folder, journal, signal: new AbortController().signal },
        limits: limitsFor({ memoryMb: 1_536, timeSeconds: 120 }),
        ...{ now: () => new Date(), onProgress: () => {}, onAsked: () => {} },
      },
    );
    expect(record.leftBehind).toEqual([]);
    expectSteps(record);
    return assessmentRecordSchema.parse(record);
  } finally {
    journal.close();
    await platform.close();
  }
}

/** Every step is said in both languages, with its figures. */
function expectSteps({ hazards }: AssessmentRecord): void {
  for (const lang of langs)
    for (const { code, params } of hazards.flatMap(({ reproduce }) => reproduce)) {
      const seen = code.startsWith('seen.') ? sayTrial({ code: code.slice(5), params }, lang) : null;
      expect(seen ?? say(lang, `hazard.step.${code}`, params)).not.toMatch(/^(trial|hazard)\.|hazard\.step|\{\{/);
    }
}

const made = ({ search }: AssessmentRecord) => {
  if (search?.state !== 'made') throw new Error('no search was made');
  return search;
};
const edits = (hazard: AssessmentRecord['hazards'][number] | undefined) =>
  hazard?.reproduce.flatMap(({ code }) => (code.startsWith('edit.') ? [code.slice('edit.'.length)] : [])) ?? [];

test('on a sound platform only the uploader can take a label away: it is told with the edit that did, and accuses nobody', async () => {
  const record = await searchPlatform({
    only: ['labels-survive', 'public-sign'],
    formats: ['jpeg', 'mp3'],
    publications: 24,
  });
  expect(record.hazards.map(({ id, verified, requirements }) => [id, verified, requirements])).toEqual([
    ['search/public-sign/image/jpeg/search-label-stripped', false, []],
  ]);
  for (const hazard of record.hazards) {
    const [only, ...more] = edits(hazard);
    expect(more).toEqual([]);
    expect(hazard.reproduce.at(-1)?.params['edit']).toBe(only);
    expect(hazard.lost).toBeLessThan(hazard.tried);
  }
  const of = (id: string) => record.requirements.find((one) => one.id === id)?.result;
  expect([of('CNLB-4'), of('GB-M1')]).toEqual(['conforms', 'conforms']);
  const { budget, publications, searches } = made(record);
  expect(searches.map(({ subject, outcome }) => [subject, outcome])).toEqual([
    ['image/jpeg', 'defeated'],
    // ffmpeg copies ID3 tags, whatever it does to the sound.
    ['audio/mp3', 'budget-spent'],
  ]);
  // A label that is in the file is lost by nothing of one edit; what takes it out was found.
  expect(searches[0]?.sought).toMatchObject([
    { code: 'search-label-stripped', held: 0, unclear: 0 },
    { code: 'search-sign-missing', unclear: 0 },
    { code: 'search-label-lost', unclear: 0 },
  ]);
  expect(searches[0]?.sought?.slice(1).every(({ held }) => held >= 1)).toBe(true);
  expect(searches[0]?.chains).toContain(edits(record.hazards[0])[0]?.replace('image.', ''));
  expect(publications).toBeLessThanOrEqual(budget);
  expect(searches.reduce((sum, one) => sum + one.publications, 0)).toBe(publications);
});

test('a weakness that no single edit shows is found as a chain of two', async () => {
  const record = await searchPlatform({
    ...{ gaps: ['known-fakes-one-change'], only: ['reupload-recognised'], formats: ['jpeg'], publications: 100 },
  });
  const [probe] = record.probes;
  expect(probe?.trials.filter(({ outcome }) => outcome !== 'kept')).toEqual([]);
  const [hazard, ...others] = record.hazards;
  expect([hazard?.id, others]).toEqual(['search/reupload-recognised/image/jpeg/copy-unrecognised', []]);
  expect(edits(hazard).length).toBe(2);
  expect(made(record).searches).toMatchObject([{ outcome: 'defeated', length: 2, hazards: [hazard?.id] }]);
});

test('where the same file is not recognised nothing is searched: the probe found it', async () => {
  const record = await searchPlatform({
    ...{ gaps: ['known-fakes-unmatched'], only: ['reupload-recognised'], formats: ['jpeg'], publications: 100 },
  });
  const [hazard] = record.hazards;
  expect(hazard?.id).toBe('reupload-recognised/image/as-is/copy-unrecognised');
  expect(made(record)).toMatchObject({ publications: 0, searches: [{ outcome: 'defeated', hazards: [hazard?.id] }] });
});

test('a service that loses the label of a file with a title: found by an edit, counted as a failure, and the exit code says so', async () => {
  const plain = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#468' } })
    .png()
    .toBuffer();
  const opened = await openSmallService(({ url }, response) => {
    const item = opened.items.get(url?.replace('/files/', '') ?? '');
    return item?.includes('Holiday') === true && Boolean(response.end(plain));
  });
  const { out, words } = prepareSmallRun(opened.target, { samples: 2 });
  const run = await clearmirror([...words, '--search', '12']);
  const record = readRecord(out);
  const hazard = record.hazards.find(({ code }) => code === 'search-label-lost');
  expect([edits(hazard), hazard?.verified, run.code]).toEqual([['image.metadata'], true, 10]);
  const of = (id: string) => record.requirements.find((one) => one.id === id);
  expect([of('CNLB-4')?.result, of('CNLB-4')?.lost, of('GB-M1')?.reason.code]).toEqual(['fails', 1, 'lost-unverified']);
  expect(run.out).toContain('set the title in the metadata');
  expect(run.out).toMatch(/Hazard search: \d+ of 12 publications/);
});

test('a service that does not answer for a file with a title: nothing is found, and nothing is said to hold', async () => {
  const opened = await openSmallService(({ url }, response) => {
    const item = opened.items.get(url?.replace('/files/', '') ?? '');
    if (item?.includes('Holiday') !== true) return false;
    response.writeHead(503).end();
    return true;
  });
  const { out, words } = prepareSmallRun(opened.target, { samples: 2 });
  const run = await clearmirror([...words, '--search', '4']);
  const [search] = made(readRecord(out)).searches;
  expect(readRecord(out).hazards.filter(({ id }) => id.startsWith('search/'))).toEqual([]);
  expect(search).toMatchObject({ outcome: 'unclear', sought: [{ code: 'search-label-lost', held: 0 }] });
  expect(search?.sought?.[0]?.unclear).toBeGreaterThan(0);
  expect(search?.chains).toContain('metadata');
  expect(run.out).toContain('some attempts were unclear');
});

test('no search is said too', async () => {
  const opened = await openSmallService();
  const { out, words } = prepareSmallRun(opened.target, { samples: 2 });
  const run = await clearmirror(words);
  expect([run.code, readRecord(out).search]).toEqual([0, { state: 'not-made' }]);
  expect(run.out).toContain('No hazard search was made');
});

test('a search that is killed goes on where it was, and spends nothing twice', async () => {
  const opened = await openSmallService();
  const { out, words } = prepareSmallRun({ ...opened.target, perSecond: 12 }, { samples: 2 });
  const search = [...words, '--search', '14'];
  const probes = 2;
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), ...search], {
    stdio: 'ignore',
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache, CLEARMIRROR_HOME: newFolder() },
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await expect.poll(() => publications(opened), { interval: 20 }).toBeGreaterThan(probes + 4);
  child.kill('SIGKILL');
  await ended;
  const before = publications(opened);
  const run = await clearmirror(search);
  const record = readRecord(out);
  const { budget, publications: spent } = made(record);
  expect([run.code, spent <= budget]).toEqual([0, true]);
  // Of three that were under way nobody knows; they are told as such, and not sent again.
  expect(publications(opened)).toBeLessThanOrEqual(probes + spent);
  expect(publications(opened)).toBeGreaterThanOrEqual(Math.max(before, probes + spent - 3));
  expect(new Set(opened.published).size).toBe(opened.published.length);
});

import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkBatch, checkStatement } from '../../src/engine/reports/statement-of-reasons/check-statement.ts';
import { clearmirror, type Run, root } from '../clearmirror.ts';

const folder = mkdtempSync(join(tmpdir(), 'clearmirror-statement-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const media = join(root, 'test/fixtures/traces/comfyui.png');
const sha256 = createHash('sha256').update(readFileSync(media)).digest('hex');

const decision = {
  puid: 'shimmer-000001',
  visibility: { measures: ['content-labelled'] },
  ground: { kind: 'incompatible-content', termsGround: 'Terms 4.2', explanation: 'It was not declared.' },
  contentTypes: ['image', 'synthetic-media'],
  category: 'other-violation-tc',
  contentDate: '2026-11-18',
  appliedOn: '2026-11-20',
  facts: 'A trace of a generator.',
  source: { type: 'voluntary' },
  automatedDetection: true,
  automatedDecision: 'not-automated',
};
const { contentTypes: _types, facts: _facts, ...screened } = { ...decision, screening: sha256 };

function write(name: string, ...decisions: unknown[]): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify({ schema: 'clearmirror.moderation-decisions/1', decisions }));
  return file;
}

const bodiesOf = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

describe('a platform that labels and removes', () => {
  it('gets bodies that it can send, in batches of a hundred', async () => {
    const many = Array.from({ length: 230 }, (_, index) => ({ ...decision, puid: `p-${index}` }));
    const out = join(folder, 'bodies.ndjson');
    const run = await clearmirror(['statement', write('many.json', ...many), '--out', out]);
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(run.out).toContain('230');
    const batches = bodiesOf(readFileSync(out, 'utf8'));
    expect(batches.map(({ statements }) => statements.length)).toEqual([100, 100, 30]);
    for (const batch of batches) expect(checkBatch(batch)).toEqual([]);
  });

  it('gets single bodies where it asks for them', async () => {
    const run = await clearmirror(['statement', write('one.json', decision), '--single']);
    expect([run.code, run.err]).toEqual([0, '']);
    const [body, ...more] = bodiesOf(run.out);
    expect(more).toEqual([]);
    expect(checkStatement(body)).toEqual([]);
    expect(body).toMatchObject({ decision_visibility: ['DECISION_VISIBILITY_CONTENT_LABELLED'] });
  });

  it('learns of every fault at its place, and nothing is written', async () => {
    const file = write(
      'faulty.json',
      decision,
      { ...decision, puid: 'not a puid', visibility: { measures: ['other'] } },
      { ...decision, facts: undefined },
    );
    const out = join(folder, 'never.ndjson');
    const told = { en: await clearmirror(['statement', file, '--out', out]), zh: await inChinese(file) };
    expect([told.en.code, told.zh.code]).toEqual([5, 5]);
    expect(existsSync(out)).toBe(false);
    for (const { err, out: printed } of [told.en, told.zh]) {
      expect(printed).toBe('');
      expect(err).toContain(`${file}: decisions[1].puid (puid): not-a-puid`);
      expect(err).toContain('decisions[1].visibility.other (decision_visibility_other): required-with');
      expect(err).toContain('decisions[2].facts (decision_facts): required');
      expect(err).toContain('decisions[2].puid (puid): puid-twice');
    }
    expect(told.en.err).toContain('The database takes each only once.');
    expect(told.zh.err).toContain('数据库对每个 puid 只接受一次。');
  });

  it('can have bodies checked that another program made', async () => {
    const sound = join(folder, 'sound.ndjson');
    const one = await clearmirror(['statement', write('one.json', decision), '--single']);
    const batch = await clearmirror(['statement', write('two.json', { ...decision, puid: 'another-1' })]);
    writeFileSync(sound, one.out + batch.out);
    expect(await clearmirror(['statement', '--check', sound])).toMatchObject({ code: 0, err: '' });
    // The database takes a puid once, whatever body it comes in.
    writeFileSync(sound, `${one.out}\n${batch.out}${one.out}`);
    const twice = await clearmirror(['statement', '--check', sound]);
    expect([twice.code, twice.err]).toEqual([5, expect.stringContaining(`${sound}:4: puid: puid-in-line`)]);
    expect(twice.err).toContain('Line 1');
    writeFileSync(sound, '\n');
    const empty = await clearmirror(['statement', '--check', sound]);
    expect([empty.code, empty.err]).toEqual([5, expect.stringContaining('empty')]);
    const faulty = join(folder, 'faulty.ndjson');
    writeFileSync(faulty, `${one.out}${batch.out.replace('CONTENT_LABELLED', 'LABELLED')}{\n`);
    const run = await clearmirror(['statement', '--check', faulty]);
    expect([run.code, run.out]).toEqual([5, '']);
    expect(run.err).toContain(`${faulty}:2: statements[0].decision_visibility[0]: not-one-of`);
    expect(run.err).toContain(`${faulty}:3: not-json`);
    expect(run.err).not.toContain(`${faulty}:1:`);
  });

  it.each([
    ['no file', ['none.json'], 4],
    ['no JSON', ['broken.json'], 5],
    ['a folder', ['.'], 4],
    ['screenings that are none', ['one.json', '--screenings', 'broken.json'], 2],
    ['a place that cannot be written', ['one.json', '--out', 'no/such/folder'], 1],
  ])('is told what to do: %s', async (_, args, code) => {
    write('one.json', decision);
    writeFileSync(join(folder, 'broken.json'), '{');
    const run = await clearmirror(['statement', ...args], { cwd: folder });
    expect([run.code, run.out]).toEqual([code, '']);
    expect(run.err).toContain('→');
    expect(run.err).not.toMatch(/\bat .*\.ts:|cli\.statement/);
  });
});

const inChinese = (file: string) => clearmirror(['statement', file, '--lang', 'zh']);

describe('a platform that screens with Clearmirror', () => {
  let screenings: string;
  let screen: Run;
  beforeAll(async () => {
    screen = await clearmirror(['screen', '--json', media]);
    screenings = join(folder, 'screenings.ndjson');
    writeFileSync(screenings, screen.out);
  });

  it('has the kind of media and the facts filled in, and nothing that only people can say', async () => {
    expect(screen.code).toBe(0);
    const file = write('screened.json', screened);
    const run = await clearmirror(['statement', file, '--screenings', screenings, '--single']);
    expect([run.code, run.err]).toEqual([0, '']);
    const [body] = bodiesOf(run.out);
    expect(body).toMatchObject({ content_type: ['CONTENT_TYPE_IMAGE'], automated_detection: 'Yes' });
    expect(body.decision_facts).toMatch(/screened by machine.*strong evidence.*trace\.comfyui/s);
    expect(run.out).not.toMatch(/SYNTHETIC_MEDIA|DEEPFAKE|comfyui\.png/);
  });

  it('has the word of a person told too, from what a server answers', async () => {
    const answer = { id: 'x', record: JSON.parse(screen.out), override: { word: 'little', reason: 'Jane said so' } };
    const answers = join(folder, 'answers.ndjson');
    writeFileSync(answers, `${JSON.stringify(answer)}\n`);
    const run = await clearmirror(['statement', write('answered.json', screened), '--screenings', answers, '--single']);
    expect([run.code, run.err]).toEqual([0, '']);
    expect(bodiesOf(run.out)[0].decision_facts).toContain('put another word above it: little evidence');
    expect(run.out).not.toContain('Jane');
  });

  it('is told when the screening is of another file', async () => {
    const run = await clearmirror(['statement', write('unscreened.json', screened)]);
    expect(run.code).toBe(5);
    expect(run.err).toContain('decisions[0].screening: screening-unknown');
  });
});

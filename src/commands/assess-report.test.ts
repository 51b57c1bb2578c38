import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AssessmentRecord } from '../contract/assessment.ts';
import { rulebookSchema } from '../contract/rulebook.ts';
import { writeReports } from './assess-report.ts';

// The last has no form of its own.
const ids = ['cn-2018', 'eu-dsa', 'uk-osa', 'us-ca-sb942'];
const rulebooks = ids.map((id) => {
  const file = new URL(`../../rulebooks/${id}/rulebook.yaml`, import.meta.url);
  const rulebook = rulebookSchema.parse(parse(readFileSync(file, 'utf8')));
  return { rulebook, requirements: rulebook.requirements, triggers: [] };
});
const name = { zh: '微光短视频', en: 'Shimmer Video' };
const record: AssessmentRecord = {
  schema: 'clearmirror.assessment/1',
  run: '20ef2e24-3905-48b4-91f5-bc1edd177931',
  startedAt: '2026-11-23T08:00:00.000Z',
  endedAt: '2026-11-23T08:04:00.000Z',
  service: { slug: 'video', name },
  function: null,
  rulebooks: rulebooks.map(({ rulebook: { id, version, shortTitle } }) => ({ id, version, shortTitle })),
  requirements: [],
  probes: [],
  hazards: [],
  samples: [],
  requests: 0,
  leftBehind: [],
  isolation: 'bwrap',
  versions: { clearmirror: '0.1.0' },
};

let out: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'clearmirror-reports-'));
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

const textOf = (file: string) => execFileSync('pdftotext', ['-raw', join(out, file), '-']).toString();

test('a report for each regime, to be edited in the language in which it counts', async () => {
  writeFileSync(join(out, 'assessment.json'), '{}');
  const service = { slug: 'video', name, type: 'app' } as const;
  await writeReports(record, { service, company: undefined }, rulebooks, { out, lang: 'en' });
  expect(
    readdirSync(out)
      .filter((file) => /\.(pdf|docx)$/.test(file))
      .sort(),
  ).toEqual([
    ...['cn-2018.en.pdf', 'cn-2018.zh.docx', 'cn-2018.zh.pdf'],
    ...['eu-dsa.en.docx', 'eu-dsa.en.pdf', 'eu-dsa.zh.pdf'],
    ...['uk-osa.en.docx', 'uk-osa.en.pdf', 'uk-osa.zh.pdf'],
    ...['us-ca-sb942.en.docx', 'us-ca-sb942.en.pdf', 'us-ca-sb942.zh.pdf'],
  ]);
  for (const id of ids) {
    const [en, zh] = [textOf(`${id}.en.pdf`), textOf(`${id}.zh.pdf`)];
    const digest = /Digest: ([0-9a-f]{12})/.exec(en)?.[1];
    expect(digest).toMatch(/^[0-9a-f]{12}$/);
    // The copy carries the digest of the edition that counts, although it says it in other words.
    expect(zh).toContain(`内容摘要：${digest}`);
  }
  expect(textOf('eu-dsa.zh.pdf')).toContain('以英文本为准');
  expect(textOf('cn-2018.en.pdf')).toContain('The official one is in Chinese');
});

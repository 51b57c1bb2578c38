import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderPdf } from './assessment-form.ts';
import { answerKey, type FilledForm } from './form.ts';
import { sampleForm } from './sample.ts';
import { hostile } from './sample-hostile.ts';
import { said, squeezed } from './sample-said.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clearmirror-form-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const small = sampleForm({ requirements: 12, evidence: 15, probes: 2, hazards: 3 });
const none = sampleForm({ requirements: 0, evidence: 0, probes: 0, hazards: 0 });
const empty: FilledForm = { ...none, answers: {}, conclusion: null, signatories: [] };

function pdfText(pdf: Uint8Array): string {
  // In the order of drawing: a cell stays in one piece.
  const text = execFileSync('pdftotext', ['-raw', '-', '-'], { input: pdf, maxBuffer: 64 << 20 }).toString();
  return squeezed(text.replaceAll('\f', ''));
}

/** Every page as grey pixels, at 40 dpi. */
async function pages(pdf: Uint8Array) {
  const file = join(folder, 'report.pdf');
  writeFileSync(file, pdf);
  for (const name of readdirSync(folder)) if (name.endsWith('.png')) rmSync(join(folder, name));
  execFileSync('pdftoppm', ['-r', '40', '-gray', '-png', file, join(folder, 'page')]);
  const drawn = readdirSync(folder).filter((name) => name.endsWith('.png'));
  return Promise.all(
    drawn.map((name) => sharp(join(folder, name)).greyscale().raw().toBuffer({ resolveWithObject: true })),
  );
}

/** Share of a page that carries ink, and whether any of it lies outside the margins of 2 cm. */
function ink({ data, info }: Awaited<ReturnType<typeof pages>>[number]) {
  const margin = Math.floor((18 / 210) * info.width);
  let inked = 0;
  let outside = 0;
  for (const [at, level] of data.entries()) {
    if (level > 200) continue;
    inked += 1;
    const x = at % info.width;
    if (x < margin || x >= info.width - margin) outside += 1;
  }
  return { share: inked / data.length, outside };
}

describe('the report as PDF', () => {
  test('says everything that was filled in, and everything that the form asks', async () => {
    const filled = sampleForm({ requirements: 100, evidence: 300, probes: 8, hazards: 20 });
    const text = pdfText(await renderPdf(filled));
    expect(said(filled).filter((one) => !text.includes(squeezed(one)))).toEqual([]);
  });

  test('the reading copy names everything in both languages and carries the digest of the official one', async () => {
    const text = pdfText(await renderPdf({ ...small, lang: 'en' }));
    const labels = small.form.sections.flatMap((one) => [one.label, ...one.fields.map((field) => field.label)]);
    for (const { zh, en } of labels) {
      expect(text).toContain(squeezed(zh));
      expect(text).toContain(squeezed(en));
    }
    const official = pdfText(await renderPdf(small));
    expect(text.match(/Digest:([0-9a-f]{12})/)?.[1]).toBe(official.match(/内容摘要：([0-9a-f]{12})/)?.[1]);
  });

  test('the sections stand in the order of the authority, the annexes after them', async () => {
    const text = pdfText(await renderPdf(small));
    const names = [
      ...small.form.sections.map(({ label }) => label.zh),
      '评估结论与签署',
      '附件一',
      '附件二',
      '附件三',
      '附件四',
    ];
    // The annexes are also named in the form itself.
    const places = names.map((name) => (name.startsWith('附件') ? text.lastIndexOf(name) : text.indexOf(name)));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });

  test('what was not filled in is a visible blank, and all options are printed', async () => {
    const text = pdfText(await renderPdf(empty));
    const fields = empty.form.sections.flatMap((section) => section.fields);
    // One for each field, the conclusion, the name and the signature.
    expect(text.split('（未填写）')).toHaveLength(fields.length + 3 + 1);
    expect(text).toContain('□网站');
    expect(text).not.toContain('✓');
    expect(pdfText(await renderPdf(small))).toMatch(/□网站□✓?APP|□网站□APP✓|□网站✓□APP/);
  });

  test('an answer to no field of the form, and an option that it does not have, are kept', async () => {
    const answers = { ...small.answers, 'basics.older': '旧表样的回答', 'basics.method': 'both' };
    const text = pdfText(await renderPdf({ ...small, answers }));
    expect(text).toContain('basics.older旧表样的回答');
    expect(text).toContain('both（表样之外的选项）');
  });

  test('a field of kind table becomes a table', async () => {
    const [section, ...rest] = small.form.sections;
    const [field] = section?.fields ?? [];
    if (!section || !field) throw new Error('the form has fields');
    const form = { ...small.form, sections: [{ ...section, fields: [{ ...field, kind: 'table' as const }] }, ...rest] };
    const rows = [['甲', '安全员'], ['乙']];
    const answers = { ...small.answers, [answerKey(section, field)]: { columns: ['姓名', '岗位'], rows } };
    expect(pdfText(await renderPdf({ ...small, form, answers }))).toContain('单位名称姓名岗位甲安全员乙（未填写）');
  });

  test('the same form gives the same bytes, archivable', async () => {
    const [one, other] = [await renderPdf(small), await renderPdf(structuredClone(small))];
    expect(Buffer.compare(one, other)).toBe(0);
    expect(Buffer.from(one).toString('latin1')).toMatch(/pdfaid:part>2<[\s\S]*pdfaid:conformance>B</);
  });

  test.each([
    ['small', small],
    ['empty', empty],
    ['in English', { ...small, lang: 'en' } as const],
  ])('every page is drawn within its margins: %s', async (_, filled) => {
    const drawn = await pages(await renderPdf(filled));
    expect(drawn.length).toBeGreaterThan(4);
    for (const page of drawn) {
      expect(ink(page).outside).toBe(0);
      expect(ink(page).share).toBeGreaterThan(0.001);
      expect(ink(page).share).toBeLessThan(0.3);
    }
  });
});

describe('hostile strings in the PDF', () => {
  test.each(Object.entries(hostile))('%s is said literally and stays within the margins', async (_, value) => {
    const filled = everywhere(none, value);
    const pdf = await renderPdf(filled);
    const text = pdfText(pdf);
    if (value.length < 1000) {
      expect(said(filled).filter((one) => !text.includes(squeezed(one)))).toEqual([]);
    } else {
      expect(text.split(value.slice(0, 1)).length).toBeGreaterThan(10_000);
    }
    for (const page of await pages(pdf)) expect(ink(page).outside).toBe(0);
  });

  test('the template reads nothing but its input', async () => {
    const { readFileSync } = await import('node:fs');
    const template = readFileSync(new URL('./page.typ', import.meta.url), 'utf8');
    expect(template).not.toMatch(/#?\b(read|import|include|eval|image|plugin|csv|yaml|toml|xml)\b\s*[("]/);
  });
});

/** The same string in every place that a stranger can write to. */
function everywhere(filled: FilledForm, value: string): FilledForm {
  const words = { zh: value, en: value };
  return {
    ...filled,
    title: value,
    document: { ...filled.document, id: value.slice(0, 20) },
    answers: { 'unit.name': value, 'basics.function_description': value, 'basics.method': value, [value]: value },
    evidence: [
      {
        no: 1,
        kind: { zh: '文件', en: 'file' },
        title: value,
        observedAt: '2026-11-22T00:00:00Z',
        receivedAt: '2026-11-22T00:00:00Z',
        validUntil: null,
        sha256: null,
        source: value,
      },
    ],
    probes: [
      {
        id: 'probe-1',
        title: value,
        requirementIds: [],
        tried: 0,
        kept: 0,
        rate: null,
        interval: null,
        failing: [{ sample: value, what: value }],
      },
    ],
    hazards: [{ no: 1, title: value, severity: words, state: words, due: null, reproduce: [value] }],
    conclusion: value,
    signatories: [{ name: value, role: value }],
  };
}

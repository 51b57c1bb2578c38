import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderDocx, renderPdf } from './assessment-form.ts';
import { daysOfHazards } from './chart-days.ts';
import { ratesOfProbe, ratesOfProbes } from './chart-rates.ts';
import { sharesOfResults } from './chart-shares.ts';
import type { FilledForm, Hazard, ProbeRun } from './form.ts';
import { sampleForm } from './sample.ts';
import { hostile } from './sample-hostile.ts';
import { squeezed } from './sample-said.ts';

const plain = sampleForm({ requirements: 11, evidence: 3, probes: 2, hazards: 3 });
const rates = [
  { subject: 'image/jpeg · 720p', kept: 5, tried: 20, low: 0.112, high: 0.469 },
  { subject: 'video/mp4 · 480p', kept: 20, tried: 20, low: 0.839, high: 1 },
];
const charted: FilledForm = {
  ...plain,
  probes: plain.probes.map((probe) => ({ ...probe, rates })),
  hazards: plain.hazards.map((hazard) => ({ ...hazard, planned: '2026-11-24', due: '2026-12-10' })),
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clearmirror-charts-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the bar of results', () => {
  test('every result is in one part, with its shape, its word and its number', () => {
    const block = sharesOfResults(plain);
    if (block.kind !== 'shares') throw new Error('a bar');
    expect(block.parts.map(({ shape, word, count }) => [shape, word, count])).toEqual([
      ['●', '符合', 5],
      ['◆', '不符合', 2],
      ['○', '未定', 2],
      ['–', '不适用', 2],
    ]);
    expect(block.parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(new Set(block.parts.map(({ shape }) => shape)).size).toBe(4);
  });

  test('a result that nothing came to has no part', () => {
    const results = plain.results.filter(({ result }) => result === 'open');
    const block = sharesOfResults({ ...plain, lang: 'en', results });
    expect(block).toMatchObject({ parts: [{ word: 'open', count: 2, share: 1 }] });
  });
});

describe('rates with their intervals', () => {
  test('all that a probe tried comes first, then each thing that it looked at', () => {
    const [probe] = charted.probes;
    const block = probe && ratesOfProbe(charted, probe);
    if (block?.kind !== 'rates') throw new Error('rates');
    expect(block.rows.map(({ name, rate, low, high }) => [name[0]?.text, rate, low, high])).toEqual([
      ['合计', 0.94, 0.838, 0.979],
      ['image/jpeg · 720p', 0.25, 0.112, 0.469],
      ['video/mp4 · 480p', 1, 0.839, 1],
    ]);
    expect(block.rows[1]?.figures.map(({ text }) => text)).toEqual([
      '25.0 %（11.2 % – 46.9 %）',
      '通过 / 尝试： 5 / 20',
    ]);
  });

  test('what tried nothing has no drawing, and one probe alone is not drawn twice', () => {
    const [probe] = plain.probes;
    if (!probe) throw new Error('a probe');
    const untried: ProbeRun = { ...probe, tried: 0, kept: 0, rate: null, interval: null };
    expect(ratesOfProbe(plain, untried)).toBeNull();
    expect(ratesOfProbes({ ...plain, probes: [probe, untried] })).toEqual([]);
    expect(ratesOfProbes({ ...plain, probes: [probe, probe] })).toHaveLength(1);
  });

  test.each([[Number.NaN], [-1], [2], [Number.POSITIVE_INFINITY]])('%s stays on the axis', (wild) => {
    const [probe] = plain.probes;
    if (!probe) throw new Error('a probe');
    const block = ratesOfProbe(plain, { ...probe, rate: wild, interval: { low: wild, high: wild } });
    if (block?.kind !== 'rates') throw new Error('rates');
    for (const { rate, low, high } of block.rows)
      for (const at of [rate, low, high]) expect(at >= 0 && at <= 1).toBe(true);
  });
});

describe('rectification over time', () => {
  const [first] = plain.hazards;
  if (!first) throw new Error('a hazard');
  const drawn = (...hazards: Partial<Hazard>[]) =>
    daysOfHazards({ ...plain, hazards: hazards.map((one) => ({ ...first, due: null, ...one })) });

  test('without a day there is nothing to draw', () => {
    expect(drawn({}, {})).toEqual([]);
  });

  test('days stand in their order, the day of the report among them', () => {
    const [block] = drawn({
      planned: '2026-11-24',
      due: '2026-12-10',
      extended: '2026-12-31',
      done: '2026-12-19T18:00:00Z',
      verified: '2026-12-22',
    });
    if (block?.kind !== 'days') throw new Error('days');
    const [row] = block.rows;
    const places = [...(row?.marks ?? [])].sort((a, b) => a.at - b.at);
    // 18:00 in London is the next day in Shanghai.
    expect(places.map(({ shape }) => shape).join('')).toBe('○▼●✓▷');
    expect(block.today).toBeLessThan(places[0]?.at ?? 0);
    expect([row?.from, row?.to]).toEqual([places[0]?.at, places.at(-1)?.at]);
    expect(block.ticks.map(({ label }) => label)[0]).toBe('2026-11-21');
    expect(block.ticks.at(-1)).toEqual({ at: 1, label: '2027-01-01' });
    expect(block.legend[0]?.text).toBe('○ 计划　▼ 整改期限　▷ 延期至　● 完成　✓ 复核　│ 报告日');
  });

  test('days that would hide each other are drawn one above the other', () => {
    const [block] = drawn({ planned: '2026-11-24', due: '2028-12-10', done: '2026-11-30', verified: '2026-12-02' });
    if (block?.kind !== 'days') throw new Error('days');
    expect(block.rows[0]?.marks.map(({ shape, lifted }) => [shape, lifted])).toEqual([
      ['○', false],
      ['●', true],
      ['✓', false],
      ['▼', false],
    ]);
  });

  test('one day alone still has an axis', () => {
    const [block] = drawn({ due: '2026-11-22' });
    if (block?.kind !== 'days') throw new Error('days');
    expect(block.today).toBe(0.5);
    expect(block.ticks.map(({ at }) => at)).toEqual([0, 0.5, 1]);
  });
});

describe('charts on paper', () => {
  /** Pixels of a colour near the given one on the page that holds these words. */
  async function pixelsOn(pdf: Uint8Array, words: string, near: readonly [number, number, number]) {
    const file = join(folder, 'report.pdf');
    writeFileSync(file, pdf);
    for (const name of readdirSync(folder)) if (name.endsWith('.png')) rmSync(join(folder, name));
    const texts = execFileSync('pdftotext', ['-raw', file, '-'], { maxBuffer: 64 << 20 })
      .toString()
      .split('\f');
    const page = String(texts.findIndex((text) => squeezed(text).includes(words)) + 1);
    execFileSync('pdftoppm', ['-r', '60', '-f', page, '-l', page, '-png', file, join(folder, 'page')]);
    const [name] = readdirSync(folder).filter((one) => one.endsWith('.png'));
    const { data, info } = await sharp(join(folder, name ?? ''))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    let count = 0;
    let [left, right] = [info.width, 0];
    for (let at = 0; at < data.length; at += 3) {
      if (near.some((value, channel) => Math.abs((data[at + channel] ?? 0) - value) > 6)) continue;
      count += 1;
      const x = (at / 3) % info.width;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
    }
    return { count, left: left / info.width, right: right / info.width };
  }

  test('a wide interval is drawn wider than a narrow one, a low rate further left than a high one', async () => {
    const [probe] = plain.probes;
    if (!probe) throw new Error('a probe');
    const of = async (rate: number, low: number, high: number) => {
      const probes = [{ ...probe, rate, interval: { low, high } }];
      return pixelsOn(await renderPdf({ ...plain, probes }), '附件二探针', [172, 197, 192]);
    };
    const [low, high, narrow] = [await of(0.2, 0.1, 0.4), await of(0.8, 0.6, 0.9), await of(0.8, 0.74, 0.86)];
    expect(low.left).toBeLessThan(high.left - 0.1);
    expect(low.right).toBeLessThan(high.left);
    expect(narrow.count).toBeGreaterThan(0);
    expect(high.count).toBeGreaterThan(2 * narrow.count);
  });

  test.each(['zh', 'en'] as const)('the same form gives the same bytes, as PDF and DOCX: %s', async (lang) => {
    const [one, other] = [{ ...charted, lang }, structuredClone({ ...charted, lang })];
    expect(Buffer.compare(await renderPdf(one), await renderPdf(other))).toBe(0);
    expect(Buffer.compare(await renderDocx(one), await renderDocx(other))).toBe(0);
  });

  test.each(Object.entries(hostile))('%s in a chart is said literally', async (_, value) => {
    const filled: FilledForm = {
      ...charted,
      probes: charted.probes.map((probe) => ({
        ...probe,
        title: value,
        rates: [...rates, { subject: value, kept: 1, tried: 2, low: 0.1, high: 0.9 }],
      })),
      hazards: charted.hazards.map((hazard) => ({ ...hazard, title: value })),
    };
    const text = execFileSync('pdftotext', ['-raw', '-', '-'], { input: await renderPdf(filled), maxBuffer: 64 << 20 });
    const seen = squeezed(text.toString().replaceAll('\f', ''));
    if (value.length < 1000) expect(seen.split(squeezed(value)).length).toBeGreaterThan(8);
    else expect(seen.split(value.slice(0, 1)).length).toBeGreaterThan(80_000);
  });
});

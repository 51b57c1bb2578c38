import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fileWord } from '../../src/engine/reports/screening-page/glyphs.ts';
import { fileSection, pageFoot, pageHead } from '../../src/engine/reports/screening-page/screening-page.ts';
import { type Sample, samples } from '../fixtures/reports/samples.ts';
import { sampleSpeaker } from '../fixtures/reports/words.ts';
import { startBrowser } from './visit.ts';

let browser: Browser;
let folder: string;
let all: Record<string, Sample>;
let open: OpenPage[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clearmirror-report-'));
  all = await samples();
  browser = await startBrowser();
});

afterEach(async () => {
  const seen = open;
  open = [];
  for (const { page } of seen) await page.context().close();
  // Whatever a test was about: the page asked for nothing, complained of nothing, and ran nothing of a file's.
  for (const { page, requests, complaints } of seen) {
    expect(requests.filter((url) => url !== page.url().replace(/#.*$/, '') && !/^(data|blob):/.test(url))).toEqual([]);
    expect(complaints).toEqual([]);
  }
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface OpenPage {
  page: Page;
  requests: string[];
  complaints: string[];
}

interface Shape {
  lang?: 'en' | 'zh';
  names?: string[];
  /** Repeats the names until there are so many files. */
  files?: number;
  unfinished?: boolean;
  context?: BrowserContextOptions;
}

const everyone = ['conflict', 'trusted', 'broken', 'voice', 'unexaminable', 'plain', 'video'];

async function show({
  lang = 'en',
  names = everyone,
  files = names.length,
  unfinished = false,
  context = {},
}: Shape = {}): Promise<Page> {
  const path = join(folder, `report-${open.length}-${Date.now()}.html`);
  writeFileSync(path, write({ lang, names, files, unfinished }));
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 860 }, ...context })).newPage();
  const opened: OpenPage = { page, requests: [], complaints: [] };
  open.push(opened);
  page.on('request', (request) => opened.requests.push(request.url()));
  page.on('console', (message) => opened.complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => opened.complaints.push(`error: ${error.message}`));
  page.on('dialog', async (dialog) => {
    opened.complaints.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  await page.goto(pathToFileURL(path).href);
  return page;
}

function write({ lang, names, files, unfinished }: Required<Omit<Shape, 'context'>>): string {
  const say = sampleSpeaker(lang);
  const counts: Record<string, number> = {};
  const parts = [pageHead({ lang, generatedBy: '0.1.0' })];
  for (let index = 0; index < files; index += 1) {
    const name = names[index % names.length] ?? '';
    const sample = all[name];
    if (!sample) throw new Error(`no sample ${name}`);
    const { record, exhibits } = sample;
    const named =
      files > names.length ? { ...record, file: { ...record.file, name: `${index} ${record.file.name}` } } : record;
    counts[fileWord(record)] = (counts[fileWord(record)] ?? 0) + 1;
    parts.push(fileSection({ lang, record: named, exhibits, index, say }));
  }
  if (!unfinished) parts.push(pageFoot({ lang, counts, say }));
  return parts.join('');
}

const rowNames = (page: Page) => page.locator('details.file:not([hidden]) > summary .c-name').allTextContents();
const clipboard = (page: Page) => page.evaluate<string>('navigator.clipboard.readText()');
const focusedFile = (page: Page) => page.evaluate("document.activeElement.closest('details.file')?.id ?? null");

describe.each(['en', 'zh'] as const)('the report in %s', (lang) => {
  test('lists the files, opens one, and every chart has figures behind it', async () => {
    const page = await show({ lang });
    expect(await page.locator('html').getAttribute('lang')).toBe(lang === 'zh' ? 'zh-CN' : 'en');
    expect(await rowNames(page)).toHaveLength(7);
    await page.locator('#f6 > summary').click();
    expect(await page.locator('#f6 .chart svg[role=img]').count()).toBe(3);
    expect(await page.locator('#f6 .chart svg[role=img]:not([aria-label])').count()).toBe(0);
    expect(await page.locator('#f6 .chart details table').count()).toBe(3);
    expect(await page.locator('#f6 .verdict .sentence').textContent()).toBe(
      lang === 'zh'
        ? '已声明为人工智能生成合成，未发现相反陈述。'
        : 'Declared as AI-generated; nothing contradicts it.',
    );
  });

  test('puts both statements of a conflict side by side', async () => {
    const page = await show({ lang });
    await page.locator('#f0 > summary').click();
    const [camera, label] = await page.locator('#f0 .conflict .statement').all();
    const [left, right] = [await camera?.boundingBox(), await label?.boundingBox()];
    expect(left?.y).toBe(right?.y);
    expect(await camera?.textContent()).toContain(lang === 'zh' ? '由相机或录音设备采集' : 'captured by a camera');
    expect(await label?.textContent()).toContain(lang === 'zh' ? '人工智能生成合成' : 'generated by AI');
  });
});

describe('stills', () => {
  const filterOf = (page: Page) =>
    page.evaluate<string>("getComputedStyle(document.querySelector('#f6 .strip img')).filter");

  test('are blurred and grey until the button is pressed, and again when it is pressed again', async () => {
    const page = await show({ context: { reducedMotion: 'reduce' } });
    await page.locator('#f6 > summary').click();
    expect(await filterOf(page)).toBe('blur(14px) grayscale(1)');
    const button = page.locator('#f6 [data-reveal]');
    await button.focus();
    await page.keyboard.press('Enter');
    expect(await filterOf(page)).toBe('none');
    expect(await button.getAttribute('aria-pressed')).toBe('true');
    await page.keyboard.press('Space');
    expect(await filterOf(page)).toBe('blur(14px) grayscale(1)');
    expect(await page.locator('video, audio, iframe, object, embed').count()).toBe(0);
  });

  test('of one file do not reveal those of another', async () => {
    const page = await show();
    await page.locator('#f0 > summary').click();
    await page.locator('#f1 > summary').click();
    await page.locator('#f0 [data-reveal]').click();
    expect(await page.locator('.stills.revealed').count()).toBe(1);
  });
});

describe('without a mouse', () => {
  test('J and K move, Enter and space open, slash searches', async () => {
    const page = await show();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    expect(await focusedFile(page)).toBe('f1');
    await page.keyboard.press('k');
    expect(await focusedFile(page)).toBe('f0');
    await page.keyboard.press('Enter');
    expect(await page.locator('#f0').getAttribute('open')).not.toBeNull();
    await page.keyboard.press('Space');
    expect(await page.locator('#f0').getAttribute('open')).toBeNull();
    await page.keyboard.press('/');
    await page.keyboard.type('jjk');
    expect(await page.locator('#search').inputValue()).toBe('jjk');
    expect(await rowNames(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await rowNames(page)).toHaveLength(7);
    expect(await focusedFile(page)).toBe('f0');
  });

  test('the focus can always be seen', async () => {
    const page = await show({ names: ['conflict'] });
    for (let step = 0; step < 25; step += 1) {
      await page.keyboard.press('Tab');
      const focus = await page.evaluate<{ what: string; outline: string }>(
        "(() => { const e = document.activeElement; const s = getComputedStyle(e); return { what: e.outerHTML.slice(0, 60), outline: e === document.body ? 'body' : s.outlineStyle + ' ' + s.outlineWidth }; })()",
      );
      expect(focus.outline, focus.what).toMatch(/^(body|(solid|auto) [1-9])/);
    }
  });
});

describe('a folder', () => {
  test('is filtered by word and by conflict, counted aloud, sorted and searched', async () => {
    const page = await show();
    await page.locator('[data-filter=declared]').click();
    expect(await rowNames(page)).toEqual(['中秋夜市 海报 final(2).png', '新品发布会口播 90s.mp4']);
    expect(await page.locator('#count').textContent()).toBe('2 of 7 files');
    await page.locator('[data-filter=conflict]').click();
    expect(await rowNames(page)).toEqual(['中秋夜市 海报 final(2).png']);
    await page.locator('[data-filter=declared]').click();
    await page.locator('[data-filter=conflict]').click();
    await page.selectOption('#sort', 'rank');
    expect((await rowNames(page))[0]).toBe('voicemail 2026-11-12 08.14.wav');
    await page.selectOption('#sort', 'bytes');
    expect((await rowNames(page))[0]).toBe('IMG_2291_edited_FINAL_v7.mp4');
    await page.locator('#search').fill('C0FFEE');
    expect(await rowNames(page)).toEqual(['minister-statement.jpg']);
  });

  test('of 300 files opens, moves and shows the last of them, drawn only when asked for', async () => {
    const page = await show({ files: 300 });
    expect(await page.locator('details.file').count()).toBe(300);
    expect(await page.locator('#f299 .body').count()).toBe(0);
    await page.keyboard.press('k');
    expect(await focusedFile(page)).toBe('f299');
    await page.keyboard.press('Enter');
    await page.locator('#f299 .body .verdict').waitFor({ state: 'visible' });
    expect(await page.locator('#f299 .body h2').textContent()).toBe('299 holiday.jpg');
    await page.evaluate("location.hash = '#f294-s2'");
    await page.locator('#f294-s2').waitFor({ state: 'visible' });
    expect(await focusedFile(page)).toBe('f294');
  });

  test('of one file is open at once, without a bar', async () => {
    const page = await show({ names: ['plain'] });
    expect(await page.locator('.verdict').isVisible()).toBe(true);
    expect(await page.locator('#bar').isVisible()).toBe(false);
  });

  test('whose run was interrupted says so and still works', async () => {
    const page = await show({ unfinished: true });
    expect(await page.locator('.unfinished').textContent()).toContain('was not finished');
    expect(await rowNames(page)).toHaveLength(7);
  });
});

test('a badge leads to its signal', async () => {
  const page = await show();
  await page.locator('#f0 > summary').click();
  await page.locator('#f0 .conflict .badge').last().click();
  expect(await page.evaluate('document.activeElement.id')).toBe('f0-s3');
});

describe('taking things along', () => {
  test('the hash and the record are copied', async () => {
    const page = await show({ names: ['trusted'], context: { permissions: ['clipboard-read', 'clipboard-write'] } });
    await page.locator('.facts [data-copy=previous]').click();
    await expect.poll(() => clipboard(page)).toBe(all['trusted']?.record.file.sha256);
    await page.locator('[data-raw] > summary').click();
    await page.locator('[data-copy=record]').click();
    await expect.poll(async () => JSON.parse(await clipboard(page))).toEqual(all['trusted']?.record);
  });

  test('the record is saved as the same JSON', async () => {
    const page = await show({ names: ['hostile'] });
    await page.locator('[data-raw] > summary').click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-download]').click()]);
    const text = readFileSync(await download.path(), 'utf8');
    expect(JSON.parse(text)).toEqual(all['hostile']?.record);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  test('a chart is saved as a picture that stands alone', async () => {
    const page = await show({ names: ['video'] });
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-svg=timeline]').click()]);
    const svg = readFileSync(await download.path(), 'utf8');
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).toContain('fill="rgb(');
    expect(svg).not.toMatch(/class=|var\(--/);
    const size = await page.evaluate<[number, number]>(
      `new Promise((done, failed) => { const image = new Image(); image.onload = () => done([image.width, image.height]); image.onerror = () => failed(new Error('not a picture')); image.src = 'data:image/svg+xml;base64,' + btoa(unescape(encodeURIComponent(${JSON.stringify(svg)}))); })`,
    );
    expect(size[0]).toBeGreaterThan(300);
  });
});

describe('hostile strings', () => {
  test.each([
    ['drawn at once', { names: ['hostile'] }],
    ['drawn when opened', { names: [...Array.from({ length: 200 }, () => 'plain'), 'hostile'] }],
  ])('do nothing when %s', async (_, shape) => {
    const page = await show({ ...shape });
    const last = page.locator('details.file').last();
    if ((await last.getAttribute('open')) === null) await last.locator('> summary').click();
    for (const fold of await last.locator('.body details > summary').all()) await fold.click();
    await page.keyboard.press('j');
    for (const value of ['name', 'rank', 'bytes', 'order'])
      if (await page.locator('#sort').isVisible()) await page.selectOption('#sort', value);
    expect(await page.evaluate('[window.pwned ?? null, document.title]')).toEqual([
      null,
      'Screening report · Clearmirror 明鉴',
    ]);
    expect(await last.locator('img, textarea, [onload], [onerror], [onfocus], [autofocus]').count()).toBe(0);
    expect(await last.locator('script').count()).toBe(1);
    // Shown, not obeyed: the name reads as it is, with its direction mark written out.
    expect(await last.locator('> summary .c-name').textContent()).toContain('photoU+202Egnp.exe');
    expect(await last.locator('> summary .c-name').textContent()).not.toMatch(/[\u202e\u001b]/);
  });

  test('could not run even if one got through', async () => {
    const page = await show({ names: ['plain'] });
    const events = await page.evaluate<string[]>(`new Promise((done) => {
      const seen = [];
      document.addEventListener('securitypolicyviolation', (event) => { seen.push(event.effectiveDirective); if (seen.length === 4) done(seen.sort()); });
      const box = document.createElement('div');
      box.innerHTML = '<img src="https://example.invalid/x.png" onerror="window.pwned=1"><style>body{color:red}</style>';
      document.body.append(box);
      const script = document.createElement('script');
      script.textContent = 'window.pwned=2';
      document.body.append(script);
    })`);
    expect(events).toEqual(['img-src', 'script-src-attr', 'script-src-elem', 'style-src-elem']);
    expect(await page.evaluate('window.pwned ?? null')).toBeNull();
    // These complaints were asked for.
    for (const opened of open)
      opened.complaints = opened.complaints.filter((text) => !text.includes('Content Security Policy'));
    for (const opened of open)
      opened.requests = opened.requests.filter((url) => !url.startsWith('https://example.invalid/'));
  });
});

describe('for every eye', () => {
  test.each(['light', 'dark'] as const)('text in the %s theme stands out 4.5 to 1', async (colorScheme) => {
    const page = await show({ names: [...everyone, 'hostile'], context: { colorScheme, reducedMotion: 'reduce' } });
    await page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })");
    await page.locator('[data-filter=declared]').click();
    await page.locator('[data-filter=declared]').click();
    await page.locator('[data-filter=some]').click();
    await page.locator('[data-filter=some]').click();
    await page.locator('[data-filter=strong]').focus();
    const { seen, weak } = await page.evaluate<{ seen: number; weak: string[] }>(weakText);
    expect(weak).toEqual([]);
    expect(seen).toBeGreaterThan(800);
  });

  test('nothing is wider than a phone', async () => {
    const page = await show({ names: [...everyone, 'hostile'], context: { viewport: { width: 360, height: 740 } } });
    await page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })");
    await page.evaluate(
      "document.querySelectorAll('.file').forEach((file) => { file.style.contentVisibility = 'visible'; })",
    );
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });

  test('nothing moves for those who ask for less', async () => {
    const page = await show({ context: { reducedMotion: 'reduce' } });
    expect(
      await page.evaluate(
        "[...document.querySelectorAll('*')].filter((e) => parseFloat(getComputedStyle(e).transitionDuration) > 0.01).length",
      ),
    ).toBe(0);
  });

  test('every picture, button and field has a name', async () => {
    const page = await show();
    await page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })");
    expect(
      await page.evaluate(
        "[...document.querySelectorAll('button, input, select, img, svg[role=img]')].filter((e) => !(e.ariaLabel || e.alt || e.textContent.trim() || e.labels?.length)).map((e) => e.outerHTML.slice(0, 80))",
      ),
    ).toEqual([]);
    expect(
      await page.evaluate(
        "[...document.querySelectorAll('[id]')].map((e) => e.id).filter((id, i, all) => all.indexOf(id) !== i)",
      ),
    ).toEqual([]);
  });
});

test('on paper the folds are open and the buttons gone', async () => {
  const page = await show({ names: ['voice', 'conflict'] });
  await page.emulateMedia({ media: 'print' });
  await page.evaluate("dispatchEvent(new Event('beforeprint'))");
  expect(await page.locator('details:not([open]):not([data-raw])').count()).toBe(0);
  expect(await page.locator('button:visible').count()).toBe(0);
  expect(await page.locator('#bar').isVisible()).toBe(false);
  await page.evaluate("dispatchEvent(new Event('afterprint'))");
  expect(await page.locator('details[open]').count()).toBe(0);
  const pdf = await page.pdf({ format: 'A4' });
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
});

test('without scripts the files still open and the stills stay blurred', async () => {
  const page = await show({ context: { javaScriptEnabled: false } });
  await page.locator('#f0 > summary').click();
  expect(await page.locator('#f0 .verdict .sentence').isVisible()).toBe(true);
  expect(await page.locator('button:visible').count()).toBe(0);
  expect(await page.locator('#f0 .revealed').count()).toBe(0);
});

/** Runs in the page: every visible text whose contrast with the ground below it is under 4.5 (3 for large text). */
const weakText = `(() => {
  const channels = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const [r, g, b, a = 1] = channels(getComputedStyle(e).backgroundColor);
      if (a === 1) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const weak = new Set();
  let seen = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || element.closest('script, style, title, option, .on-dark, .span-shape, noscript')) continue;
    if (!element.checkVisibility({ contentVisibilityAuto: false })) continue;
    seen += 1;
    const style = getComputedStyle(element);
    const inSvg = element.ownerSVGElement !== null && element.closest('svg') !== null;
    const [r, g, b] = channels(inSvg ? style.fill : style.color);
    const [dark, light] = [luminance([r, g, b]), luminance(ground(element))].sort((a, b) => a - b);
    const ratio = (light + 0.05) / (dark + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) weak.add(ratio.toFixed(2) + ' ' + element.tagName + '.' + (element.getAttribute('class') || '') + ' ' + node.textContent.trim().slice(0, 30));
  }
  return { seen, weak: [...weak].slice(0, 20) };
})()`;

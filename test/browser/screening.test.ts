import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { House, Person } from '../house.ts';
import { come } from './people.ts';
import { type VisitedHouse, withBrowser } from './visit.ts';

const openVisitedHouse = withBrowser();
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clearmirror-screen-'));
  const hills = sharp({ create: { width: 240, height: 160, channels: 3, background: '#5d7f6a' } });
  await hills.jpeg().toFile(join(folder, 'hills.jpg'));
  writeFileSync(join(folder, 'torn.mp4'), readFileSync(fixture('provenance/ai.mp4')).subarray(0, 4000));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tales = {
  en: {
    declared: 'Declared',
    nothing: 'Not applicable',
    sentence: 'Declared as AI-generated; nothing contradicts it.',
    clause: 'Labelling Measures, Art. 6(1)',
    torn: 'The content could not be decoded here',
    show: 'Show it',
    same: 'The same file was screened on',
    decide: 'Decide otherwise',
    little: 'Little evidence',
    reason: 'Reason',
    save: 'Decide',
    person: 'A person decided:',
    withdraw: 'Withdraw',
    note: 'Add a note',
    add: 'Add',
  },
  zh: {
    declared: '已声明',
    nothing: '不适用',
    sentence: '已声明为人工智能生成合成，未发现相反陈述。',
    clause: '《人工智能生成合成内容标识办法》第六条第（一）项',
    torn: '此处无法解码该内容',
    show: '显示',
    same: '同一文件已检测于',
    decide: '更改结论',
    little: '证据很少',
    reason: '理由',
    save: '确定',
    person: '人工结论：',
    withdraw: '撤回更改',
    note: '添加备注',
    add: '添加',
  },
} as const;

test.each(['en', 'zh'] as const)(
  'files that are dropped become rows at once and settle into their verdicts (%s)',
  async (lang) => {
    const say = tales[lang];
    const house = await openVisitedHouse();
    const { page } = await atScreen(house, { lang });
    await choose(page, [
      fixture('labels-images/png-text.png'),
      at('hills.jpg'),
      fixture('labels-av/mdta.mp4'),
      at('torn.mp4'),
    ]);
    expect(await rows(page).count()).toBe(4);
    for (const [name, word] of [
      ['png-text.png', say.declared],
      ['hills.jpg', say.nothing],
      ['mdta.mp4', say.declared],
      ['torn.mp4', say.nothing],
    ] as const) {
      await row(page, name).getByText(word, { exact: true }).waitFor();
    }
    expect(await rows(page).locator('.drop-name').allTextContents()).toEqual([
      'png-text.png',
      'hills.jpg',
      'mdta.mp4',
      'torn.mp4',
    ]);
    expect((await page.locator('.batch .totals').textContent())?.replaceAll(/\s/g, '')).toBe(
      `${say.declared}2${say.nothing}2`.replaceAll(/\s/g, ''),
    );

    // The same rows come back after a reload, and the same bytes are recognised.
    await page.reload();
    await row(page, 'torn.mp4').getByText(say.nothing, { exact: true }).waitFor();
    await choose(page, [fixture('labels-images/png-text.png')]);
    await page.locator('.batch').first().getByText(say.same).waitFor();

    await page.getByRole('link', { name: 'torn.mp4' }).click();
    await page.getByText(say.torn).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'png-text.png' }).first().click();
    await page.locator('.verdict-sentence').getByText(say.sentence).waitFor();
    await page.getByText(say.clause).waitFor();
    const [answer] = await house.database.owner
      .withTables<{ screening_record: { record: string } }>()
      .selectFrom('screening_record')
      .select('record')
      .where('record', 'like', '%png-text.png%')
      .execute();
    await page.locator('.facts .fold').last().locator('summary').click();
    expect(JSON.parse((await page.locator('.raw').textContent()) ?? '')).toEqual(JSON.parse(answer?.record ?? ''));
  },
);

test.each(['en', 'zh'] as const)(
  'a picture is blurred and grey until it is asked for, and stays so for nobody else (%s)',
  async (lang) => {
    const say = tales[lang];
    const house = await openVisitedHouse();
    const { page, person } = await atScreen(house, { lang });
    await screenOne(page, fixture('labels-images/png-text.png'), say.declared);
    await page.getByRole('link', { name: 'png-text.png' }).click();
    const picture = page.locator('.stage img');
    await picture.waitFor();
    await expect.poll(() => filterOf(page)).toBe('blur(18px) grayscale(1)');
    expect(await picture.getAttribute('src')).toContain('/exhibits/');
    await page.keyboard.press('r');
    await page.locator('.stage img[src*="/media"]').waitFor();
    await expect.poll(() => filterOf(page)).toBe('none');
    await page.getByRole('button', { pressed: true }).click();
    await expect.poll(() => filterOf(page)).toBe('blur(18px) grayscale(1)');
    await page.getByRole('button', { name: say.show }).click();
    await expect.poll(() => filterOf(page)).toBe('none');
    // Another visit begins covered again; a person's own setting is heeded.
    await page.reload();
    await picture.waitFor();
    await expect.poll(() => filterOf(page)).toBe('blur(18px) grayscale(1)');
    await house.ask('PATCH', '/api/v1/me/preferences', { as: person, body: { blur: false } });
    await page.reload();
    await picture.waitFor();
    await expect.poll(() => filterOf(page)).toBe('grayscale(1)');
  },
);

test.each(['en', 'zh'] as const)(
  'a person puts a word beside the machine’s, says why, and takes it back (%s)',
  async (lang) => {
    const say = tales[lang];
    const house = await openVisitedHouse();
    const { page } = await atScreen(house, { lang });
    await screenOne(page, fixture('labels-images/png-text.png'), say.declared);
    await page.getByRole('link', { name: 'png-text.png' }).click();
    await page.getByRole('button', { name: say.decide }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: say.save, exact: true }).click();
    await expect.poll(() => dialog.locator('.ant-form-item-explain-error').count()).toBe(2);
    await dialog.getByText(say.little).click();
    await dialog.getByLabel(say.reason).fill('The label was pasted in: the sender showed us the camera file.');
    await dialog.getByRole('button', { name: say.save, exact: true }).click();
    await page.getByText(say.person).waitFor();
    // What the machine said is still what stands first.
    await expect.poll(() => page.locator('.verdict-sentence').textContent()).toBe(say.sentence);
    await expect.poll(() => page.locator('.decision').textContent()).toContain('the sender showed us the camera file');

    await page.getByLabel(say.note).fill('Asked the sender for the original.');
    await page.getByRole('button', { name: say.add, exact: true }).click();
    await page.getByText('Asked the sender for the original.').waitFor();

    await page.goto('/screen/history?overridden=true');
    await page.locator('.history-override').getByText(say.little).waitFor();
    await page.getByRole('link', { name: 'png-text.png' }).click();
    await page.getByRole('button', { name: say.withdraw }).click();
    await page.getByRole('dialog').getByLabel(say.reason).fill('The camera file was another one.');
    await page.getByRole('dialog').getByRole('button', { name: say.withdraw }).click();
    await page.getByText(say.person).waitFor({ state: 'detached' });
    await expect.poll(() => page.locator('.decision').count()).toBe(3);
  },
);

test('an upload that a reload cut off goes on where it stopped when the file is chosen again', async () => {
  const house = await openVisitedHouse();
  const { page } = await atScreen(house);
  const file = at('long.bin');
  writeFileSync(file, Buffer.alloc(piece * 2 + 1_000_000, 'clearmirror'));
  const offsets: string[] = [];
  let cut = true;
  await page.route(/\/api\/v1\/uploads\/[^/]+$/, async (route, request) => {
    if (request.method() !== 'PATCH') return route.continue();
    offsets.push(request.headers()['upload-offset'] ?? '');
    // The second piece never arrives at this visit.
    if (cut && offsets.length > 1) return;
    await route.continue();
  });
  await choose(page, [file]);
  await expect.poll(() => offsets, patience).toEqual(['0', String(piece)]);
  page.once('dialog', (dialog) => dialog.accept());
  cut = false;
  await page.reload();
  await page.getByText('An upload was interrupted').waitFor();
  expect(await page.locator('.interrupted li').textContent()).toContain('4.19 MB of 9.39 MB are here');
  await choose(page, [file]);
  await row(page, 'long.bin').getByText('Not applicable').waitFor();
  expect(offsets.slice(2)).toEqual([String(piece), String(piece * 2)]);
  await expect.poll(() => page.getByText('An upload was interrupted').count()).toBe(0);
  await expect.poll(() => rows(page).count()).toBe(1);
});

test('an upload waits while the line is cut and goes on by itself; it is paused and goes on by hand', async () => {
  const house = await openVisitedHouse();
  const { page } = await atScreen(house);
  const file = at('waiting.bin');
  writeFileSync(file, Buffer.alloc(piece + 1_000_000, 'mirror'));
  let pieces = 0;
  const held = Promise.withResolvers<void>();
  await page.route(/\/api\/v1\/uploads\/[^/]+$/, async (route, request) => {
    if (request.method() !== 'PATCH') return route.continue();
    pieces += 1;
    if (pieces === 2) {
      await page.context().setOffline(true);
      return route.abort('internetdisconnected');
    }
    if (pieces === 3) await held.promise;
    await route.continue().catch(() => undefined);
  });
  await choose(page, [file]);
  await row(page, 'waiting.bin').getByText('no connection; goes on by itself from 4.19 MB of 5.19 MB').waitFor();
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Pause: waiting.bin' }).waitFor();
  await expect.poll(() => pieces, patience).toBe(3);
  await page.getByRole('button', { name: 'Pause: waiting.bin' }).click();
  await row(page, 'waiting.bin').getByText('paused at').waitFor();
  held.resolve();
  await page.getByRole('button', { name: 'Go on: waiting.bin' }).click();
  await row(page, 'waiting.bin').getByText('Not applicable').waitFor();
});

test('an address inside the network is refused in words, beside files that are not', async () => {
  const house = await openVisitedHouse();
  const { page } = await atScreen(house);
  await page.getByLabel('Or an address').fill('http://127.0.0.1:9/clip.mp4');
  await page.getByRole('button', { name: 'Fetch and screen' }).click();
  await page
    .getByText(/is not an address on the public internet|is not fetched from/)
    .first()
    .waitFor();
  await choose(page, [at('hills.jpg')]);
  await row(page, 'hills.jpg').getByText('Not applicable').waitFor();
});

test('sound is silent and a film is covered until they are asked for; a film plays muted', async () => {
  const house = await openVisitedHouse();
  const { page } = await atScreen(house);
  await choose(page, [fixture('labels-av/long.wav'), fixture('labels-av/mdta.mp4')]);
  await row(page, 'long.wav').getByText('Not applicable').waitFor();
  await row(page, 'mdta.mp4').getByText('Declared', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'long.wav' }).click();
  await page.getByText('Silent until you ask.').waitFor();
  expect(await page.locator('audio').count()).toBe(0);
  await page.getByRole('button', { name: 'Let me hear it' }).click();
  expect(await page.locator('audio').getAttribute('src')).toContain('/media');
  await page.locator('.timeline .wave').waitFor();

  await page.goto('/screen/history?text=mdta');
  await page.getByRole('link', { name: 'mdta.mp4' }).click();
  await page.locator('.stage img').waitFor();
  expect(await page.locator('video').count()).toBe(0);
  await page.keyboard.press('r');
  const film = page.locator('video');
  await film.waitFor();
  expect(await page.evaluate("document.querySelector('video').muted")).toBe(true);
  await expect.poll(() => page.evaluate("document.querySelector('video').duration > 0.2"), patience).toBe(true);
});

test('the history is narrowed by the address of the page, moved through and opened with keys', async () => {
  const house = await openVisitedHouse();
  const { page, person } = await atScreen(house);
  await page.goto('/screen/history');
  await page.getByText('Nothing was screened yet').waitFor();
  for (const name of ['labels-images/png-text.png', 'traces/suno.mp3', 'labels-av/long.wav'])
    await send(house, person, name);
  await expect.poll(() => page.locator('.data-table tbody tr').count(), patience).toBe(3);
  await page.getByRole('button', { name: 'Strong evidence' }).click();
  await expect.poll(() => page.locator('.data-table tbody tr').count(), patience).toBe(1);
  expect(new URL(page.url()).search).toBe('?verdict=strong');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'CSV' }).click(),
  ]);
  const csv = readFileSync(await download.path(), 'utf8');
  expect(csv).toContain('suno.mp3');
  expect(csv).not.toContain('png-text.png');
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await expect.poll(() => page.locator('.data-table tbody tr').count(), patience).toBe(3);
  await page.getByLabel('Name or SHA-256').fill('long');
  await expect.poll(() => page.locator('.data-table tbody tr').count(), patience).toBe(1);
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'long.wav' }).waitFor();
});

test('who may not screen reads results and is offered no button that would be refused', async () => {
  const house = await openVisitedHouse();
  const administrator = await house.setUp();
  await send(house, administrator, 'labels-images/png-text.png');
  const signatory = await house.addMember(administrator, ['signatory']);
  const { page } = await atScreen(house, { as: signatory });
  await page.getByText('Your roles let you read screenings, not start them').waitFor();
  await page.goto('/screen/history');
  await page.getByRole('link', { name: 'png-text.png' }).click();
  await page.locator('.verdict-sentence').getByText(tales.en.sentence).waitFor();
  for (const name of ['Decide otherwise', 'Delete the media', 'Add']) {
    expect(await page.getByRole('button', { name, exact: true }).count(), name).toBe(0);
  }
});

test('every picture of a result fits a phone, in both languages and themes, and names are never markup', async () => {
  const house = await openVisitedHouse();
  const administrator = await house.setUp();
  const id = await send(
    house,
    administrator,
    'provenance/collage.jpg',
    'photo\u202egnp.exe <img src=x onerror=alert(1)>.jpg',
  );
  await send(house, administrator, 'labels-av/mdta.mp4');
  for (const { lang, theme, phone } of [
    { lang: 'en', theme: 'dark', phone: false },
    { lang: 'zh', theme: 'light', phone: true },
  ] as const) {
    const { page } = await atScreen(house, { lang, theme, phone, as: administrator });
    for (const path of [
      '/screen',
      '/screen/history',
      `/screen/${id}`,
      '/screen/00000000-0000-4000-8000-000000000000',
    ]) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      await expect.poll(() => page.locator('.waiting').count()).toBe(0);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), path).toBeLessThanOrEqual(0);
      expect(await page.locator('main').textContent(), 'no bare key').not.toMatch(
        /\b(screening|report|signal|finding|verdict)\.[a-z]/,
      );
      expect(await page.locator('main img[src="x"]').count()).toBe(0);
    }
  }
});

/** For a machine that does much else at the same time. */
const patience = { timeout: 60_000 };

/** A tus piece as the pages send it. */
const piece = 4 * 1024 * 1024;

function fixture(name: string): string {
  return new URL(`../fixtures/${name}`, import.meta.url).pathname;
}

function at(name: string): string {
  return join(folder, name);
}

async function atScreen(house: VisitedHouse, who: Parameters<typeof come>[1] = {}) {
  const here = await come(house, who);
  await here.page.goto('/screen');
  await here.page.getByRole('heading', { level: 1 }).waitFor();
  return here;
}

function choose(page: Page, files: string[]): Promise<void> {
  return page.getByTestId('files').setInputFiles(files);
}

async function screenOne(page: Page, file: string, word: string): Promise<void> {
  await choose(page, [file]);
  await rows(page).first().getByText(word, { exact: true }).waitFor();
}

function rows(page: Page): Locator {
  return page.locator('.drop-row');
}

function row(page: Page, name: string): Locator {
  return rows(page).filter({ hasText: name }).first();
}

function filterOf(page: Page): Promise<string> {
  return page.evaluate("getComputedStyle(document.querySelector('.stage img')).filter");
}

/** As a program would. Resolves when there is a verdict. */
async function send(
  house: House,
  person: Person,
  name: string,
  as = name.slice(name.lastIndexOf('/') + 1),
): Promise<string> {
  const answer = await house.server.inject({
    method: 'POST',
    url: `/api/v1/screenings?name=${encodeURIComponent(as)}`,
    headers: {
      origin: house.publicUrl,
      cookie: person.cookie,
      'clearmirror-organisation': person.organisation,
      'content-type': 'application/octet-stream',
    },
    payload: readFileSync(fixture(name)),
  });
  const { id } = answer.json().screening;
  const state = async () => (await house.ask('GET', `/api/v1/screenings/${id}`, { as: person })).body.state;
  await expect.poll(state, patience).toBe('done');
  return id;
}

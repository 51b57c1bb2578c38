import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plainPicture, producer } from '../labellings.ts';
import { come } from './people.ts';
import { withBrowser } from './visit.ts';

const openVisitedHouse = withBrowser();
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clearmirror-label-'));
  writeFileSync(join(folder, 'hills.jpg'), await plainPicture());
  writeFileSync(join(folder, 'lake.png'), await plainPicture('png'));
  writeFileSync(join(folder, 'notes.bin'), 'of no format at all');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tales = {
  en: {
    nav: 'Label',
    waits: '3 files wait for the plan',
    build: 'Build from a credit code',
    uscc: 'Unified social credit code',
    number: 'Number of the service',
    use: 'Use this code',
    go: 'Label 3 files',
    labelled: 'Labelled',
    refused: 'Refused',
    written: 'AIGC label written',
    declared: 'Declared',
    screen: 'Screen the labelled file',
    producer: 'Provider code or name',
    other: 'Label the original in another way',
    again: 'Label it as the plan says',
    settings: 'Label settings',
    asProducer: 'As the one that generates',
    save: 'Save',
    saved: 'The settings are saved',
    mine: 'Save mine over it',
  },
  zh: {
    nav: '标识',
    waits: '3 个文件等待方案',
    build: '由信用代码生成',
    uscc: '统一社会信用代码',
    number: '服务编号',
    use: '使用此编码',
    go: '为 3 个文件添加标识',
    labelled: '已标识',
    refused: '已拒绝',
    written: '已写入 AIGC 标识',
    declared: '已声明',
    screen: '检测带标识的文件',
    producer: '服务提供者编码或名称',
    other: '以其他方式标识原文件',
    again: '按方案添加标识',
    settings: '标识设置',
    asProducer: '作为生成合成服务提供者',
    save: '保存',
    saved: '设置已保存',
    mine: '以我的内容覆盖',
  },
} as const;

test.each(['en', 'zh'] as const)(
  'files wait for a whole plan, come back labelled, and are screened (%s)',
  async (lang) => {
    const say = tales[lang];
    const house = await openVisitedHouse();
    const { page, person } = await come(house, { lang });
    await page.getByRole('link', { name: say.nav }).first().click();
    await page.locator('.plan-card').waitFor();
    await page
      .getByTestId('files')
      .setInputFiles(['hills.jpg', 'lake.png', 'notes.bin'].map((name) => join(folder, name)));
    // Nobody is named yet: the files wait, and the missing field is where one stands.
    await page.locator('.note-title', { hasText: say.waits }).waitFor();
    await expect.poll(() => page.evaluate('document.activeElement?.id')).toBe('contentProducer');
    expect((await house.ask('GET', '/api/v1/labellings', { as: person })).body.items).toEqual([]);

    await page.getByRole('button', { name: say.build }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(say.uscc).fill('91110102MAD55U9H0G');
    await expect.poll(() => dialog.getByRole('button', { name: say.use }).isDisabled()).toBe(true);
    await dialog.locator('.uscc-wrong').first().waitFor();
    await dialog.getByLabel(say.uscc).fill('91110102MAD55U9H0F');
    await dialog.getByLabel(say.number).fill('0001');
    await dialog.getByText(producer).waitFor();
    await dialog.getByRole('button', { name: say.use }).click();
    expect(await page.getByLabel(say.producer).inputValue()).toBe(producer);

    await page.getByRole('button', { name: say.go }).click();
    await line(page, 'hills.jpg').getByText(say.labelled, { exact: true }).waitFor();
    await line(page, 'lake.png').getByText(say.labelled, { exact: true }).waitFor();
    await line(page, 'notes.bin').getByText(say.refused, { exact: true }).waitFor();

    const fetched = page.waitForEvent('download');
    await line(page, 'lake.png').locator('.label-fetch').click();
    const download = await fetched;
    expect(download.suggestedFilename()).toBe('lake.labelled.png');
    expect(readFileSync(await download.path()).includes(producer)).toBe(true);

    await page.getByRole('link', { name: 'hills.jpg' }).click();
    await page.getByText(say.written).waitFor();
    await page.getByRole('button', { name: say.screen }).click();
    await page.waitForURL(/\/screen\//);
    await page.getByText(say.declared, { exact: true }).first().waitFor();
  },
);

test('a refused file is labelled in another way without a second upload', async () => {
  const say = tales.en;
  const house = await openVisitedHouse();
  const { page } = await come(house);
  await page.goto('/label');
  await page.getByLabel(say.producer).fill('Shimmer');
  const labelled = readFileSync('test/fixtures/labels-images/png-text.png');
  writeFileSync(join(folder, 'theirs.png'), labelled);
  await page.getByTestId('files').setInputFiles(join(folder, 'theirs.png'));
  await page.getByRole('link', { name: 'theirs.png' }).click();
  await page.getByText('The file has a label already').waitFor();
  await page.getByRole('link', { name: say.other }).click();
  await page.getByText('theirs.png').first().waitFor();
  await page.getByLabel(/We publish what others made/).check();
  await page.getByLabel('Platform’s code or name').fill('ShimmerSquare');
  await page.getByRole('button', { name: say.again }).click();
  await page.getByText('AIGC label updated with the platform’s part').waitFor();
  await page.getByText('ShimmerSquare').first().waitFor();
});

test('two who change the settings at once are told of each other', async () => {
  const say = tales.en;
  const house = await openVisitedHouse();
  const { page, person } = await come(house);
  await page.goto('/label/settings');
  await page.getByLabel(say.asProducer).fill('Shimmer');
  const body = { contentProducer: 'Glow', contentPropagator: null, label: '2', sourceType: null, revision: 0 };
  expect((await house.ask('PUT', '/api/v1/label-settings', { as: person, body })).status).toBe(200);
  await page.getByRole('button', { name: say.save }).click();
  await page.getByRole('button', { name: say.mine }).click();
  await page.getByText(say.saved).last().waitFor();
  const { body: now } = await house.ask('GET', '/api/v1/label-settings', { as: person });
  expect(now).toMatchObject({ contentProducer: 'Shimmer', label: '1', revision: 2 });
});

function line(page: Page, name: string) {
  return page.locator('tr', { hasText: name });
}

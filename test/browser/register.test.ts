import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { actAsSystem } from '../../src/platform/database/database.ts';
import { tell } from '../../src/platform/http/live.ts';
import { come } from './people.ts';
import { withBrowser } from './visit.ts';

const openVisitedHouse = withBrowser();

const service = {
  slug: 'shimmer-voice',
  name: { en: 'Shimmer Voice' },
  type: 'app',
  jurisdictions: ['cn'],
  features: null,
};

/** What the pages say in each language, where the story clicks on it. */
const tales = {
  en: {
    services: 'Services',
    add: 'Add a service',
    name: 'Name in English',
    serviceName: 'Shimmer Voice',
    slug: 'Short name',
    places: 'Offered to the public in',
    china: 'mainland China',
    plan: 'Plan a launch',
    voiceRoom: 'voice room',
    waits: 'The launch must wait.',
    because: 'a function is added (Art. 3(1))',
    before: 'due before the launch on Sun 20 Dec 2026',
    provisions: '2018 Security Assessment Provisions',
    no: 'no',
    functionName: 'Voice room',
    save: 'Save the planned function',
    planned: 'planned',
    closed: 'closed',
    open: 'open',
    record: 'Record a filing',
    authority: 'Where it was filed',
    number: 'Number given there',
    accept: 'Record acceptance',
    accepted: 'accepted',
  },
  zh: {
    services: '服务',
    add: '新增服务',
    name: '中文名称',
    serviceName: '微光语音',
    slug: '短名称',
    places: '面向公众提供的地区',
    china: '中国内地',
    plan: '拟上线评估',
    voiceRoom: '语音房',
    waits: '上线须等待。',
    because: '增设功能（第三条第（一）项）',
    before: '2026年12月20日（周日）上线前完成',
    provisions: '2018年安全评估规定',
    no: '否',
    functionName: '语音房',
    save: '保存拟上线功能',
    planned: '拟上线',
    closed: '关闭',
    open: '开启',
    record: '登记报送',
    authority: '报送至',
    number: '编号',
    accept: '登记接收',
    accepted: '已接收',
  },
} as const;

test.each(['en', 'zh'] as const)(
  'a voice room is planned, its gate closes, and an accepted filing opens it (%s)',
  async (lang) => {
    const say = tales[lang];
    const house = await openVisitedHouse();
    const { page } = await come(house, { lang });

    await page.goto('/services');
    await page.getByText('schema: clearmirror.register/1').waitFor();
    await page.getByRole('button', { name: say.add }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(say.name).fill(say.serviceName);
    await dialog.getByLabel(say.slug).fill('shimmer-voice');
    await dialog.getByLabel(say.places).click();
    await page.getByTitle(say.china).click();
    await dialog.getByRole('button', { name: say.add }).click();
    await page.getByRole('heading', { level: 1, name: say.serviceName }).waitFor();

    await page.getByRole('link', { name: say.plan }).first().click();
    const answer = page.locator('#answer');
    await page.getByLabel(say.voiceRoom, { exact: true }).check();
    await page.locator('#fact-plannedAt input').fill('2026-12-20');
    const provisions = answer.locator('[data-rulebook="cn-2018"]');
    await provisions.getByText(say.before).first().waitFor();
    expect(await provisions.getAttribute('data-standing')).toBe('waits');
    await provisions.getByText(say.because).first().waitFor();
    await provisions.getByText(say.voiceRoom).first().waitFor();
    await answer.getByText(say.waits).waitFor();
    await sayNoToAll(page, say.no);

    const asks = page.locator('.plan-asks');
    await asks.getByLabel(say.name).fill(say.functionName);
    await asks.getByLabel(say.slug).fill('voice-room');
    await asks.getByRole('button', { name: say.save }).click();
    const card = page.locator('[data-function="voice-room"]');
    await card.getByText(say.planned).first().waitFor();

    const gate = page.locator('[data-gate="voice-room"]');
    await gate.getByText(say.closed).waitFor();
    await gate
      .getByText(/CN18-T1/)
      .first()
      .waitFor();
    await gate.getByText('clearmirror gate --service shimmer-voice --function voice-room').waitFor();

    const group = page.locator('.due-group', { has: page.locator('.due-occasion', { hasText: say.functionName }) });
    const due = group.locator('[data-due="CN18-D1"]');
    await due.getByRole('button', { name: say.record }).click();
    await dialog.getByLabel(say.authority).fill('全国互联网安全管理服务平台');
    await dialog.getByLabel(say.number).fill('SHIMMER-2026-0001');
    await dialog.locator('input[type=date]').fill('2026-11-22');
    await dialog.getByRole('button', { name: say.record }).click();
    await due.getByText('SHIMMER-2026-0001').click();
    await page.getByRole('heading', { level: 1, name: say.provisions }).waitFor();
    await page.getByRole('button', { name: say.accept }).click();
    await dialog.locator('input[type=date]').fill('2026-11-22');
    await dialog.getByRole('button', { name: say.accept }).click();
    await page.locator('.filing-state-line').getByText(say.accepted).waitFor();

    await page.goto('/services/shimmer-voice');
    await gate.getByText(say.open, { exact: true }).waitFor();
    expect(await gate.getAttribute('data-open')).toBe('true');
    await page.goto('/services');
    await page.getByRole('link', { name: say.serviceName }).waitFor();
  },
  600_000,
);

test('two people edit a service at once: the second is told, and nothing is lost', async () => {
  const house = await openVisitedHouse();
  const person = await house.setUp();
  await house.ask('POST', '/api/v1/services', { as: person, body: service });
  const { page } = await come(house, { as: person });
  await page.goto('/services/shimmer-voice');
  await page.getByRole('button', { name: 'Edit' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Description in English').fill('Rooms for invited people.');

  const theirs = { revision: 1, jurisdictions: ['cn', 'kr'] };
  await house.ask('PATCH', '/api/v1/services/shimmer-voice', { as: person, body: theirs });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Somebody else changed this meanwhile').waitFor();
  await dialog.getByText(/first 1 changed it/).waitFor();
  expect(await dialog.getByLabel('Description in English').inputValue()).toBe('Rooms for invited people.');
  await dialog.getByRole('button', { name: 'Take theirs into this form' }).click();
  await dialog.getByTitle('South Korea').waitFor();
  await dialog.getByLabel('Description in English').fill('Rooms for invited people.');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  const { body } = await house.ask('GET', '/api/v1/services/shimmer-voice', { as: person });
  expect(body).toMatchObject({ jurisdictions: ['cn', 'kr'], description: { en: 'Rooms for invited people.' } });
}, 600_000);

test('the company profile is kept with its contacts and licences; who is overtaken keeps their own over it', async () => {
  const house = await openVisitedHouse();
  const { page, person } = await come(house);
  await page.goto('/company');
  await page.getByLabel('Name in English').fill('Example Shimmer Ltd');
  await page.getByRole('button', { name: 'Add a licence' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('A number is needed.').waitFor();
  const [contact, licence] = [page.locator('.rows').first(), page.locator('.rows').last()];
  await contact.getByLabel('Name').fill(' Zhou Che ');
  await licence.getByLabel('Name').fill('Example licence');
  await licence.getByLabel('Number').fill('EX-1');
  const theirs = { revision: 0, kind: 'unit', name: { en: 'Example Glimmer Ltd' } };
  expect((await house.ask('PUT', '/api/v1/company', { as: person, body: theirs })).status).toBe(200);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Somebody else changed this meanwhile').waitFor();
  await page.getByRole('button', { name: 'Save mine over it' }).click();
  await page.getByText('Saved.', { exact: true }).first().waitFor();
  const { body } = await house.ask('GET', '/api/v1/company', { as: person });
  expect(body.company).toMatchObject({
    revision: 2,
    name: { en: 'Example Shimmer Ltd', zh: null },
    contacts: [{ name: 'Zhou Che', phone: null, email: null }],
    licences: [{ name: 'Example licence', number: 'EX-1', validUntil: null }],
  });
}, 600_000);

test('what somebody else changes appears on an open page by itself', async () => {
  const house = await openVisitedHouse();
  const person = await house.setUp();
  await house.ask('POST', '/api/v1/services', { as: person, body: service });
  const { page } = await come(house, { as: person });
  const listening = page.waitForResponse(/\/api\/v1\/live/);
  await page.goto('/services');
  await page.getByRole('link', { name: 'Shimmer Voice' }).waitFor();
  await listening;
  const name = { en: 'Shimmer Rooms' };
  await house.ask('PATCH', '/api/v1/services/shimmer-voice', { as: person, body: { revision: 1, name } });
  await page.getByRole('link', { name: 'Shimmer Rooms' }).waitFor();
}, 600_000);

test('what hundreds of changes concern is read once, not for each of them', async () => {
  const house = await openVisitedHouse();
  const { page, person } = await come(house);
  await house.ask('POST', '/api/v1/services', { as: person, body: service });
  const listening = page.waitForResponse(/\/api\/v1\/live/);
  await page.goto('/services');
  await page.getByRole('link', { name: 'Shimmer Voice' }).waitFor();
  await listening;
  await page.waitForLoadState('networkidle');
  const reads: string[] = [];
  page.on('request', (request) => reads.push(request.url()));
  const { organisation } = person;
  await actAsSystem(house.database, async (tx) => {
    for (let change = 0; change < 200; change++) await tell(tx, { organisation, topic: 'service', id: `${change}` });
  });
  const name = { en: 'Shimmer Rooms' };
  await house.ask('PATCH', '/api/v1/services/shimmer-voice', { as: person, body: { revision: 1, name } });
  await page.getByRole('link', { name: 'Shimmer Rooms' }).waitFor();
  await page.waitForLoadState('networkidle');
  const lists = reads.filter((url) => new URL(url).pathname === '/api/v1/services');
  expect(lists.length).toBeGreaterThan(0);
  expect(lists.length).toBeLessThan(20);
}, 600_000);

test('an engineer plans, and is not offered what only others may record', async () => {
  const house = await openVisitedHouse();
  const administrator = await house.setUp();
  await house.ask('POST', '/api/v1/services', { as: administrator, body: service });
  const { page } = await come(house, { as: await house.addMember(administrator, ['engineer']) });
  await page.goto('/services/shimmer-voice');
  await page.getByRole('link', { name: 'Plan a launch' }).first().waitFor();
  await page.getByRole('heading', { name: 'Filings' }).waitFor();
  expect(await page.getByRole('button', { name: 'Record a filing' }).count()).toBe(0);
  await page.goto('/company');
  await page.getByText('Administrators and assessors may change this.').waitFor();
  expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0);
}, 600_000);

/** Answers every question that a rule still waits for, until none is left. */
async function sayNoToAll(page: Page, no: string): Promise<void> {
  const open = page.locator('.flag', { has: page.locator('.flag-note') });
  for (let asked = 0; asked < 40; asked++) {
    await page.locator('.answer[aria-busy="false"]').waitFor();
    if ((await open.count()) === 0) return;
    await open.first().getByLabel(no, { exact: true }).check();
  }
  throw new Error('the questions do not end');
}

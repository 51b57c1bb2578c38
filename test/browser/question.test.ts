import { expect, test } from 'vitest';
import { come } from './people.ts';
import { withBrowser } from './visit.ts';

const openVisitedHouse = withBrowser();

const authority = {
  kind: 'authority',
  name: 'Example City Internet Office',
  level: 'prefecture',
  region: '990100',
} as const;

test('an officer asks about a launch: what does not apply says why, what is unknown leads to its question', async () => {
  const house = await openVisitedHouse();
  const { page } = await come(house, { lang: 'zh', as: await house.addOrganisation(await house.setUp(), authority) });

  await page.getByRole('link', { name: '即将上线什么？' }).click();
  expect(await page.getByRole('link', { name: '服务', exact: true }).count(), 'an authority has no services').toBe(0);
  expect(await page.getByText('保存这项计划').count(), 'and keeps nothing').toBe(0);

  const answer = page.locator('#answer');
  await page.getByLabel('中国内地').check();
  await page.getByLabel('声音克隆').check();
  const dsa = answer.locator('[data-rulebook="eu-dsa"]');
  await dsa.getByText(/因为适用地区：中国内地/).waitFor();
  expect(await dsa.getAttribute('data-standing')).toBe('not');

  const labelling = answer.locator('[data-rulebook="cn-2025-labelling"]');
  await labelling.getByRole('button', { name: '网络信息内容传播服务' }).click();
  const asked = page.locator('[id="fact-isPropagator"]');
  await asked.waitFor();
  await expect.poll(() => asked.locator(':focus').count(), { message: 'the cursor is there' }).toBe(1);
  await page.keyboard.press('n');
  await expect.poll(() => asked.getByLabel('否', { exact: true }).isChecked()).toBe(true);
});

test('a deadline in working days says how it was counted, and that next year is projected', async () => {
  const house = await openVisitedHouse();
  const person = await house.setUp();
  const { page } = await come(house, { as: person });

  await page.goto('/plan?event=authority-notice');
  await page.getByLabel('mainland China').check();
  await page.getByLabel('voice room', { exact: true }).check();
  await page.locator('[id="fact-authorityNotice.date"] input').fill('2026-12-14');
  await page.locator('[id="fact-authorityNotice.issuer"] .ant-select').click();
  await page.getByTitle('cyberspace administration').click();
  await page.locator('[id="fact-authorityNotice.level"] .ant-select').click();
  await page.getByTitle('prefecture').click();

  const due = page.locator('#answer [data-due="CN18-D3"]');
  await due.getByText(/due by \w{3} \d+ Jan 2027/).waitFor();
  await due.getByText('projected').first().waitFor();
  await due.getByText(/30 working days from Mon 14 Dec 2026/).click();
  await due.getByText(/the first that does is Tue 15 Dec 2026/).waitFor();
  await due.getByText(/Fri 1 Jan 2027 New Year/).waitFor();
  await due.getByText(/not verified: warns only/).waitFor();

  // The same clock is told by the server: nothing was counted in the page.
  const facts = {
    jurisdictions: ['cn'],
    features: ['voice_room'],
    event: 'authority-notice',
    authorityNotice: { date: '2026-12-14', issuer: 'internet-information', level: 'prefecture' },
  };
  const { body } = await house.ask('POST', '/api/v1/question', { as: person, body: { facts } });
  const clock = body.rulebooks
    .flatMap((rulebook: { due: { id: string; by: { date: string } }[] }) => rulebook.due)
    .find(({ id }: { id: string }) => id === 'CN18-D3');
  expect(clock.by.derivation.skipped.length).toBe(
    await due.locator('.day-weekend, .day-holiday, .day-projected-holiday').count(),
  );
});

test('what was said survives a reload, is copied as text, and is forgotten when asked', async () => {
  const house = await openVisitedHouse();
  const { page } = await come(house, { phone: true });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('/plan?event=add-function');
  await page.getByLabel('mainland China').check();
  await page.getByLabel('voice room', { exact: true }).check();
  await page.locator('.summary-bar').getByText('The launch must wait.').waitFor();
  await page.reload();
  await page.locator('#answer').getByText('The launch must wait.').waitFor();
  await expect.poll(() => page.getByLabel('voice room', { exact: true }).isChecked()).toBe(true);

  await page.getByRole('button', { name: 'Copy as text' }).click();
  const text = () => page.evaluate('navigator.clipboard.readText()');
  await expect.poll(text).toContain('2018 Security Assessment Provisions (cn-2018): due before launch');
  expect(await text()).toContain('because a function is added (Art. 3(1))');

  await page.getByRole('button', { name: 'Start again' }).click();
  await expect.poll(() => page.getByLabel('voice room', { exact: true }).isChecked()).toBe(false);
});

test('a rulebook is read with clause, both languages and what nobody has verified', async () => {
  const house = await openVisitedHouse();
  const { page } = await come(house);
  await page.goto('/rulebooks');
  await page.getByLabel('Name, place or number').fill('深度合成');
  await page.getByRole('link', { name: 'Deep Synthesis Provisions' }).click();
  const rule = page.locator('[id="CNDS-T20"]');
  await rule.getByText('Art. 20').waitFor();
  await rule.getByText('第二十条', { exact: true }).waitFor();
  await rule.getByText('read in its source').waitFor();
  await page.getByLabel('Word or clause').fill('CNDS-T13');
  // The search leaves out the rest.
  await rule.waitFor({ state: 'detached' });
  await page
    .locator('[id="CNDS-T13"]')
    .getByText(/unverified/)
    .waitFor();
});

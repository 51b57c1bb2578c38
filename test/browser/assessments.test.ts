import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { openPlatform } from '../../demo/platform/platform.ts';
import type { Assessment } from '../../src/contract/assessments.ts';
import type { Person } from '../house.ts';
import { platformTarget } from '../platform-target.ts';
import { come } from './people.ts';
import { type VisitedHouse, withBrowser } from './visit.ts';

const openVisitedHouse = withBrowser();

/** What the pages say in each language, where the story clicks on it. */
const tales = {
  en: {
    begin: 'Begin an assessment',
    go: 'Begin',
    rulebook: 'Labelling Measures',
    target: 'Describe it',
    save: 'Save',
    run: 'Run the probes',
    only: 'Implicit labels live through publishing',
    done: 'Done',
    critical: 'critical',
    read: 'Read what they saw',
    conforms: 'Conforms',
    reason: 'Reason',
    addEvidence: 'Add evidence',
    title: 'Title',
    stated: 'What is stated',
    observed: 'Observed',
    plan: 'Plan the rectification',
    measures: 'What is going to be done',
    verified: 'Verified',
    rerun: 'Run the same probe again',
    report: 'Report',
    conclusion: 'Conclusion',
    name: 'Name a signatory',
    who: 'Who',
    role: 'As what',
    conclude: 'Conclude',
    sign: 'Sign',
    signed: 'Signed',
    reopen: 'Open it again',
    voided: 'Voided: A figure was wrong',
    wrong: 'A figure was wrong',
    ready: 'Nothing stands in the way of the conclusion.',
  },
  zh: {
    begin: '发起安全评估',
    go: '开始',
    rulebook: '标识办法',
    target: '填写测试目标',
    save: '保存',
    run: '运行探针',
    only: '隐式标识经发布后保留',
    done: '已完成',
    critical: '严重',
    read: '查看结果',
    conforms: '符合',
    reason: '理由',
    addEvidence: '添加证据',
    title: '名称',
    stated: '声明内容',
    observed: '观察时间',
    plan: '安排整改',
    measures: '整改措施',
    verified: '已核验',
    rerun: '重新运行同一探针',
    report: '评估报告',
    conclusion: '评估结论',
    name: '添加签署人',
    who: '签署人',
    role: '身份',
    conclude: '作出结论',
    sign: '签署',
    signed: '已签署',
    reopen: '重新打开',
    voided: '已作废：数字有误',
    wrong: '数字有误',
    ready: '已具备作出结论的条件。',
  },
} as const;

const anyPort = Array.from({ length: 65_535 - 1_024 }, (_, index) => index + 1_024);

test.each(['en', 'zh'] as const)(
  'from the wizard over a gap that is rectified to the signed report, and a change voids it (%s)',
  async (lang) => {
    const say = tales[lang];
    const broken = await openPlatform({ port: 0, gaps: ['preview-unlabelled'] });
    const whole = await openPlatform({ port: 0, gaps: [] });
    onTestFinished(async () => {
      await broken.close();
      await whole.close();
    });
    const house = await openVisitedHouse({ assessments: { allow: { networks: ['127.0.0.1/32'], ports: anyPort } } });
    const { page, person } = await come(house, { lang });
    const signatory = await house.addMember(person, ['signatory']);
    const service = {
      slug: 'video',
      name: { en: 'Shimmer Video', zh: '微光短视频' },
      type: 'app',
      jurisdictions: ['cn'],
    };
    await house.ask('POST', '/api/v1/services', { as: person, body: { ...service, features: ['image_gen'] } });

    await page.goto('/assessments');
    await page.getByRole('link', { name: say.begin }).first().click();
    await page.getByRole('combobox').first().click();
    await page.getByTitle(lang === 'zh' ? '微光短视频' : 'Shimmer Video').click();
    await page.getByRole('checkbox', { name: new RegExp(say.rulebook) }).check();
    await page.getByRole('button', { name: say.go, exact: true }).click();

    await page.getByRole('link', { name: say.target }).click();
    await describeTarget(page, broken.url, say.save);
    await page.goBack();
    await page.locator('.requirement').waitFor();
    const id = /assessments\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
    const read = async (): Promise<Assessment> =>
      (await house.ask('GET', `/api/v1/assessments/${id}`, { as: person })).body;

    await runProbe(page, say);
    await page.locator('.hazard-card', { hasText: say.critical }).getByRole('button', { name: say.plan }).click();
    await page.getByLabel(say.measures).fill('Write the label again after scaling.');
    await page.getByRole('dialog').getByRole('button', { name: say.plan }).click();
    await page.locator('.hazard-plan').waitFor();

    // It is rectified, and the same probe says so.
    const { revision } = (await house.ask('GET', '/api/v1/services/video/target', { as: person })).body;
    const { target } = platformTarget(whole.url, ['jpeg', 'png']);
    await house.ask('PUT', '/api/v1/services/video/target', { as: person, body: { revision, target } });
    await page.locator('.hazard-card', { hasText: say.critical }).getByRole('button', { name: say.rerun }).click();
    await page.getByRole('spinbutton').first().fill('12');
    await page.getByRole('dialog').getByRole('button', { name: say.run }).click();
    await page.locator('.hazard-card', { hasText: say.verified }).first().waitFor();

    await answerOne(page, say);
    await answerTheRest(house, person, await read());

    await page.getByRole('link', { name: say.report, exact: true }).first().click();
    await page.getByLabel(say.conclusion, { exact: true }).fill('经评估，符合要求。');
    await page.getByRole('button', { name: say.name }).click();
    await page.getByLabel(say.who, { exact: true }).click();
    await page.locator('.ant-select-item-option').first().click();
    await page.getByLabel(say.role, { exact: true }).fill('法定代表人');
    await page.getByRole('button', { name: say.save }).first().click();
    await page.getByText(say.ready).waitFor();
    await page.getByRole('button', { name: say.conclude, exact: true }).click();
    await page.getByText('manifest.json').waitFor();

    const { page: other } = await come(house, { lang, as: signatory });
    await other.goto(`/assessments/${id}/report`);
    const sign = other.getByRole('button', { name: say.sign, exact: true });
    await sign.waitFor();
    expect(await sign.isDisabled()).toBe(true);
    const [opened] = await Promise.all([
      other.context().waitForEvent('page'),
      other.getByRole('link', { name: 'cn-2025-labelling.zh.pdf' }).click(),
    ]);
    await opened.close().catch(() => {});
    await expect.poll(() => sign.isEnabled(), { timeout: 30_000 }).toBe(true);
    await sign.click();
    await other.locator('.signature-name').waitFor();
    expect((await read()).state).toBe('signed');

    await page.goto(`/assessments/${id}/report`);
    await page.getByRole('button', { name: say.reopen }).click();
    await page.getByRole('dialog').getByLabel(say.reason).fill(say.wrong);
    await page.getByRole('dialog').getByRole('button', { name: say.reopen }).click();
    await page.getByText(say.voided).waitFor();
    expect((await read()).signatures.map(({ voided }) => voided?.reason)).toEqual([say.wrong]);
    expect(house.troubles).toEqual([]);
  },
  240_000,
);

test('on a phone nothing stands beyond the edge, and J moves from one requirement to the next', async () => {
  const house = await openVisitedHouse();
  const { page, person } = await come(house, { phone: true, theme: 'dark' });
  const body = { slug: 'video', name: { en: 'Video' }, type: 'app', jurisdictions: ['cn'], features: ['image_gen'] };
  await house.ask('POST', '/api/v1/services', { as: person, body });
  const begun = await house.ask('POST', '/api/v1/assessments', {
    as: person,
    body: { service: 'video', rulebooks: ['cn-2018', 'cn-2025-labelling'] },
  });
  const { id } = begun.body;
  for (const path of [
    '/assessments',
    '/assessments/new',
    `/assessments/${id}`,
    `/assessments/${id}/report`,
    '/hazards',
    '/services/video/target',
  ]) {
    await page.goto(path);
    await page.locator('h1').waitFor();
    await page.waitForLoadState('networkidle');
    const beyond = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    expect([path, beyond]).toEqual([path, 0]);
  }
  await page.goto(`/assessments/${id}`);
  const current = () => page.locator('.requirement-line[aria-current="true"]').textContent();
  await page.locator('.requirement').waitFor();
  const first = await current();
  await page.keyboard.press('j');
  await expect.poll(current).not.toBe(first);
  await page.keyboard.press('k');
  await expect.poll(current).toBe(first);
});

async function describeTarget(page: Page, url: string, save: string): Promise<void> {
  const { target, secrets } = platformTarget(url, ['jpeg', 'png']);
  const text = page.locator('.target-text');
  await text.fill('{ "hosts": [');
  expect(await page.getByRole('button', { name: save }).isDisabled()).toBe(true);
  await text.fill(JSON.stringify(target));
  for (const [name, value] of Object.entries(secrets)) await page.getByLabel(name, { exact: true }).fill(value);
  const [answer] = await Promise.all([
    page.waitForResponse((one) => one.url().endsWith('/target') && one.request().method() === 'PUT'),
    page.getByRole('button', { name: save }).click(),
  ]);
  expect(answer.status()).toBe(200);
}

async function runProbe(page: Page, say: (typeof tales)['en' | 'zh']): Promise<void> {
  await page.getByRole('button', { name: say.run }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('spinbutton').first().fill('12');
  await dialog.getByRole('checkbox', { name: say.only }).check();
  await dialog.getByRole('button', { name: say.run }).click();
  await page.getByRole('link', { name: say.read }).waitFor();
  expect(await page.locator('.square-lost').count()).toBeGreaterThan(0);
}

async function answerOne(page: Page, say: (typeof tales)['en' | 'zh']): Promise<void> {
  await page.locator('.requirement-line', { hasText: 'CNLB-8' }).click();
  await page.locator('.requirement header', { hasText: 'CNLB-8' }).waitFor();
  await page.locator('.answer-form').getByText(say.conforms, { exact: true }).click();
  await page.locator('.answer-form').getByLabel(say.reason).fill('Seen on the staging system.');
  await page.locator('.answer-form button[type=submit]').click();
  await page.locator('.requirement-answer').waitFor();
  await page.getByRole('button', { name: say.addEvidence }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(say.title, { exact: true }).fill('Walk through the upload page');
  await dialog.getByLabel(say.stated).fill('The reminder stands above the button.');
  // The clock of the house stands still, that of the browser does not.
  await dialog.getByLabel(say.observed).fill('2026-11-21T10:00');
  await dialog.getByRole('button', { name: say.addEvidence }).click();
  await page.locator('.evidence-card', { hasText: 'Walk through the upload page' }).waitFor();
}

/** By the interface: thirty forms more show nothing new. */
async function answerTheRest(house: VisitedHouse, as: Person, { id, requirements }: Assessment): Promise<void> {
  const refs = requirements
    .filter(({ evidence }) => evidence.length === 0)
    .map(({ rulebook, id: own }) => ({ rulebook, id: own }));
  await house.ask('POST', `/api/v1/assessments/${id}/evidence`, {
    as,
    body: {
      ...{ kind: 'attestation', title: 'Statement of the team', statement: 'All of it was looked at.' },
      ...{ observedAt: '2026-11-21T09:00:00Z', requirements: refs },
    },
  });
  for (const { rulebook, id: own, result } of requirements) {
    if (result !== 'open') continue;
    const body = { result: 'conforms', reason: 'Looked at.' };
    await house.ask('PATCH', `/api/v1/assessments/${id}/requirements/${rulebook}/${own}`, { as, body });
  }
}

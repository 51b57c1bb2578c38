import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { totp } from '../authenticator.ts';
import { openProvider } from '../identity-provider.ts';
import { come, enter } from './people.ts';
import { withBrowser } from './visit.ts';

const openVisitedHouse = withBrowser();

test('a first administrator sets the house up in Chinese and is shown around once', async () => {
  const house = await openVisitedHouse();
  const page = await house.visit({ lang: 'zh' });
  await page.goto('/');
  await page.getByText('尚无可登录的账户').waitFor();

  await page.goto((await house.setupLink()) ?? '');
  await page.getByLabel('姓名').fill('周明镜');
  expect(new URL(page.url()).hash, 'the secret has left the address bar').toBe('');
  await page.getByLabel('邮箱').fill('zhou@shimmer.example');
  await page.getByLabel('密码').fill('短');
  await page.getByRole('button', { name: '完成设置并登录' }).click();
  await page.getByText('至少 12 个字符。', { exact: true }).waitFor();
  await page.getByLabel('密码').fill('明镜照物如其本然不增不减');
  await page.getByLabel('机构名称').fill('云上微光科技有限公司');
  await page.getByRole('button', { name: '完成设置并登录' }).click();

  const tour = page.locator('.ant-tour');
  await tour.getByText('您的工作，依次在此').waitFor();
  await page.getByRole('button', { name: '下一步' }).click();
  await tour.getByText('两键直达').waitFor();
  await page.getByRole('button', { name: '下一步' }).click();
  await tour.getByText('3 / 3').waitFor();
  await page.getByRole('button', { name: '结束导览' }).click();
  await tour.waitFor({ state: 'detached' });

  const remembered = async () => (await (await page.request.get('/api/v1/me')).json()).preferences.tourSeen;
  await expect.poll(remembered).toBe(true);
  await page.clock.install();
  await page.reload();
  await page.locator('.bar').getByText('云上微光科技有限公司').waitFor();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.clock.runFor(10_000);
  expect(
    asked.filter((url) => /\/tour-/.test(url)),
    'the tour is not shown twice',
  ).toEqual([]);
  await page.clock.resume();

  await page.getByRole('button', { name: '周明镜的账户' }).click();
  await page.getByRole('menuitem', { name: '再看一遍导览' }).click();
  await tour.getByText('您的工作，依次在此').waitFor();
});

test('somebody invited comes in by the link, with their roles, and the link is spent', async () => {
  const house = await openVisitedHouse();
  const { page } = await come(house);
  await page.goto('/settings/members');
  await page.getByRole('button', { name: 'Invite a member' }).click();
  await page.getByLabel('E-mail').fill('lin@shimmer.example');
  await page.getByRole('checkbox', { name: /assessor/ }).check();
  await page.getByRole('button', { name: 'Make the link' }).click();
  const link = (await page.locator('.secret-text').textContent()) ?? '';
  await page.getByRole('button', { name: 'I have handed it on' }).click();
  await page.getByRole('cell', { name: 'lin@shimmer.example' }).waitFor();

  const guest = await house.visit({ lang: 'zh', phone: true });
  await guest.goto(link);
  await guest.getByText('Example Shimmer Ltd邀请您加入').waitFor();
  await guest.getByText('评估员').waitFor();
  await guest.getByLabel('姓名').fill('林晓棠');
  await guest.getByLabel('密码').fill('林间的晓棠花开在三月里呀');
  await guest.getByRole('button', { name: '接受邀请并登录' }).click();
  await guest.locator('.frame').waitFor();
  await guest.goto('/settings/members');
  await guest.getByRole('cell', { name: /林晓棠/ }).waitFor();
  expect(await guest.getByRole('button', { name: '邀请成员' }).count(), 'only administrators invite').toBe(0);

  await guest.goto(link);
  await guest.getByRole('heading', { name: '此链接已失效' }).waitFor();
  await page.reload();
  await page.getByText('No invitation is open.').waitFor();
});

test('somebody who forgot their password chooses a new one by a link that an administrator hands on', async () => {
  const house = await openVisitedHouse();
  const administrator = await house.setUp();
  const { email } = await house.addMember(administrator, ['engineer']);
  const { page } = await come(house, { as: administrator });
  await page.goto('/settings/members');
  await page.getByRole('row', { name: email }).getByRole('button').click();
  await page.getByRole('menuitem', { name: 'New password' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  const link = (await dialog.locator('.secret-text').textContent()) ?? '';

  const guest = await house.visit({ lang: 'zh', phone: true });
  await guest.goto(link);
  await guest.getByRole('heading', { name: '设置新密码' }).waitFor();
  await guest.getByText(email).waitFor();
  await guest.getByLabel('密码').fill('山高月小水落石出清风徐来');
  await guest.getByRole('button', { name: '保存并登录' }).click();
  await guest.locator('.frame').waitFor();
  await guest.goto(link);
  await guest.getByRole('heading', { name: '此链接已失效' }).waitFor();
  expect(await guest.getByRole('alert').count(), 'once is enough').toBe(0);

  const elsewhere = await house.visit();
  await elsewhere.goto('/sign-in');
  await enter(elsewhere, { email, password: '山高月小水落石出清风徐来' });
  await elsewhere.locator('.frame').waitFor();
});

test.each([
  { lang: 'zh', button: '使用 Example SSO 登录', refused: '对方未能确认您的身份' },
  { lang: 'en', button: 'Sign in with Example SSO', refused: 'The other side did not confirm who you are' },
] as const)(
  'a provider leads out and back in; whom it does not know stays at the door ($lang)',
  async ({ lang, button, refused }) => {
    const there = await openProvider();
    const house = await openVisitedHouse({ providers: [there.provider] });
    const { email } = await house.setUp();
    const elsewhere = new URL(there.provider.discoveryUrl).origin;
    const page = await house.visit({ lang, elsewhere });
    await page.route(`${elsewhere}/authorize?*`, (route, request) => {
      const back = there.agree(request.url()).replaceAll('&', '&amp;');
      return route.fulfill({ contentType: 'text/html', body: `<a href="${back}">Agree</a>` });
    });
    const goOut = async () => {
      await page.getByRole('button', { name: button }).click();
      await page.getByRole('link', { name: 'Agree' }).click();
    };
    there.person = { sub: 'stranger', email: 'stranger@shimmer.example', email_verified: true };
    await page.goto('/settings/sessions');
    await goOut();
    await page.getByText(refused).waitFor();
    there.person = { sub: 'an-li', email, email_verified: true };
    await page.goto('/settings/sessions');
    await goOut();
    await page.locator('.frame').waitFor();
    expect(new URL(page.url()).pathname).toBe('/settings/sessions');
  },
);

test('a second factor is enrolled from the picture and asked for at the next sign-in', async () => {
  const house = await openVisitedHouse();
  const person = await house.setUp();
  const { page } = await come(house, { as: person });
  await page.getByRole('button', { name: /thing needs you now/ }).click();
  await page.getByRole('link', { name: 'Turn on two-factor sign-in' }).click();
  await page.getByLabel('Your password').fill(person.password);
  await page.getByRole('button', { name: 'Begin' }).click();
  const secret = ((await page.locator('.enrol-secret').textContent()) ?? '').replaceAll(' ', '');
  expect(await page.locator('.enrol-picture svg').count(), 'the picture is drawn here').toBe(1);
  await page.getByLabel('Code from the app').fill('000000');
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByText('This code is not right.').waitFor();
  await page.getByLabel('Code from the app').fill(totp(secret));
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByText('Your backup codes.').waitFor();
  const [backupCode = ''] = ((await page.locator('.secret-text').textContent()) ?? '').split('\n');
  await page.getByRole('button', { name: 'Nothing needs you now' }).waitFor();

  const elsewhere = await house.visit();
  await elsewhere.goto('/settings/sessions');
  await enter(elsewhere, person);
  await elsewhere.getByLabel('Code from the app').fill(totp(secret));
  await elsewhere.getByRole('button', { name: 'Sign in' }).click();
  await elsewhere.getByRole('heading', { name: 'Sessions' }).waitFor();

  const withoutPhone = await house.visit();
  await withoutPhone.goto('/');
  await enter(withoutPhone, person);
  await withoutPhone.getByRole('button', { name: 'Use a backup code' }).click();
  await withoutPhone.getByLabel('Backup code').fill(backupCode);
  await withoutPhone.getByRole('button', { name: 'Sign in' }).click();
  await withoutPhone.locator('.frame').waitFor();
});

test('after wrong passwords the address rests, and the page says until when', async () => {
  const house = await openVisitedHouse();
  const person = await house.setUp();
  const page = await house.visit();
  await page.goto('/sign-in');
  for (let attempt = 0; attempt < 5; attempt++) {
    const refused = page.waitForResponse(/\/sign-in\/email/);
    await enter(page, { ...person, password: `not the password ${attempt}` });
    await refused;
    await page.getByText('E-mail or password is not right.').waitFor();
  }
  await enter(page, person);
  await page.getByText('Too many wrong passwords').waitFor();
  await page.getByText(/from Sun 22 Nov 2026, 16:0\d UTC\+8 on/).waitFor();
  house.clock.now = new Date(house.clock.now.getTime() + 90_000);
  await enter(page, person);
  await page.locator('.frame').waitFor();
});

test('an API key is shown once, works, and stops working when it is revoked', async () => {
  const house = await openVisitedHouse();
  const { page } = await come(house);
  await page.goto('/settings/keys');
  await page.getByRole('button', { name: 'Make a key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('release pipeline');
  await dialog.getByRole('checkbox', { name: /engineer/ }).check();
  await dialog.getByRole('button', { name: 'Make a key' }).click();
  const key = (await page.locator('.secret-text').textContent()) ?? '';
  await page.getByRole('button', { name: 'I have kept it' }).click();
  expect((await house.ask('GET', '/api/v1/me', { as: { key } })).body.roles).toEqual(['engineer']);
  expect(await page.content(), 'gone from the page').not.toContain(key);

  await page.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('tooltip').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('The key was revoked').first().waitFor();
  expect((await house.ask('GET', '/api/v1/me', { as: { key } })).status).toBe(401);
  await page.goto('/settings/activity');
  await page.getByRole('cell', { name: 'Revoked an API key' }).waitFor();
});

test('one person acts for a company and for an authority, a window each', async () => {
  const house = await openVisitedHouse();
  const person = await house.setUp();
  const authority = {
    kind: 'authority',
    name: 'Example City Internet Office',
    level: 'prefecture',
    region: '990100',
  } as const;
  const made = await house.ask('POST', '/api/v1/organisations', {
    as: person,
    body: { organisation: authority, email: person.email },
  });
  const { page } = await come(house, { as: person });
  await page.goto(made.body.link.address);
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  await page.locator('.frame').waitFor();

  const other = await page.context().newPage();
  await other.goto('/settings/members');
  await actFor(page, 'Example Shimmer Ltd');
  await actFor(other, 'Example City Internet Office');
  for (const [window, name] of [
    [page, 'Example Shimmer Ltd'],
    [other, 'Example City Internet Office'],
  ] as const) {
    await window.goto('/settings/members');
    await window.getByText(`Who may act for ${name}.`).waitFor();
  }
});

test('an operator hands out the first link of an organisation again, and the lost one works no more', async () => {
  const house = await openVisitedHouse();
  const operator = await house.setUp();
  const organisation = { kind: 'company', name: 'Example Lantern Ltd' };
  const body = { organisation, email: 'wei@lantern.example' };
  const lost = await house.ask('POST', '/api/v1/organisations', { as: operator, body });
  const { page } = await come(house, { as: operator });
  await page.goto('/settings/organisations');
  const row = page.getByRole('row', { name: /Example Lantern Ltd/ });
  await row.getByRole('button', { name: 'New first link' }).click();
  const dialog = page.getByRole('dialog', { name: 'A new link for the first administrator of Example Lantern Ltd' });
  await dialog.getByLabel('E-mail of its first administrator').fill('wei@lantern.example');
  await dialog.getByRole('button', { name: 'New first link' }).click();
  const link =
    (await dialog
      .getByText(/\/link#/)
      .first()
      .textContent()) ?? '';

  const invited = await house.visit();
  await invited.goto(lost.body.link.address);
  await invited.getByText('This link leads nowhere any more').waitFor();
  // In the same tab only the part after # changes, and no page is loaded.
  await invited.goto(new URL(link).href);
  await invited.getByText('Example Lantern Ltd invites you').waitFor();
}, 600_000);

async function actFor(page: Page, name: string): Promise<void> {
  await page.locator('.bar-organisation').click();
  await page.getByRole('menuitemradio', { name: new RegExp(name) }).click();
  await page.locator('.bar').getByText(name).first().waitFor();
}

import { cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { buildPages } from '../../src/platform/build-pages.ts';
import { come, signIn } from './people.ts';
import { withBrowser } from './visit.ts';

const openVisitedHouse = withBrowser();

const paths = [
  '/settings/profile',
  '/settings/second-factor',
  '/settings/sessions',
  '/settings/appearance',
  '/settings/members',
  '/settings/keys',
  '/settings/activity',
  '/settings/organisations',
  '/settings/about',
  '/label',
  '/label/settings',
  '/reference',
  '/no/such/page',
];

test.each([
  { lang: 'en', theme: 'dark', phone: false },
  { lang: 'zh', theme: 'light', phone: true },
] as const)(
  'every page has one heading, its own title and no sideways scrolling: $lang, $theme, phone $phone',
  async (how) => {
    const { lang, theme } = how;
    const house = await openVisitedHouse();
    const { page } = await come(house, how);
    const titles = new Set<string>();
    for (const path of paths) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await expect.poll(() => page.locator('.waiting').count()).toBe(0);
      expect(await page.getByRole('heading', { level: 1 }).count(), path).toBe(1);
      titles.add(await page.title());
      expect(await sideways(page), path).toBe(0);
      expect(await page.locator('main').textContent(), 'no bare key').not.toMatch(
        /\b(accounts|frame|labelling|ui|reference)\.[a-z]/,
      );
    }
    expect(titles.size).toBe(paths.length);
    expect(await page.locator('html').getAttribute('lang')).toBe(lang === 'zh' ? 'zh-CN' : 'en');
    expect(await page.locator('html').getAttribute('data-theme')).toBe(theme);
  },
);

test('the keyboard alone goes anywhere, and reading begins at the heading', async () => {
  const house = await openVisitedHouse();
  const { page } = await come(house);
  await page.goto('/settings/profile');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Skip to the page');

  await page.keyboard.press('Control+k');
  await page.locator('[role=combobox]:focus').waitFor();
  await page.keyboard.type('memb');
  await page.getByRole('option', { name: /Members/, selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Members' }).waitFor();
  await expect.poll(() => focused(page)).toBe('Members');

  await page.getByRole('button', { name: /Account of/ }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => focused(page)).toBe('Your settings');
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => focused(page)).toBe('Sign out');
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'hidden' });
  await page
    .getByRole('button', { name: /Account of/ })
    .and(page.locator(':focus'))
    .waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => focused(page)).toBe('Your settings');
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => focused(page)).toBe('Sign out');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('language and theme follow a person to another browser', async () => {
  const house = await openVisitedHouse();
  const person = await house.setUp();
  const { page } = await come(house, { lang: 'en', as: person });
  await page.getByRole('button', { name: '中文' }).click();
  await page
    .getByRole('heading', { name: '个人资料' })
    .or(page.getByRole('heading', { level: 1 }))
    .first()
    .waitFor();
  await page.getByRole('button', { name: '浅色或深色' }).click();
  await page.getByRole('menuitemradio', { name: '深色' }).click();
  await expect
    .poll(async () => (await house.ask('GET', '/api/v1/me', { as: person })).body.preferences)
    .toMatchObject({
      lang: 'zh',
      theme: 'dark',
      tourSeen: true,
    });

  const other = await house.visit({ lang: 'en', theme: 'light' });
  await signIn(other, person);
  await other.getByRole('button', { name: 'English' }).waitFor();
  await expect.poll(() => other.locator('html').getAttribute('data-theme')).toBe('dark');
});

test('when the server is silent the page says so, keeps what was typed, and goes on by itself', async () => {
  const house = await openVisitedHouse();
  const { page } = await come(house);
  await page.goto('/settings/profile');
  await page.getByLabel('Name').fill('A name typed before the line was cut');
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'Save the name' }).click();
  await page.getByText('The server does not answer. What is on this page stays').waitFor();
  expect(await page.getByLabel('Name').inputValue()).toBe('A name typed before the line was cut');

  await page.context().setOffline(false);
  await page.getByText('What is on this page stays').waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Save the name' }).click();
  await page.getByRole('button', { name: 'Account of A name typed before the line was cut' }).waitFor();
});

test('a session that was ended elsewhere leads to the sign-in page and back to where one was', async () => {
  const house = await openVisitedHouse();
  const person = await house.setUp();
  const { page } = await come(house, { as: person });
  await page.goto('/settings/members');
  await page.getByRole('button', { name: 'Invite a member' }).waitFor();
  await page.context().clearCookies();
  // A question that was under way may find the session gone first: then the link goes, and one was still at the members.
  const leaves = page.getByRole('link', { name: 'API keys' }).click({ timeout: 10_000 });
  const place = await leaves.then(
    () => 'API keys',
    () => 'Members',
  );
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.locator('input[type=email]').fill(person.email);
  await page.locator('input[type=password]').fill(person.password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: place, exact: true }).waitFor();
});

test('after an update an open tab says so, loses nothing that was typed, and goes on when it is reloaded', async () => {
  const built = await buildPages(join(import.meta.dirname, '../..'), { building: () => {} });
  const pages = mkdtempSync(join(tmpdir(), 'clearmirror-pages-'));
  onTestFinished(() => rmSync(pages, { recursive: true, force: true }));
  cpSync(built, pages, { recursive: true });
  const house = await openVisitedHouse({ pages });
  const { page } = await come(house);
  await page.goto('/settings/profile');
  await page.getByLabel('Name').fill('A name typed before the update');

  renameSync(join(pages, 'assets'), join(pages, 'assets-of-before'));
  await page.keyboard.press('Control+k');
  await page.getByText('Clearmirror was updated while this page was open.').waitFor();
  await page.getByRole('button', { name: '中文' }).click();
  expect(await page.getByLabel('Name').inputValue()).toBe('A name typed before the update');

  await page.getByRole('link', { name: 'API reference' }).click();
  await page.getByRole('heading', { name: 'Clearmirror was updated' }).waitFor();
  await page.getByText('Clearmirror was updated while this page was open.').waitFor({ state: 'hidden' });
  renameSync(join(pages, 'assets-of-before'), join(pages, 'assets'));
  await page.getByRole('button', { name: 'Reload the page' }).filter({ visible: true }).click();
  await page.getByRole('heading', { name: '接口文档' }).waitFor();
});

/** How many pixels of the page lie beyond the window's edge. */
function sideways(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

function focused(page: Page): Promise<string> {
  return page.evaluate('document.activeElement.textContent');
}

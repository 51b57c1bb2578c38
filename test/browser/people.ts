import type { Page } from 'playwright-core';
import type { Person } from '../house.ts';
import type { Visit, VisitedHouse } from './visit.ts';

/**
 * Opens a window in which somebody is signed in who has seen the tour; what is said of language and theme is also their own wish.
 * Without `as`, the house is set up, and its first administrator comes.
 */
export async function come(
  house: VisitedHouse,
  { as, ...how }: Visit & { as?: Person } = {},
): Promise<{ page: Page; person: Person }> {
  const person = as ?? (await house.setUp());
  const { lang, theme } = how;
  const body = { tourSeen: true, ...(lang && { lang }), ...(theme && { theme }) };
  await house.ask('PATCH', '/api/v1/me/preferences', { as: person, body });
  const page = await house.visit(how);
  await signIn(page, person);
  return { page, person };
}

/** Types address and password, and waits for the first page. */
export async function signIn(page: Page, { email, password }: Pick<Person, 'email' | 'password'>): Promise<void> {
  await page.goto('/sign-in');
  await enter(page, { email, password });
  await page.locator('.frame').waitFor();
}

export async function enter(page: Page, { email, password }: Pick<Person, 'email' | 'password'>): Promise<void> {
  await page.locator('input[type=email]').fill(email);
  await page.locator('input[type=password]').fill(password);
  await page.locator('button[type=submit]').click();
}

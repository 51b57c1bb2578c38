import { createHmac } from 'node:crypto';
import type { Page } from 'playwright-core';
import type { Person } from '../house.ts';

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

/** The tour opens by itself at somebody's first visit. */
export async function skipTour(page: Page): Promise<void> {
  await page.locator('.ant-tour-close').click();
  await page.locator('.ant-tour').waitFor({ state: 'detached' });
}

/** What an authenticator app shows: RFC 6238 with SHA-1, six figures, 30 seconds. */
export function totp(secret: string, at = Date.now()): string {
  const bits = [...secret.replace(/=+$/, '')].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const key = Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

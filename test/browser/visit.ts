import { createServer } from 'node:net';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { buildPages } from '../../src/platform/build-pages.ts';
import { type House, type HouseOptions, openHouse } from '../house.ts';
import { browserPath } from './browser-path.ts';

export interface VisitedHouse extends House {
  /** Opens a window of its own: nobody is signed in in it. */
  visit(how?: Visit): Promise<Page>;
}

export interface Visit {
  lang?: 'en' | 'zh';
  theme?: 'light' | 'dark';
  phone?: boolean;
  /** Where this story leads besides the house itself. */
  elsewhere?: string;
}

/** One browser for the tests of a file. Answers what opens a house in it. */
export function withBrowser(): (options?: HouseOptions) => Promise<VisitedHouse> {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());
  return (options) => openVisitedHouse(browser, options);
}

export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/**
 * The whole product with its pages, listening. Whatever a test is about: no page breaks its security policy, throws, or asks for
 * anything elsewhere; that is checked when the test is over.
 */
async function openVisitedHouse(browser: Browser, options: HouseOptions = {}): Promise<VisitedHouse> {
  const root = new URL('../..', import.meta.url).pathname;
  const pages = await buildPages(root, { building: () => {} });
  const port = await freePort();
  const publicUrl = `http://localhost:${port}`;
  const house = await openHouse({ pages, publicUrl, ...options });
  await house.server.listen({ port, host: '127.0.0.1' });
  return { ...house, visit: (how = {}) => visit(browser, publicUrl, how) };
}

async function visit(browser: Browser, address: string, how: Visit) {
  const { lang = 'en', theme = 'light', phone = false, elsewhere = address } = how;
  const shape: BrowserContextOptions = {
    baseURL: address,
    locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: theme,
    timezoneId: 'Asia/Shanghai',
    // Drawn without a graphics card, motion is what takes longest.
    reducedMotion: 'reduce',
    viewport: phone ? { width: 390, height: 780 } : { width: 1280, height: 820 },
  };
  const context = await browser.newContext(shape);
  await context.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
    console.error('policy:', event.violatedDirective, event.blockedURI, event.sourceFile))`);
  const page = await context.newPage();
  // Longer than any page needs: on a machine that does other things besides, waiting must not decide.
  page.setDefaultTimeout(90_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`${page.url()} ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    // What the server refuses is in the console too; whether it should have is for the test to say.
    const refused = /^Failed to load resource|because its MIME type/.test(message.text());
    if (message.type() === 'error' && !refused) complaints.push(`${page.url()} ${message.text()}`);
  });
  page.on('request', (request) => {
    const ours = [address, elsewhere, 'data:', 'blob:'].some((start) => request.url().startsWith(start));
    if (!ours) complaints.push(request.url());
  });
  onTestFinished(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });
  return page;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

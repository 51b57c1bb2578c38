import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, BrowserContext, Page, Request, Route } from 'playwright-core';
import { type Isolation, programWords } from './sandbox.ts';
import { readSeenWords } from './seen-words.ts';
import { measureTree, processesOf } from './watch.ts';

/** A page of strangers, already fetched, and what it asks for while it is shown. */
export interface ForeignPage {
  url: string;
  type: string;
  bytes: Uint8Array;
  /** BCP 47: what its visitor would read. */
  language: string;
  /**
   * What lies at an address; null where nobody goes there, or nothing came. Called for scripts, styles, frames and data, never for pictures,
   * films and fonts. What it throws ends the reading of the page.
   */
  fetch: (url: string) => Promise<{ status: number; type: string; bytes: Uint8Array } | null>;
}

export type BrowserFaultReason = 'missing' | 'hung' | 'crashed';

export class BrowserFault extends Error {
  readonly reason: BrowserFaultReason;

  constructor(reason: BrowserFaultReason, cause?: unknown) {
    super(`the browser: ${reason}`, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

export interface SeenPage {
  /** What a person would see. */
  words: string;
  /** Addresses that the page wanted for drawing itself, and got no answer from; one of each host, a few at most. With them it may say more. */
  missing: string[];
}

export interface PageBrowser {
  /** Runs the page's scripts and reads what a person would see of it. Throws a BrowserFault, or what `fetch` of the page threw. */
  read(page: ForeignPage): Promise<SeenPage>;
  close(): Promise<void>;
}

export interface BrowserLimits {
  /** Of the browser with all its processes. */
  memoryBytes: number;
  /** For one page, from first to last. */
  pageMs: number;
}

/** Debian's, behind its shell scripts: those read folders which the box does not have. The one without a window is three times as fast. */
const programs = ['/usr/lib/chromium/chromium-headless-shell', '/usr/lib/chromium/chromium'];

/** The Chromium of this machine; null where there is none. */
export function findBrowser(): string | null {
  return programs.find((path) => existsSync(path)) ?? null;
}

const usualLimits: BrowserLimits = { memoryBytes: 1_536 * 1024 * 1024, pageMs: 30_000 };

/** Of what a page asks for, what may change its words: the rest is never fetched. */
const wantedKinds: ReadonlySet<string> = new Set(['document', 'script', 'stylesheet', 'xhr', 'fetch']);
/** attacker-controlled number: what one page may ask for. */
const mostRequests = 100;
/** attacker-controlled number and length: what is told of that which is missing. */
const mostMissing = 3;
const longestAddress = 200;
/** A page that draws itself has said what it says when it asked for nothing during this time. */
const quietMs = 500;

/**
 * A Chromium inside the glass box: no network, no files, nobody's uid. Everything a page asks for is answered by `fetch` of that page, or
 * not at all. Started when it is first needed, and again after it was brought down.
 */
export function openBrowser(isolation: Isolation, limits: BrowserLimits = usualLimits): PageBrowser {
  let running: Promise<Running> | null = null;
  let lastAlone: Promise<unknown> = Promise.resolve();

  function start(): Promise<Running> {
    running ??= launch(isolation, limits, () => {
      running = null;
    }).catch((error: unknown) => {
      running = null;
      throw error;
    });
    return running;
  }

  async function attempt({ browser, kill }: Running, page: ForeignPage): Promise<Attempt> {
    const late = AbortSignal.timeout(limits.pageMs);
    let context: BrowserContext | null = null;
    try {
      context = await browser.newContext({ serviceWorkers: 'block', acceptDownloads: false, locale: page.language });
      return await Promise.race([read(context, page, limits.pageMs), failAt(late)]);
    } catch (error) {
      const reason = late.aborted || isTimeout(error) ? 'hung' : 'crashed';
      const fault = error instanceof BrowserFault ? error : new BrowserFault(reason, error);
      return { fault, isGone: !browser.isConnected() };
    } finally {
      // One that does not even close takes the browser with it.
      const closing = context?.close().then(() => true);
      const closed = await Promise.race([closing, wait(5_000, false)]).catch(() => true);
      if (closed === false) kill();
    }
  }

  /** In a browser of its own. One after another: when a browser is brought down, every page that it showed comes here. */
  function readAlone(page: ForeignPage): Promise<SeenPage> {
    const mine = lastAlone.then(async () => {
      const own = await launch(isolation, limits, () => {});
      try {
        return seenIn(await attempt(own, page));
      } finally {
        await own.close();
      }
    });
    lastAlone = mine.catch(() => {});
    return mine;
  }

  return {
    read: async (page) => {
      const first = await attempt(await start(), page);
      // Another page may have brought it down: once more, alone.
      return 'fault' in first && first.isGone ? readAlone(page) : seenIn(first);
    },
    close: async () => {
      const last = await running?.catch(() => null);
      await last?.close();
    },
  };
}

/** `failure`: what `fetch` of the page threw. */
type Attempt = SeenPage | { failure: unknown } | { fault: BrowserFault; isGone: boolean };

function seenIn(attempt: Attempt): SeenPage {
  if ('failure' in attempt) throw attempt.failure;
  if ('fault' in attempt) throw attempt.fault;
  return attempt;
}

interface Running {
  browser: Browser;
  kill(): void;
  close(): Promise<void>;
}

async function launch(isolation: Isolation, limits: BrowserLimits, onEnded: () => void): Promise<Running> {
  const program = findBrowser();
  if (program === null) throw new BrowserFault('missing');
  const mark = randomUUID();
  const own = isolation === 'sandboxed' ? null : mkdtempSync(join(tmpdir(), 'clearmirror-browser-'));
  const profile = `--user-data-dir=${own ?? '/tmp'}/${mark}`;
  const before = isolation === 'sandboxed' ? [...programWords({ scratchBytes: 512 * 1024 * 1024 }), program] : [];
  // Only now: it is large, and most commands show no page.
  const { chromium } = await import('playwright-core');
  const browser = await chromium
    .launch({
      executablePath: isolation === 'sandboxed' ? '/usr/bin/bwrap' : program,
      ignoreDefaultArgs: true,
      args: [...before, ...switches(isolation), profile, 'about:blank'],
      env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', HOME: own ?? '/tmp' },
      timeout: 60_000,
    })
    .catch((error: unknown) => {
      if (own) rmSync(own, { recursive: true, force: true });
      throw new BrowserFault('crashed', error);
    });
  const pid = processesOf(process.pid).find((one) => commandOf(one.pid).includes(profile))?.pid;
  const kill = () => {
    try {
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };
  const watch = setInterval(() => {
    if (pid !== undefined && measureTree(pid).residentBytes > limits.memoryBytes) kill();
  }, 250);
  watch.unref();
  browser.on('disconnected', () => {
    clearInterval(watch);
    if (own) rmSync(own, { recursive: true, force: true });
    onEnded();
  });
  return { browser, kill, close: () => browser.close() };
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Inside the box there is nothing left to wall off, and no namespace to do it with. Outside, Chromium's own walls stand; not for root. */
function switches(isolation: Isolation): string[] {
  const isWalled = isolation === 'limits-only' && process.getuid?.() !== 0;
  return [
    '--headless=new',
    ...(isWalled ? [] : ['--no-sandbox']),
    '--remote-debugging-pipe',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--no-first-run',
    '--mute-audio',
    '--disable-breakpad',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-extensions',
    '--disable-sync',
    '--password-store=basic',
    // A second lock where there is a network: what is not answered for goes nowhere.
    '--host-resolver-rules=MAP * ~NOTFOUND',
    '--proxy-server=127.0.0.1:9',
    '--proxy-bypass-list=<-loopback>',
    '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
    // Frames in the process of their page: it is read as one. The walls between the sites of a page protect nobody here.
    '--disable-site-isolation-trials',
    '--disable-features=IsolateOrigins,site-per-process,IsolateSandboxedIframes',
    // Nobody scrolls, so what comes when it is scrolled to must be there at once.
    '--blink-settings=lazyLoadEnabled=false',
  ];
}

async function read(
  context: BrowserContext,
  foreign: ForeignPage,
  pageMs: number,
): Promise<SeenPage | { failure: unknown }> {
  // What opens beside the page is nobody's to look at.
  await context.route(
    () => true,
    (route) => route.abort('blockedbyclient').catch(() => {}),
  );
  const page = await context.newPage();
  const traffic = await answerFor(page, foreign);
  const show = async () => {
    await page.goto(foreign.url, { waitUntil: 'load', timeout: pageMs });
    if (canChange(foreign.bytes)) await traffic.quiet();
    const { words, unread } = await readSeenWords(context, page, pageMs);
    return { words, missing: traffic.missing(unread) };
  };
  return Promise.race([show(), traffic.failed]);
}

/** Whether a page may say something else after it was loaded: by a script, a handler or a refresh. */
function canChange(bytes: Uint8Array): boolean {
  // Two bytes a letter: better to wait than to look wrong.
  if (bytes.includes(0)) return true;
  return /<script|<iframe|<frame|<object|<embed|\son\w+\s*=|http-equiv|javascript:/i.test(
    Buffer.from(bytes).toString('latin1'),
  );
}

async function answerFor(page: Page, { type, bytes, fetch }: ForeignPage) {
  let asked = 0;
  let open = 0;
  let lastAt = performance.now();
  let isShown = false;
  const missing = new Map<string, string>();
  const failing = Promise.withResolvers<{ failure: unknown }>();

  async function get(request: Request) {
    if (!wantedKinds.has(request.resourceType())) return null;
    const isAsked = request.method() === 'GET' && ++asked <= mostRequests;
    const answer = isAsked ? await fetch(request.url()) : null;
    if (!answer) note(request.url(), request.method());
    return answer;
  }

  function note(of: string, method = 'GET'): void {
    const url = new URL(of);
    const way = method === 'GET' ? '' : `${method} `;
    const address = `${way}${url.protocol}${url.host && `//${url.host}`}${url.pathname}`.slice(0, longestAddress);
    if (missing.size < mostMissing && !missing.has(url.host)) missing.set(url.host, address);
  }

  async function answer(route: Route): Promise<void> {
    const request = route.request();
    if (!isShown && request.isNavigationRequest()) {
      isShown = true;
      return route.fulfill({ status: 200, contentType: type, body: Buffer.from(bytes) });
    }
    const answered = await get(request).catch((failure: unknown) => {
      failing.resolve({ failure });
      return null;
    });
    if (!answered) return route.abort('blockedbyclient');
    return route.fulfill({
      status: answered.status,
      contentType: answered.type,
      // Nothing of the visitor's goes along, so every page may read it, also one that would send its cookies. Those take no `*`.
      headers: {
        'access-control-allow-origin': request.headers()['origin'] ?? '*',
        'access-control-allow-credentials': 'true',
      },
      body: Buffer.from(answered.bytes),
    });
  }

  await page.route(
    () => true,
    async (route) => {
      open += 1;
      try {
        await answer(route);
      } catch {
        // The page has gone, or was closed over it: nobody waits for this any more.
      } finally {
        open -= 1;
        lastAt = performance.now();
      }
    },
  );
  return {
    failed: failing.promise,
    missing: (unread: readonly string[]) => {
      for (const url of unread) note(url);
      return [...missing.values()];
    },
    quiet: async () => {
      lastAt = performance.now();
      while (open > 0 || performance.now() - lastAt < quietMs) await wait(50);
    },
  };
}

function failAt(late: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    late.addEventListener('abort', () => reject(new BrowserFault('hung')), { once: true });
  });
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

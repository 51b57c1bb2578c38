import { query } from 'json-p3';
import { BrowserFault, type BrowserFaultReason, type PageBrowser } from '../../../box/browser.ts';
import type { PublishedPlace, Target, TargetRequest } from '../../../contract/target.ts';
import { fill, fillJson, type Values } from '../../../engine/assessments/template.ts';
import type { Answer, Client } from './client.ts';
import { TargetFailure } from './failure.ts';
import { listPublished, type PublishedFile } from './published.ts';

export type Json = Parameters<typeof query>[1];

/** A file to be sent where a form says `{{sample}}`. */
export interface Upload {
  name: string;
  bytes: Uint8Array;
  /** What a browser would say it is. */
  mime: string;
}

/** The service under test as its target describes it: requests filled in, answers read. */
export interface Service {
  target: Target;
  /** Any status is an answer. */
  ask(request: TargetRequest, values?: Values, options?: AskOptions): Promise<Answer>;
  /** Only a 2xx is an answer; read as JSON. */
  askJson(request: TargetRequest, values?: Values, options?: AskOptions): Promise<Json>;
  /** What lies at an address that an answer named. */
  get(url: string, maxBytes: number, options?: GetOptions): Promise<Answer>;
  /** What lies at a place where the public gets media from; some of it, drawn by lot. */
  list(place: PublishedPlace): Promise<PublishedFile[]>;
  /** Opens a page in a browser, and reads what a person would. */
  show(request: TargetRequest, values?: Values): Promise<Shown>;
}

export interface GetOptions {
  listenMs?: number;
  /** Where the public gets it with a key only. */
  headers?: Record<string, string>;
}

export interface Shown {
  status: number;
  url: string;
  /** Null where nobody could read it; then `unread` says why. */
  words: string | null;
  /** What the page wanted and did not get, some of it: it may say more than its words. */
  missing: readonly string[];
  unread: 'page-status' | `page-browser-${BrowserFaultReason}` | null;
}

export interface AskOptions {
  upload?: Upload;
  /** Instead of those of the target that have the same name. */
  headers?: Record<string, string>;
  onSending?: () => Promise<void>;
}

const maxJsonBytes = 16 * 1024 * 1024;
/** A script or a style of a page. */
const maxPageBytes = 16 * 1024 * 1024;

export function openService(
  target: Target,
  {
    client,
    values: known,
    marks,
    browser,
  }: { client: Client; values: Values; marks: Record<string, string>; browser: PageBrowser },
): Service {
  const [base = ''] = target.hosts;

  function headersFor(request: TargetRequest, values: Values, own: Record<string, string> = {}) {
    const merged = new Map<string, string>();
    for (const headers of [target.headers, request.headers, own])
      for (const [name, value] of Object.entries(headers)) merged.set(name.toLowerCase(), fill(value, values));
    return { ...Object.fromEntries(merged), ...marks };
  }

  async function ask(
    request: TargetRequest,
    given: Values = {},
    { upload, headers, onSending }: AskOptions = {},
  ): Promise<Answer> {
    const values = { ...known, ...given };
    const filled = headersFor(request, values, headers);
    const body = bodyFor(request, values, upload);
    return client.ask({
      method: request.method,
      url: new URL(fill(request.path, values, encodeURIComponent), `${base}/`),
      headers: typeof body === 'string' ? { ...filled, 'content-type': 'application/json' } : filled,
      body,
      maxBytes: maxJsonBytes,
      onSending,
    });
  }

  function get(url: string, maxBytes: number, { listenMs, headers }: GetOptions = {}): Promise<Answer> {
    if (!URL.canParse(url, `${base}/`)) throw new TargetFailure('nothing-there', { path: url.slice(0, 100) });
    // Renditions are fetched as the public gets them: without our keys.
    return client.ask({
      method: 'GET',
      url: new URL(url, `${base}/`),
      headers: { ...headers, ...marks },
      body: null,
      maxBytes,
      ...(listenMs === undefined ? {} : { listenMs }),
    });
  }

  /**
   * What a page needs to draw itself; null where it did not come, and another visitor might have got it. That something is not there, or
   * not for everybody, is the service's own answer, and the page's to live with.
   */
  async function fetchFor(url: string): Promise<Answer | null> {
    try {
      const answer = await get(url, maxPageBytes);
      return isPassing(answer.status) ? null : answer;
    } catch (error) {
      if (error instanceof TargetFailure) return null;
      throw error;
    }
  }

  async function show(request: TargetRequest, values: Values = {}): Promise<Shown> {
    const answer = await ask(request, values);
    const { status, url, type, bytes } = answer;
    const nothing = { status, url, words: null, missing: [] };
    if (status !== 200) return { ...nothing, unread: 'page-status' };
    const language = headersFor(request, { ...known, ...values })
      ['accept-language']?.split(/[,;]/)[0]
      ?.trim();
    try {
      const page = { url, type: type || 'text/html', bytes, language: languageOf(language), fetch: fetchFor };
      return { status, url, ...(await browser.read(page)), unread: null };
    } catch (error) {
      if (!(error instanceof BrowserFault)) throw error;
      return { ...nothing, unread: `page-browser-${error.reason}` };
    }
  }

  return {
    target,
    ask,
    get,
    show,
    list: (place) => listPublished(place, { get, secret: (name) => known[`secret.${name}`], seed: known['run'] ?? '' }),
    askJson: async (request, values, options) => readJson(await ask(request, values, options)),
  };
}

/** RFC 9110, 15.5.9 and 15.6, and RFC 6585, 4: a failure of that moment, or of being asked too often. */
export function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}

/** Where nobody says for whom the page is: the first readers are in China. */
function languageOf(asked: string | undefined): string {
  return asked !== undefined && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/i.test(asked) ? asked : 'zh-CN';
}

function bodyFor({ json, form }: TargetRequest, values: Values, upload: Upload | undefined): string | FormData | null {
  if (json !== undefined) return JSON.stringify(fillJson(json, values));
  if (!form) return null;
  const data = new FormData();
  const files: [string, Upload][] = [];
  for (const [name, template] of Object.entries(form)) {
    if (upload && template === '{{sample}}') files.push([name, upload]);
    else data.append(name, fill(template, values));
  }
  // Last: who reads a form as it comes knows the other fields by then.
  for (const [name, { bytes, mime, name: file }] of files)
    data.append(name, new File([Uint8Array.from(bytes)], file, { type: mime }));
  return data;
}

/** Only a 2xx is read. */
export function readJson({ status, bytes, url }: Answer): Json {
  if (status < 200 || status > 299) throw new TargetFailure('status', { status, place: new URL(url).pathname });
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new TargetFailure('not-json', { place: new URL(url).pathname }, error);
  }
}

/** All that stands at a JSONPath (RFC 9535). */
export function allAt(path: string, value: Json): Json[] {
  return query(path, value).values();
}

/** The text or number that stands there; null where nothing does. */
export function textAt(path: string, value: Json): string | null {
  const [found] = allAt(path, value);
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean' ? String(found) : null;
}

const longestText = 2_000;

/** Throws a TargetFailure where nothing stands, or something without measure. */
export function requiredAt(path: string, value: Json): string {
  const found = textAt(path, value);
  // attacker-controlled length: it goes into addresses, records and reports.
  if (found === null || found.length > longestText) throw new TargetFailure('nothing-there', { path });
  return found;
}

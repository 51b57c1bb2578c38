import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import type { Lang } from '../contract/lang.ts';
import { Problem } from '../contract/problem.ts';
import { problemBodySchema } from '../contract/problem-body.ts';
import { errorCode } from './error-code.ts';
import { readHolder } from './folder-lock-holder.ts';
import { oneLine } from './one-line.ts';
import { refusalsOf } from './refusal.ts';

/** A Clearmirror server, as a command asks it: with an API key, over https or to this machine. */
export interface ApiClient {
  server: string;
  /**
   * The answer, checked against its schema. Throws a Problem: what the server refused comes in its own words (exit code 5); when nothing
   * trustworthy came back, it is `not-answered`, `answer-foreign` or `server-failed` (exit code 12, never to be taken for a yes).
   */
  ask<T>(question: ApiQuestion<T>): Promise<T>;
}

export interface ApiQuestion<T> {
  method: 'GET' | 'POST';
  path: string;
  query?: Record<string, string | undefined>;
  body?: unknown;
  answer: z.ZodType<T>;
}

export interface ApiClientSetup {
  /** `--server`; without it the embedded server that runs on the data folder is asked. */
  server: string | undefined;
  dataFolder: string;
  /** `--key-file`, else the key of the environment. */
  keyFile: string | undefined;
  key: string | undefined;
  lang: Lang;
  /** For the whole answer. */
  timeoutMs?: number;
}

const refuse = refusalsOf('api', {
  'server-unknown': 2,
  'server-invalid': 2,
  'key-missing': 2,
  'key-file-unreadable': 4,
  'key-malformed': 2,
  'not-answered': 12,
  'answer-foreign': 12,
  'server-failed': 12,
});

export function openApiClient(setup: ApiClientSetup): ApiClient {
  const server = findServer(setup);
  const key = readKey(setup);
  return {
    server,
    ask: (question) => askOnce(question, { server, key, lang: setup.lang, timeoutMs: setup.timeoutMs ?? 30_000 }),
  };
}

function findServer({ server, dataFolder, lang }: ApiClientSetup): string {
  const holder = server === undefined ? readHolder(dataFolder) : null;
  const address = server ?? (holder !== null && holder !== 'nobody-known' ? holder.address : undefined);
  if (address === undefined) throw refuse(lang, 'server-unknown', { folder: dataFolder });
  const url = URL.canParse(address) ? new URL(address) : null;
  const isOurs = url && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  // The key goes along: over a network only encrypted.
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (!url || !isOurs || !isSafe) throw refuse(lang, 'server-invalid', { server: address });
  return url.href.replace(/\/+$/, '');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function readKey({ keyFile, key, lang }: ApiClientSetup): string {
  const text = keyFile === undefined ? key : readKeyFile(keyFile, lang);
  if (text === undefined) throw refuse(lang, 'key-missing');
  const trimmed = text.trim();
  if (!/^cm_[\x21-\x7e]{10,200}$/.test(trimmed)) throw refuse(lang, 'key-malformed');
  return trimmed;
}

function readKeyFile(file: string, lang: Lang): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw refuse(lang, 'key-file-unreadable', { file, code: errorCode(error) ?? '?' }, error);
  }
}

interface Asking {
  server: string;
  key: string;
  lang: Lang;
  timeoutMs: number;
}

async function askOnce<T>({ method, path, query = {}, body, answer }: ApiQuestion<T>, asking: Asking): Promise<T> {
  const { server, lang } = asking;
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value);
  const url = `${server}${path}${search.size > 0 ? `?${search}` : ''}`;
  const { status, text, type } = await send(url, { method, body }, asking);
  const json = /\bjson\b/.test(type) ? parse(text) : undefined;
  if (status >= 200 && status < 300) {
    const parsed = answer.safeParse(json);
    if (parsed.success) return parsed.data;
    throw refuse(lang, 'answer-foreign', { server, status });
  }
  const problem = problemBodySchema.safeParse(json);
  if (status >= 500 || status === 429) {
    throw refuse(lang, 'server-failed', { server, status, title: problem.success ? problem.data.title : '–' });
  }
  if (!problem.success) throw refuse(lang, 'answer-foreign', { server, status });
  const { code, title, next, fields = [] } = problem.data;
  throw new Problem(code, oneLine(title), {
    status,
    fields,
    exitCode: 5,
    ...(next === undefined ? {} : { next: oneLine(next) }),
  });
}

/** Answers are small; a foreign server could send without end. */
const maxAnswerBytes = 32 * 1024 * 1024;

async function send(
  url: string,
  { method, body }: { method: string; body: unknown },
  { server, key, lang, timeoutMs }: Asking,
): Promise<{ status: number; text: string; type: string }> {
  try {
    const answer = await fetch(url, {
      method,
      // A redirect would carry the key to somebody else.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        authorization: `Bearer ${key}`,
        accept: 'application/json',
        'accept-language': lang,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await readBounded(answer);
    return { status: answer.status, text, type: answer.headers.get('content-type') ?? '' };
  } catch (error) {
    // `reason` chooses among sentences, so what happened goes under another name.
    throw refuse(lang, 'not-answered', { server, reason_text: whyNot(error, timeoutMs) }, error);
  }
}

async function readBounded(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    bytes += part.length;
    if (bytes > maxAnswerBytes) throw new Error('the answer does not end');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function whyNot(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `${timeoutMs / 1000} s`;
  const cause = error instanceof Error ? error.cause : undefined;
  return errorCode(cause) ?? errorCode(error) ?? (error instanceof Error ? error.message : String(error));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

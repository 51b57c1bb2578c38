import type { Target } from '../../../contract/target.ts';
import { errorCode } from '../../../platform/error-code.ts';
import { TargetFailure } from './failure.ts';
import { turns } from './turns.ts';

export interface Ask {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: string | FormData | null;
  maxBytes: number;
  /** Of what has no end: reading stops then, and what came is the answer. Also when the other side stops before. */
  listenMs?: number;
  /** Called when its turn has come, before the first byte leaves. */
  onSending?: (() => Promise<void>) | undefined;
}

export interface Answer {
  status: number;
  /** Where it was found after redirects. */
  url: string;
  /** As it says itself; empty where it does not. */
  type: string;
  bytes: Buffer;
  /** Until its last byte. */
  ms: number;
}

/** One request, for the record. */
export interface Asked {
  at: string;
  method: string;
  url: string;
  status: number | null;
  failure: string | null;
  ms: number;
  bytes: number;
}

export interface Client {
  ask(ask: Ask): Promise<Answer>;
  asked(): number;
}

export interface ClientTools {
  signal: AbortSignal;
  now: () => Date;
  onAsked: (asked: Asked) => void;
  /** Node's own unless said otherwise. */
  fetch?: (url: URL, init: FetchInit) => Promise<Response>;
}

interface FetchInit {
  method: string;
  headers: Record<string, string>;
  body: string | FormData | null;
  redirect: 'manual';
  signal: AbortSignal;
}

/**
 * Asks the service under test, and nobody else: every address, also that of a redirect, is at one of the target's hosts. Slow enough,
 * not too often, bounded in size and time. Throws a TargetFailure where there is no answer to look at; any status is an answer.
 */
export function openClient(
  target: Pick<Target, 'hosts' | 'perSecond' | 'requests' | 'timeoutSeconds'>,
  { signal, now, onAsked, fetch = globalThis.fetch }: ClientTools,
): Client {
  const turn = turns(target.perSecond);
  let count = 0;

  async function once(ask: Ask): Promise<Answer & { location: string | null }> {
    if (!target.hosts.includes(ask.url.origin)) throw new TargetFailure('elsewhere', { host: ask.url.host });
    if (count >= target.requests) throw new TargetFailure('requests-used-up', { requests: target.requests });
    count += 1;
    await turn(signal);
    await ask.onSending?.();
    const begun = performance.now();
    const asked: Asked = {
      ...{ at: now().toISOString(), method: ask.method, url: ask.url.href },
      ...{ status: null, failure: null, ms: 0, bytes: 0 },
    };
    const later = laterThan(signal);
    const late = AbortSignal.timeout(target.timeoutSeconds * 1000 + (ask.listenMs ?? 0));
    try {
      const response = await fetch(ask.url, {
        method: ask.method,
        headers: { ...ask.headers, 'accept-encoding': 'identity' },
        body: ask.body,
        redirect: 'manual',
        signal: AbortSignal.any([ask.method === 'GET' ? signal : later.signal, late]),
      });
      asked.status = response.status;
      const bytes = await readBody(response, ask);
      asked.bytes = bytes.length;
      const ms = Math.round(performance.now() - begun);
      const type = response.headers.get('content-type') ?? '';
      return {
        status: response.status,
        url: ask.url.href,
        type,
        bytes,
        ms,
        location: response.headers.get('location'),
      };
    } catch (error) {
      signal.throwIfAborted();
      const failure = asFailure(error, late, target.timeoutSeconds);
      asked.failure = failure.code;
      throw failure;
    } finally {
      later.done();
      asked.ms = Math.round(performance.now() - begun);
      onAsked(asked);
    }
  }

  return {
    asked: () => count,
    ask: async (ask) => {
      let url = ask.url;
      for (let redirects = 0; redirects <= maxRedirects; redirects++) {
        const { location, ...answer } = await once({ ...ask, url });
        // What was sent once is not sent again somewhere else.
        if (ask.method !== 'GET' || location === null || answer.status < 300 || answer.status > 399) return answer;
        if (!URL.canParse(location, url.href)) throw new TargetFailure('elsewhere', { host: location.slice(0, 100) });
        url = new URL(location, url.href);
      }
      throw new TargetFailure('too-many-redirects', { redirects: maxRedirects });
    },
  };
}

const maxRedirects = 5;

/** What was sent may have been done: when a run is stopped, its answer is waited for a little, so that it can be taken back. */
const graceMs = 5_000;

function laterThan(signal: AbortSignal): { signal: AbortSignal; done(): void } {
  const later = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const abort = () => {
    timer = setTimeout(() => later.abort(signal.reason), graceMs);
  };
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return {
    signal: later.signal,
    done: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    },
  };
}

async function readBody({ body }: Response, { maxBytes, listenMs }: Ask): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  if (!body) return Buffer.alloc(0);
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  // Cancelling ends the read that waits, with nothing.
  const enough = listenMs === undefined ? undefined : setTimeout(() => void reader.cancel().catch(() => {}), listenMs);
  try {
    let bytes = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return Buffer.concat(pieces);
      bytes += value.length;
      // attacker-controlled length: the service under test may send without end.
      if (bytes > maxBytes) throw new TargetFailure('too-large', { megabytes: Math.round(maxBytes / 1e6) });
      pieces.push(value);
    }
  } finally {
    clearTimeout(enough);
    await reader.cancel().catch(() => {});
  }
}

function asFailure(error: unknown, late: AbortSignal, seconds: number): TargetFailure {
  if (error instanceof TargetFailure) return error;
  if (late.aborted) return new TargetFailure('too-slow', { seconds }, error);
  const cause = error instanceof Error ? error.cause : undefined;
  return new TargetFailure('no-answer', { detail: errorCode(cause) ?? errorCode(error) ?? '?' }, error);
}

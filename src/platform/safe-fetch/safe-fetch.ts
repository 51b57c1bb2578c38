import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, Transform } from 'node:stream';
import { Problem } from '../../contract/problem.ts';
import { type Allowed, type Destination, findDestination, ownAddresses, type Resolve } from './destination.ts';
import { refuse } from './refusal.ts';
import { type Asking, ask, reasonOf } from './request.ts';

export interface FetchRules {
  maxBytes: number;
  /** For the whole, the reading of the body included. */
  timeoutMs: number;
  /** 5 unless said otherwise. */
  maxRedirects?: number;
  /** For resolving, and for connecting with TLS. 10 s unless said otherwise. */
  connectMs?: number;
  /** From the connection to the end of the headers. 15 s unless said otherwise. */
  headersMs?: number;
  allow?: Allowed;
  /** The name servers of the system unless said otherwise. */
  resolve?: Resolve;
  /** Further certificate authorities, PEM, for servers inside an organisation. */
  authorities?: string;
}

export interface Fetched {
  /** Fails with a Problem: `too-large`, `too-slow`, `cut-short-there`. Destroy it to stop. */
  stream: Readable;
  /** Where the content was found after all redirects. */
  url: string;
  /** What the server says it is, without parameters; never to be believed. */
  mediaType: string | null;
  /** As announced by the server. */
  bytes: number | null;
}

/**
 * Fetches what lies at an address that a person typed, so that they can make us reach nothing but the public internet: each address on
 * the way is resolved once, refused if any of its IP addresses is not public, and connected to at exactly those. http and https only,
 * no credentials, cookies, proxies or compression; size, time and redirects bounded. Every refusal is a Problem with a stable code.
 */
export async function fetchToStream(address: string, rules: FetchRules): Promise<Fetched> {
  const { timeoutMs, maxRedirects = 5, connectMs = 10_000, headersMs = 15_000, allow = {}, resolve } = rules;
  const tooSlow = new AbortController();
  const deadline = setTimeout(() => tooSlow.abort(refuse('too-slow', { host: hostOf(address) })), timeoutMs);
  const asking: Asking = { authorities: rules.authorities ?? '', connectMs, headersMs, signal: tooSlow.signal };
  const destinations = { allow, resolve, resolveMs: Math.min(connectMs, timeoutMs), own: ownAddresses() };
  try {
    let destination = await findDestination(address, destinations);
    for (let redirects = 0; ; redirects++) {
      const response = await ask(destination, asking);
      const target = redirectOf(response);
      if (target === null) {
        return { ...accept(response, destination, rules.maxBytes), stream: bound(response, destination) };
      }
      response.destroy();
      if (redirects === maxRedirects) throw refuse('too-many-redirects', { redirects: maxRedirects });
      destination = await follow(destination, target);
    }
  } catch (error) {
    clearTimeout(deadline);
    throw error;
  }

  async function follow({ url }: Destination, target: string): Promise<Destination> {
    const text = URL.canParse(target, url.href) ? new URL(target, url).href : target;
    // Whoever named an https address was promised that nobody on the way can change the content.
    if (url.protocol === 'https:' && /^http:/i.test(text)) throw refuse('redirect-downgrade', { host: url.host });
    return findDestination(text, destinations);
  }

  /** The body, counted and timed. */
  function bound(response: IncomingMessage, { url }: Destination): Readable {
    let bytes = 0;
    const body = new Transform({
      transform(piece: Uint8Array, _encoding, done) {
        bytes += piece.length;
        if (bytes > rules.maxBytes) done(refuseSize(rules.maxBytes));
        else done(null, piece);
      },
    });
    // Whoever reads later still gets the error; until then it must not end the process.
    body.on('error', () => {});
    const stop = () => body.destroy(reasonOf(tooSlow.signal));
    tooSlow.signal.addEventListener('abort', stop, { once: true });
    response.once('error', (error) => {
      body.destroy(error instanceof Problem ? error : refuse('cut-short-there', { host: url.host }, error));
    });
    pipeline(response, body, () => clearTimeout(deadline));
    return body;
  }
}

function redirectOf({ statusCode = 0, headers }: IncomingMessage): string | null {
  return [301, 302, 303, 307, 308].includes(statusCode) ? (headers.location ?? null) : null;
}

function accept(response: IncomingMessage, { url }: Destination, maxBytes: number): Omit<Fetched, 'stream'> {
  try {
    const { statusCode = 0, headers } = response;
    if (statusCode !== 200) throw refuse('not-found-there', { host: url.host, status: statusCode });
    const encoding = headers['content-encoding'] ?? 'identity';
    // It was asked not to; what unpacks without end is not worth a decoder here.
    if (encoding.toLowerCase() !== 'identity') throw refuse('encoded-there', { host: url.host, encoding });
    const announced = headers['content-length'];
    const bytes = announced === undefined ? null : Number(announced);
    if (bytes !== null && bytes > maxBytes) throw refuseSize(maxBytes);
    const mediaType = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? null;
    return { url: url.href, mediaType, bytes };
  } catch (error) {
    response.destroy();
    throw error;
  }
}

function refuseSize(maxBytes: number): Problem {
  return refuse('too-large', { reason: 'content', megabytes: Math.round(maxBytes / 100_000) / 10 });
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : '';
}

import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import { type Allowed, findDestination, ownAddresses, type Resolve } from './destination.ts';

export interface GuardRules {
  /** What the operator opened beyond the public internet. */
  allow?: Allowed;
  resolve?: Resolve;
  /** Further certificate authorities, PEM. */
  authorities?: string;
}

export type Fetch = (url: URL, init: FetchInit) => Promise<Response>;
export interface FetchInit {
  method: string;
  headers: Record<string, string>;
  body: string | FormData | null;
  signal: AbortSignal;
}

/**
 * A `fetch` for addresses that somebody else chose: each is resolved once, refused with a Problem if any of its IP addresses is not public
 * and not opened by the operator, and connected to at exactly those. Redirects are answers; following them is the caller's.
 */
export function guardedFetch({ allow = {}, resolve, authorities = '' }: GuardRules): Fetch {
  return async (url, { method, headers, body, signal }) => {
    const rules = { allow, resolve, resolveMs: 10_000, own: ownAddresses() };
    const { url: checked, addresses } = await findDestination(url.href, rules);
    signal.throwIfAborted();
    // Encodes forms with their boundary.
    const encoded = body === null ? null : new Response(body);
    const bytes = encoded === null ? null : Buffer.from(await encoded.arrayBuffer());
    const type = encoded?.headers.get('content-type') ?? null;
    const pinned = addresses.map((address) => ({ address, family: isIP(address) }));
    const { promise, resolve: answer, reject } = Promise.withResolvers<IncomingMessage>();
    const send = checked.protocol === 'https:' ? requestSecure : requestPlain;
    const request = send(checked, {
      method,
      signal,
      agent: false,
      // The name is never resolved a second time.
      lookup: (_host, options, done) => {
        const [first] = pinned;
        if (options.all) done(null, pinned);
        else if (first) done(null, first.address, first.family);
      },
      minVersion: 'TLSv1.2',
      ...(authorities === '' ? {} : { ca: [...rootCertificates, authorities] }),
      headers: {
        ...(type === null ? {} : { 'content-type': type }),
        ...headers,
        ...(bytes === null ? {} : { 'content-length': String(bytes.length) }),
      },
    });
    request.once('response', answer);
    request.on('error', reject);
    // Nobody asked for an upgrade; an error on its socket would end the process.
    request.once('upgrade', (_response, socket) => {
      socket.on('error', () => {}).destroy();
      reject(new Error('the service changed the protocol'));
    });
    request.end(bytes ?? undefined);
    return asResponse(await promise);
  };
}

const withoutBody: ReadonlySet<number> = new Set([101, 204, 205, 304]);

function asResponse(message: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  const status = message.statusCode ?? 502;
  if (status < 200 || withoutBody.has(status)) {
    message.resume();
    return new Response(null, { status: status < 200 ? 502 : status, headers });
  }
  // biome-ignore lint/suspicious/noExplicitAny: Node's own web stream, under another name in the types of the web
  return new Response(Readable.toWeb(message) as any, { status, headers });
}

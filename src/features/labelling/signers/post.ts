import { type IncomingMessage, request } from 'node:http';
import { request as requestByTls } from 'node:https';
import type { Readable } from 'node:stream';
import { SignerRefusal } from './refusal.ts';

/** What is sent to a service that the operator named, and how much of it and how long is waited for. */
export interface Posting {
  url: URL;
  headers: Record<string, string>;
  body: Uint8Array;
  /** For the whole, the reading of the answer included. */
  timeoutMs: number;
  maxBytes: number;
  /** Whose words a failure is told in. */
  service: 'signer' | 'timestamp';
}

/**
 * The bytes of the answer with status 200. Redirects are not followed: they would carry what was sent to somewhere else. A
 * connection of its own each time: one kept open may be closed just then, and nothing is sent twice.
 */
export async function post(posting: Posting): Promise<Uint8Array> {
  const { service, url, timeoutMs, maxBytes } = posting;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await ask(posting, signal);
    if (response.statusCode !== 200) {
      response.destroy();
      throw new SignerRefusal(`${service}-refused`, String(response.statusCode));
    }
    return await readBody(response, maxBytes, service);
  } catch (error) {
    if (error instanceof SignerRefusal) throw error;
    if (signal.aborted) throw new SignerRefusal(`${service}-too-slow`, `${timeoutMs} ms`);
    throw new SignerRefusal(`${service}-unreachable`, url.host, { cause: error });
  }
}

function ask({ url, headers, body }: Posting, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestByTls : request;
    send(url, { method: 'POST', headers: { ...headers, 'content-length': body.length }, agent: false, signal }, resolve)
      .on('error', reject)
      .end(body);
  });
}

async function readBody(body: Readable, maxBytes: number, service: Posting['service']): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    // Whatever it announced: what comes is what counts. Leaving the loop ends the connection.
    if (size > maxBytes) throw new SignerRefusal(`${service}-answer-too-large`, `more than ${maxBytes} bytes`);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

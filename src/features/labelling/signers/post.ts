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

/** The bytes of the answer with status 200. Redirects are not followed: they would carry what was sent to somewhere else. */
export async function post(posting: Posting): Promise<{ bytes: Uint8Array; mediaType: string }> {
  const { service, url, headers, body, timeoutMs, maxBytes } = posting;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
      redirect: 'manual',
      signal,
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new SignerRefusal(`${service}-refused`, String(response.status));
    }
    const mediaType = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    return { bytes: await readBody(response, maxBytes, service), mediaType };
  } catch (error) {
    if (error instanceof SignerRefusal) throw error;
    if (signal.aborted) throw new SignerRefusal(`${service}-too-slow`, `${timeoutMs} ms`);
    throw new SignerRefusal(`${service}-unreachable`, url.host, { cause: error });
  }
}

async function readBody(response: Response, maxBytes: number, service: Posting['service']): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    // Whatever it announced: what comes is what counts.
    if (size > maxBytes) throw new SignerRefusal(`${service}-answer-too-large`, `more than ${maxBytes} bytes`);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

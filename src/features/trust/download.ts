import { createHash, X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { checkServerIdentity, type PeerCertificate, rootCertificates } from 'node:tls';
import type { Lang } from '../../contract/lang.ts';
import type { Problem } from '../../contract/problem.ts';
import { maxListBytes } from './anchors.ts';
import { refuse } from './refusal.ts';

export interface Download {
  url: string;
  /** SHA-256 of public keys (SubjectPublicKeyInfo), base64; the server must have one of them. None: any certified key. */
  keyPins: string[];
  /** Further certificate authorities of servers, PEM, for mirrors inside an organisation. */
  authorities: string;
  /** For the whole conversation. */
  timeoutMs: number;
  lang: Lang;
}

/**
 * Fetches one small file over https from exactly the named host: certificates verified, keys pinned before a byte is
 * asked, redirects only within the host, size and time bounded. Throws a Problem for everything else.
 */
export async function download({ url, ...how }: Download): Promise<Buffer> {
  const deadline = AbortSignal.timeout(how.timeoutMs);
  let address = secureAddress(url, how.lang);
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const response = await ask(address, how, deadline);
    const { statusCode = 0, headers } = response;
    if (statusCode < 300 || statusCode > 399 || headers.location === undefined) {
      return readBody(response, address, how, deadline);
    }
    response.destroy();
    const next = secureAddress(new URL(headers.location, address).href, how.lang);
    if (next.host !== address.host) {
      throw refuse(how.lang, 'trust-wrong-host', { url: address.href, host: next.host });
    }
    address = next;
  }
  throw refuse(how.lang, 'trust-bad-answer', { url, status: 'too many redirects' });
}

type How = Omit<Download, 'url'>;

const maxRedirects = 3;

function secureAddress(text: string, lang: Lang): URL {
  const address = URL.canParse(text) ? new URL(text) : null;
  if (!address) throw refuse(lang, 'trust-bad-source', { source: text });
  // http would let anyone on the way choose whom we trust.
  if (address.protocol !== 'https:') throw refuse(lang, 'trust-insecure-address', { url: address.href });
  return address;
}

function ask(address: URL, how: How, signal: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  let refusal: Problem | null = null;
  request(
    address,
    {
      signal,
      agent: false,
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      ...(how.authorities === '' ? {} : { ca: [...rootCertificates, how.authorities] }),
      headers: {
        accept: 'application/x-pem-file, text/plain, */*',
        'accept-encoding': 'identity',
        'user-agent': 'clearmirror',
      },
      // Called after the chain has been verified and before anything is sent.
      checkServerIdentity: (host, certificate) => {
        const wrongName = checkServerIdentity(host, certificate);
        if (wrongName) return wrongName;
        if (how.keyPins.length === 0 || how.keyPins.includes(keyPinOf(certificate))) return undefined;
        refusal = refuse(how.lang, 'trust-wrong-key', { host, key: keyPinOf(certificate) });
        return refusal;
      },
    },
    resolve,
  )
    .on('error', (error) => reject(refusal ?? explain(error, address, how, signal)))
    .end();
  return promise;
}

async function readBody(response: IncomingMessage, address: URL, how: How, signal: AbortSignal): Promise<Buffer> {
  const { lang } = how;
  const url = address.href;
  try {
    if (response.statusCode !== 200) throw refuse(lang, 'trust-bad-answer', { url, status: response.statusCode ?? 0 });
    const encoding = response.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') throw refuse(lang, 'trust-bad-answer', { url, status: `encoding ${encoding}` });
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of response) {
      size += part.length;
      if (size > maxListBytes) throw refuse(lang, 'trust-too-large', { source: url, limit: maxListBytes });
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch (error) {
    throw explain(error, address, how, signal);
  } finally {
    response.destroy();
  }
}

/** Of the whole SubjectPublicKeyInfo; `PeerCertificate.pubkey` is that for RSA keys only. */
function keyPinOf({ raw }: PeerCertificate): string {
  const { publicKey } = new X509Certificate(raw);
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}

function explain(error: unknown, { href, host }: URL, { lang, timeoutMs }: How, signal: AbortSignal): unknown {
  if (!(error instanceof Error) || error.name === 'Problem') return error;
  const code = 'code' in error ? String(error.code) : error.name;
  if (signal.aborted) return refuse(lang, 'trust-too-slow', { url: href, seconds: timeoutMs / 1000 }, error);
  if (code === 'ECONNRESET' || code === 'HPE_INVALID_EOF_STATE' || error.message === 'aborted') {
    return refuse(lang, 'trust-cut-short', { url: href }, error);
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO/.test(code)) {
    return refuse(lang, 'trust-not-certified', { host, reason: code }, error);
  }
  return refuse(lang, 'trust-unreachable', { host, reason: code }, error);
}

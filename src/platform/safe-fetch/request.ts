import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { rootCertificates, TLSSocket } from 'node:tls';
import { Problem } from '../../contract/problem.ts';
import { errorCode } from '../error-code.ts';
import { canonical } from './addresses.ts';
import type { Destination } from './destination.ts';
import { refuse } from './refusal.ts';

export interface Asking {
  /** PEM, besides those that Node trusts. */
  authorities: string;
  connectMs: number;
  headersMs: number;
  /** Aborted with a Problem when the whole takes too long. */
  signal: AbortSignal;
}

/** Asks one destination once and gives its answer with the body still to come. Connects to none but the checked addresses. */
export function ask({ url, addresses }: Destination, how: Asking): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const send = url.protocol === 'https:' ? requestSecure : requestPlain;
  const request = send(url, {
    method: 'GET',
    // No kept connections, and none of the proxies that the environment may name for the shared agent.
    agent: false,
    lookup: pinnedTo(addresses),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(how.authorities === '' ? {} : { ca: [...rootCertificates, how.authorities] }),
    headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'clearmirror' },
  });

  const giveUp = () => request.destroy(refuse('too-slow', { host: url.host }));
  const stop = () => request.destroy(reasonOf(how.signal));
  let timer = setTimeout(giveUp, how.connectMs);
  const rest = () => {
    clearTimeout(timer);
    how.signal.removeEventListener('abort', stop);
  };
  if (how.signal.aborted) stop();
  how.signal.addEventListener('abort', stop, { once: true });

  request.on('socket', (socket) => {
    socket.once('connect', () => {
      if (!isOneOf(socket, addresses)) request.destroy(refuse('address-private', { host: url.hostname }));
    });
    socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, how.headersMs);
    });
  });
  request.once('response', (response) => {
    rest();
    resolve(response);
  });
  request.on('error', (error) => {
    rest();
    reject(explain(error, url));
  });
  // Nobody asked for an upgrade. The socket is no longer the request's: an error on it would reach nobody and end the process.
  request.once('upgrade', (_response, socket) => {
    rest();
    socket.on('error', () => {}).destroy();
    reject(refuse('bad-answer-there', { host: url.host }));
  });
  request.end();
  return promise;
}

/** Answers every look-up of the connection with the addresses that were checked: the name is never resolved a second time. */
function pinnedTo(addresses: string[]): LookupFunction {
  const pinned = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, done) => {
    const [first] = pinned;
    if (options.all) done(null, pinned);
    else if (first) done(null, first.address, first.family);
  };
}

function isOneOf(socket: Socket, addresses: string[]): boolean {
  const peer = canonical(socket.remoteAddress ?? '');
  return peer !== null && addresses.includes(peer);
}

export function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** Before the answer has begun. */
function explain(error: Error, { host }: URL): Error {
  if (error instanceof Problem) return error;
  const code = errorCode(error) ?? error.name;
  if (code.startsWith('HPE_')) return refuse('bad-answer-there', { host }, error);
  if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO/.test(code)) {
    return refuse('not-certified-there', { host, certificate: code }, error);
  }
  return refuse('unreachable-there', { host }, error);
}

import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Lang } from '../../contract/lang.ts';
import { Problem } from '../../contract/problem.ts';
import type { ProblemBody } from '../../contract/problem-body.ts';
import { say } from '../../contract/words.ts';

/** The language of the reader, by `Accept-Language`. */
export function langOf(request: FastifyRequest): Lang {
  const wanted = String(request.headers['accept-language'] ?? '');
  const first = /(?:^|,)\s*(zh|en)\b/i.exec(wanted)?.[1]?.toLowerCase();
  return first === 'zh' ? 'zh' : 'en';
}

/** Says what went wrong, RFC 9457. A Problem in its own words; anything else is our mistake, and is said without its details. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = asProblem(error);
  if (problem.status >= 500) request.log.error({ err: error }, 'a request failed');
  const lang = langOf(request);
  const body: ProblemBody = {
    type: 'about:blank',
    title: sentence(lang, `problem.${problem.code}`, problem.params) ?? problem.message,
    status: problem.status,
    code: problem.code,
    ...nextOf(lang, problem),
    ...(problem.fields.length > 0 ? { fields: problem.fields } : {}),
    requestId: request.id,
  };
  // A stream that has begun cannot be taken back: it ends, and the other side sees that it is cut short.
  if (reply.raw.headersSent) {
    reply.raw.destroy();
    return reply;
  }
  return reply.code(problem.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(body));
}

/** What every answer says at least, where the hooks that say more do not run. */
export const bareHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
} as const;

/** Answers bytes that are no HTTP request, or one that does not come to an end, and hangs up: what follows on that connection is nobody's. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 }[error.code ?? ''] ?? 400;
  const title = sentence('en', 'problem.request-refused', {}) ?? 'The request could not be read.';
  const body = JSON.stringify({ type: 'about:blank', title, status, code: 'request-refused' });
  const headers = { ...bareHeaders, 'content-type': 'application/problem+json; charset=utf-8', connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = `content-length: ${Buffer.byteLength(body)}\r\n`;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}${length}\r\n${body}`);
}

function nextOf(lang: Lang, problem: Problem): { next?: string } {
  const next = sentence(lang, `next.${problem.code}`, problem.params) ?? problem.next;
  return next === undefined ? {} : { next };
}

function sentence(lang: Lang, key: string, params: Record<string, string | number>): string | undefined {
  const text = say(lang, key, params);
  return text === key ? undefined : text;
}

/** What Fastify itself refuses, in our codes. */
const refusedEarly: Record<string, { code: string; status: number }> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'too-large', status: 413 },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'media-type-unsupported', status: 415 },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'request-not-json', status: 400 },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'request-not-json', status: 400 },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { code: 'request-not-json', status: 400 },
  FST_ERR_RATE_LIMIT: { code: 'too-many-requests', status: 429 },
};

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { code, statusCode, message } = faultOf(error);
  const early = code === undefined ? undefined : refusedEarly[code];
  if (early) return new Problem(early.code, message, { status: early.status });
  if (statusCode === 429) return new Problem('too-many-requests', message, { status: 429 });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new Problem('request-refused', message, { status: statusCode });
  }
  if (code === '53100') {
    return new Problem('database-full', 'There is no room left for the database.', { status: 507, cause: error });
  }
  if (isDatabaseAway(error)) {
    return new Problem('database-away', 'The database does not answer just now.', { status: 503, cause: error });
  }
  return new Problem('unexpected', 'Something went wrong on our side.', { status: 500, cause: error });
}

/**
 * PostgreSQL says it is busy, stopping or gone (classes 08, 53, 57), or that two who wanted the same rows met (40): nothing was done, and it
 * may work in a moment. Its driver says the same without a code; a library in between wraps it.
 */
function isDatabaseAway(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 5) return false;
  const { code, message } = faultOf(error);
  if (code !== undefined && /^(08|40|53|57)[0-9A-Z]{3}$|^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENETUN|EAI_)/.test(code))
    return true;
  if (
    /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
      message,
    )
  ) {
    return true;
  }
  if (error instanceof AggregateError && error.errors.some((one) => isDatabaseAway(one, depth + 1))) return true;
  return isDatabaseAway(error.cause, depth + 1);
}

function faultOf(error: unknown): { code?: string; statusCode?: number; message: string } {
  if (typeof error !== 'object' || error === null) return { message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const statusCode = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined;
  const message = 'message' in error ? String(error.message) : '';
  return { message, ...(code === undefined ? {} : { code }), ...(statusCode === undefined ? {} : { statusCode }) };
}

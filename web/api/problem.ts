import type { ProblemBody } from '../../src/contract/problem-body.ts';

/** What the server answered instead of what was asked for: RFC 9457 with a stable code. */
export class ApiProblem extends Error {
  readonly code: string;
  readonly status: number;
  /** In the reader's language: what happened, and what to do. Null: the page has its own words for the code. */
  readonly title: string | null;
  readonly next: string | null;
  readonly fields: NonNullable<ProblemBody['fields']>;
  readonly requestId: string | null;
  readonly retryAfterS: number | null;
  /** No further try is heard before then. */
  readonly lockedUntil: string | null;

  constructor(status: number, body: Said, retryAfterS: number | null = null) {
    super(body.title ?? body.code ?? `HTTP ${status}`);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = body.code ?? codeOf(status);
    this.title = body.title ?? null;
    this.next = body.next ?? null;
    this.fields = body.fields ?? [];
    this.requestId = body.requestId ?? null;
    this.retryAfterS = retryAfterS;
    this.lockedUntil = body.lockedUntil ?? null;
  }
}

/** What a body may hold; the sign-in library adds until when an address is locked. */
type Said = Partial<ProblemBody> & { lockedUntil?: string };

/** No answer at all: the server is down or the line is cut. */
export class Unreachable extends Error {
  readonly code = 'unreachable';

  constructor(cause: unknown) {
    super('the server does not answer', { cause });
    this.name = 'Unreachable';
  }
}

/** Reads the problem out of an answer that is not a success. Never throws: a proxy may have answered with HTML. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const seconds = Number(response.headers.get('retry-after') ?? response.headers.get('x-retry-after') ?? Number.NaN);
  const retryAfterS = Number.isFinite(seconds) ? seconds : null;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return new ApiProblem(response.status, isObject(body) ? problemIn(body) : {}, retryAfterS);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function problemIn(body: Record<string, unknown>): Said {
  const { code, title, next, requestId, fields, lockedUntil } = body;
  return {
    ...(typeof code === 'string' && { code: plainCode(code) }),
    ...(typeof title === 'string' && { title }),
    ...(typeof next === 'string' && { next }),
    ...(typeof requestId === 'string' && { requestId }),
    ...(typeof lockedUntil === 'string' && { lockedUntil }),
    ...(Array.isArray(fields) && { fields: fields.filter(isField) }),
  };
}

/** The sign-in library writes `INVALID_EMAIL_OR_PASSWORD`; everybody else `invalid-email-or-password`. */
function plainCode(code: string): string {
  return code.toLowerCase().replaceAll('_', '-');
}

function isField(value: unknown): value is NonNullable<ProblemBody['fields']>[number] {
  return isObject(value) && ['path', 'code', 'message'].every((name) => typeof value[name] === 'string');
}

function codeOf(status: number): string {
  if (status === 401) return 'not-signed-in';
  if (status === 403) return 'not-allowed';
  if (status === 404) return 'not-found';
  if (status === 429) return 'too-many-requests';
  if (status === 502 || status === 503 || status === 504) return 'unavailable';
  return 'server-error';
}

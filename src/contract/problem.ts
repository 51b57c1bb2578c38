export interface ProblemOptions {
  /** What the caller can do now. */
  next?: string;
  /** How a command ends (docs/exit-codes.md): "refused, nothing was changed" unless said otherwise. */
  exitCode?: number;
  /** How an HTTP answer ends. 422 unless said otherwise. */
  status?: number;
  /** What the sentences `problem.<code>` and `next.<code>` of the catalogues name. */
  params?: Record<string, string | number>;
  /** Which parts of a request are wrong, as JSON Pointers. */
  fields?: { path: string; code: string; message: string }[];
  cause?: unknown;
}

/**
 * A failure the caller can act on. `code` is stable and documented. Over HTTP the sentences come from the catalogues in the reader's
 * language, and `message` where they have none.
 * What is wrong with a *file* is never a Problem: it is a Finding in its record.
 */
export class Problem extends Error {
  readonly code: string;
  readonly next: string | undefined;
  readonly exitCode: number;
  readonly status: number;
  readonly params: Record<string, string | number>;
  readonly fields: { path: string; code: string; message: string }[];

  constructor(code: string, message: string, options: ProblemOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Problem';
    this.code = code;
    this.next = options.next;
    this.exitCode = options.exitCode ?? 5;
    this.status = options.status ?? 422;
    this.params = options.params ?? {};
    this.fields = options.fields ?? [];
  }
}

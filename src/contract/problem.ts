/**
 * A failure the caller can act on. `code` is stable and documented; `next` says what to do; `exitCode` is how a command ends
 * (docs/exit-codes.md), "refused, nothing was changed" unless said otherwise.
 * What is wrong with a *file* is never a Problem: it is a Finding in its record.
 */
export class Problem extends Error {
  readonly code: string;
  readonly next: string | undefined;
  readonly exitCode: number;

  constructor(code: string, message: string, options: { next?: string; exitCode?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Problem';
    this.code = code;
    this.next = options.next;
    this.exitCode = options.exitCode ?? 5;
  }
}

/** What the service under test did, or did not do, so that nothing can be told from its answer. `trial.target-<code>` says it. */
export const failureCodes = [
  'no-answer',
  'too-slow',
  'too-large',
  'elsewhere',
  'too-many-redirects',
  'requests-used-up',
  'status',
  'not-json',
  'nothing-there',
  'not-a-listing',
  'too-many-renditions',
  'never-ready',
  'unknown-whether-published',
  'not-recorded',
] as const;
export type FailureCode = (typeof failureCodes)[number];

export class TargetFailure extends Error {
  readonly code: FailureCode;
  readonly params: Record<string, string | number>;

  constructor(code: FailureCode, params: Record<string, string | number> = {}, cause?: unknown) {
    super(`the service under test: ${code}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.params = params;
  }
}

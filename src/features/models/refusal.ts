import { Problem } from '../../contract/problem.ts';
import { say } from '../../contract/words.ts';

/** Why a model was not taken, and the exit code of each (docs/exit-codes.md). Nothing is changed by a refusal. */
export const modelProblems = {
  'model-path-missing': 4,
  'model-no-card': 5,
  'model-card-too-large': 5,
  'model-card-not-json': 5,
  'model-card-invalid': 5,
  'model-file-missing': 5,
  'model-too-large': 5,
  'model-bytes-mismatch': 5,
  'model-hash-mismatch': 5,
  'model-not-onnx': 5,
  'model-external-data': 5,
  'model-too-deep': 5,
  'model-cannot-load': 5,
  'model-wrong-input': 5,
  'model-wrong-output': 5,
  'model-cannot-run': 5,
  'model-trial-crashed': 5,
  'model-trial-timeout': 5,
  'model-trial-memory': 5,
  'model-busy': 5,
  'model-exists': 5,
  'model-unknown': 5,
  'model-shipped': 5,
} as const satisfies Record<string, 4 | 5>;
export type ModelProblem = keyof typeof modelProblems;

export type Lang = 'en' | 'zh';

/** A Problem in the person's language: what was wrong, and what to do. */
export function refuse(
  lang: Lang,
  code: ModelProblem,
  params: Record<string, string | number> = {},
  cause?: unknown,
): Problem {
  const safe = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? oneLine(value) : value]),
  );
  return new Problem(code, say(lang, `cli.models.problem.${code}`, safe), {
    next: say(lang, `cli.models.next.${code}`, safe),
    cause,
  });
}

/** File names, cards and native messages are foreign text on its way to a terminal: no control characters, no direction overrides. */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '·');
}

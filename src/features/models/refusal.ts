import { refusalsOf } from '../../platform/refusal.ts';

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
} as const;

export const refuse = refusalsOf('models', modelProblems);

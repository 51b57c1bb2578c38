import { Problem } from '../../contract/problem.ts';
import { say } from '../../contract/words.ts';
import { oneLine } from '../one-line.ts';

/** What the blob store refuses, with the HTTP status of each. */
const statuses = {
  'too-large': 413,
  'storage-full': 507,
  'storage-not-writable': 503,
  'storage-without-locks': 503,
  'blob-missing': 404,
  'blob-range': 416,
  'blob-key-missing': 503,
  'blob-damaged': 500,
} as const;

export function refuse(
  code: keyof typeof statuses,
  params: Record<string, string | number> = {},
  cause?: unknown,
): Problem {
  const safe = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? oneLine(value) : value]),
  );
  return new Problem(code, say('en', `problem.${code}`, safe), {
    next: say('en', `next.${code}`, safe),
    status: statuses[code],
    params: safe,
    cause,
  });
}

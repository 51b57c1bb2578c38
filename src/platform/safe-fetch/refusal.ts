import { Problem } from '../../contract/problem.ts';
import { say } from '../../contract/words.ts';
import { oneLine } from '../one-line.ts';

/** Why an address that a person named was not fetched, with the HTTP status of our answer. */
const statuses = {
  'address-malformed': 422,
  'address-scheme': 422,
  'address-credentials': 422,
  'address-port': 422,
  'address-private': 422,
  'address-unresolvable': 422,
  'redirect-downgrade': 422,
  'too-many-redirects': 422,
  'too-large': 413,
  'too-slow': 422,
  'not-found-there': 422,
  'encoded-there': 422,
  'unreachable-there': 422,
  'not-certified-there': 422,
  'bad-answer-there': 422,
  'cut-short-there': 422,
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

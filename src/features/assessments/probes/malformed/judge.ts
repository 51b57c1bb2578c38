import type { Seeing } from '../probe.ts';

const requirements = ['CN18-E0'];

/** A file that nobody can show: a client error says so, anything else leaves a hole. */
export function judgeRefusal(subject: string, status: number, ms: number): Seeing {
  const about = { subject, requirements, params: { status, ms } };
  if (status >= 400 && status < 500) return { ...about, outcome: 'kept', code: 'malformed-refused' };
  if (status >= 500) return { ...about, outcome: 'lost', code: 'malformed-server-error' };
  return { ...about, outcome: 'lost', code: 'malformed-accepted' };
}

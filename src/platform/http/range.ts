import type { IncomingHttpHeaders } from 'node:http';

/**
 * The one range of bytes that a request asks for (RFC 9110 §14), both included. Null: all of it, also for what is not understood and
 * for several ranges, which a server may answer with the whole. `outside`: 416.
 */
export function readRange(
  { range, 'if-range': ifRange }: IncomingHttpHeaders,
  etag: string,
  bytes: number,
): { first: number; last: number } | 'outside' | null {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range?.trim() ?? '') ?? [];
  if (from === '' && to === '') return null;
  // What the asker holds a part of has changed: a part would not fit.
  if (ifRange !== undefined && ifRange !== etag) return null;
  const first = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const last = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (from !== '' && to !== '' && Number(to) < first) return null;
  if (first >= bytes || (from === '' && Number(to) === 0)) return 'outside';
  return { first, last };
}

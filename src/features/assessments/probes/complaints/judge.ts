import { isPassing, type Shown } from '../../target/service.ts';
import type { Seeing } from '../probe.ts';
import { hasWords, tidy, untoldReason } from '../public-sign/page-words.ts';

/** Times of one complaint, epoch milliseconds; null: it did not happen, or nobody wrote it down. */
export interface ComplaintTimes {
  receivedAt: number | null;
  acknowledgedAt: number | null;
  handledAt: number | null;
}

const requirements = ['CN18-E6'];

/** One complaint of the records against the time the service promises. One that still has time says nothing yet. */
export function judgeComplaint(times: ComplaintTimes, withinHours: number, now: number): Seeing[] {
  const { receivedAt, handledAt } = times;
  const about = { subject: 'records', requirements };
  if (receivedAt === null) return [{ ...about, outcome: 'unclear', code: 'complaint-without-time' }];
  const hours = Math.round((((handledAt ?? now) - receivedAt) / 3_600_000) * 10) / 10;
  const params = { hours, within: withinHours };
  if (handledAt !== null && hours < 0) return [{ ...about, outcome: 'unclear', code: 'complaint-without-time' }];
  if (hours > withinHours)
    return [{ ...about, outcome: 'lost', code: handledAt === null ? 'complaint-overdue' : 'complaint-late', params }];
  return handledAt === null ? [] : [{ ...about, outcome: 'kept', code: 'complaint-in-time', params }];
}

/** A page that anybody can open and whose words tell how to complain. One that nobody could read says nothing. */
export function judgeChannel(
  { status, words, missing, unread }: Pick<Shown, 'status' | 'words' | 'missing' | 'unread'>,
  says: readonly string[],
): Seeing {
  const about = { subject: 'channel', requirements };
  if (unread !== null && (unread !== 'page-status' || isPassing(status)))
    return { ...about, outcome: 'unclear', code: unread, params: { status } };
  if (words === null) return { ...about, outcome: 'lost', code: 'channel-hidden', params: { status } };
  const tidied = tidy(words);
  if (says.some((text) => tidied.includes(tidy(text)))) return { ...about, outcome: 'kept', code: 'channel-public' };
  // Where nobody says what the page tells, that it has words must do.
  if (says.length === 0 && hasWords(words)) return { ...about, outcome: 'kept', code: 'channel-public' };
  const untold = untoldReason({ words, missing });
  if (untold === null) return { ...about, outcome: 'lost', code: 'channel-untold', params: { status } };
  const wanted = untold === 'page-incomplete' ? { wanted: missing.join(', ') } : {};
  return { ...about, outcome: 'unclear', code: untold, params: { status, ...wanted } };
}

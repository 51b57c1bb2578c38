import type { Seeing } from '../probe.ts';

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

/** A page that anybody can open and whose words tell how to complain. */
export function judgeChannel(status: number, words: string, says: readonly string[]): Seeing {
  const about = { subject: 'channel', requirements };
  if (status !== 200) return { ...about, outcome: 'lost', code: 'channel-hidden', params: { status } };
  const isTold = says.length === 0 || says.some((text) => words.includes(text));
  return isTold
    ? { ...about, outcome: 'kept', code: 'channel-public' }
    : { ...about, outcome: 'lost', code: 'channel-untold', params: { status } };
}

import { Problem } from '../../src/contract/problem.ts';
import type { Gaps } from './gaps.ts';

export interface Complaint {
  id: string;
  receivedAt: Date;
  acknowledgedAt: Date;
  /** When staff are done with it; a time to come for what is still open. Null for never. */
  handledAt: Date | null;
}

export interface Complaints {
  file(): Complaint;
  find(id: string): Complaint;
  all(): Complaint[];
}

const pastComplaints = 40;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** People would take days; a sample answers at once. */
const handlingMs = 2_000;

/** What a service of some months would have on record, and what comes in now. */
export function openComplaints({ gaps, now }: { gaps: Gaps; now: () => Date }): Complaints {
  const isSlow = gaps.has('complaints-slow');
  const complaints = pastOnes(now(), isSlow);
  return {
    file() {
      const receivedAt = now();
      const complaint = {
        id: numbered(complaints.length + 1),
        receivedAt,
        acknowledgedAt: receivedAt,
        handledAt: isSlow ? null : after(receivedAt, handlingMs),
      };
      complaints.push(complaint);
      return complaint;
    },
    find(id) {
      const complaint = complaints.find((one) => one.id === id);
      if (!complaint) throw new Problem('not-found', 'There is no such complaint.', { status: 404 });
      return complaint;
    },
    all: () => [...complaints],
  };
}

/** Every fourth day, the latest sixteen days ago: even what took two weeks is done by now. */
function pastOnes(today: Date, isSlow: boolean): Complaint[] {
  return Array.from({ length: pastComplaints }, (_, index) => {
    const receivedAt = after(today, -(16 + 4 * (pastComplaints - 1 - index)) * dayMs - (index % 9) * hourMs);
    const days = isSlow ? 9 + (index % 6) : 0.5 + (index % 5) / 2;
    return {
      id: numbered(index + 1),
      receivedAt,
      acknowledgedAt: after(receivedAt, (1 + (index % 20)) * hourMs),
      handledAt: after(receivedAt, days * dayMs),
    };
  });
}

function numbered(number: number): string {
  return `c-${String(number).padStart(4, '0')}`;
}

function after(date: Date, ms: number): Date {
  return new Date(date.getTime() + ms);
}

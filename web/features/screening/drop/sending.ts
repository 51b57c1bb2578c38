/** One file on its way from this page to the server. */
export interface Sending {
  key: string;
  organisation: string;
  batch: string;
  name: string;
  bytes: number;
  way: Way;
}

export type Way =
  /** For its turn: a few are sent at a time. */
  | { is: 'waiting'; sent: number }
  /** `sent` has left this page, in bytes; `arrived` the server has for good. */
  | { is: 'sending'; sent: number; arrived: number; bytesPerSecond: number | null }
  /** By the person, or because the server does not answer: then it goes on by itself. */
  | { is: 'paused'; sent: number; why: 'person' | 'silence' }
  | { is: 'refused'; sent: number; error: unknown; again: boolean }
  | { is: 'sent'; screening: string; duplicate: boolean };

/** What the sender says about all the files of one drop. */
export interface Said {
  batch: string;
  declared: boolean;
}

export function isUnderWay({ way }: Sending): boolean {
  return way.is === 'waiting' || way.is === 'sending' || way.is === 'paused';
}

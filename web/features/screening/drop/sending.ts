/** One file on its way from this page to the server. */
export interface Sending {
  key: string;
  organisation: string;
  purpose: Purpose;
  /** Of a screening: the drop it belongs to. */
  batch: string | null;
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
  | { is: 'sent'; came: string; duplicate: boolean };

/** What a file is sent for. `came` of it: a screening, or a labelling. */
export type Purpose = 'screen' | 'label';

/** What the sender says about all the files of one drop. */
export interface Said {
  batch: string;
  declared: boolean;
}

export function isUnderWay({ way }: Sending): boolean {
  return way.is === 'waiting' || way.is === 'sending' || way.is === 'paused';
}

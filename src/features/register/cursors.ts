import { Problem } from '../../contract/problem.ts';

/** A place in an ordered list, as the `next` of a page. */
export function writeCursor(parts: readonly [string, string | number]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Refuses what was not given out. */
export function readCursor(cursor: string | undefined, tail: RegExp): [string, string] | undefined {
  if (cursor === undefined) return undefined;
  const parts = parse(Buffer.from(cursor, 'base64url').toString());
  if (Array.isArray(parts) && parts.length === 2) {
    const [head, last] = [String(parts[0]), String(parts[1])];
    if (head.length <= 100 && !head.includes('\u0000') && tail.test(last)) return [head, last];
  }
  throw cursorUnknown();
}

/** Of a list that is ordered by day. */
export function readDayCursor(cursor: string | undefined): [string, string] | undefined {
  const parts = readCursor(cursor, numberTail);
  if (parts && !/^\d{4}-\d{2}-\d{2}$/.test(parts[0])) throw cursorUnknown();
  return parts;
}

export function cursorUnknown(): Problem {
  return new Problem('cursor-unknown', 'This page is not one that was given out.', { status: 400 });
}

export const uuidTail = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const numberTail = /^\d{1,15}$/;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** One row more than asked for tells whether there is another page. */
export function pageFrom<Row, Item>(
  rows: Row[],
  limit: number,
  show: (row: Row) => Item,
  place: (row: Row) => readonly [string, string | number],
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(show), next: rows.length > limit && last ? writeCursor(place(last)) : null };
}

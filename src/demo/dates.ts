/** Today, for the files in demo/ and for the days named in this folder. A Monday. */
const sampleDay = '2026-11-16';
const weekMs = 7 * 24 * 3_600_000;

/** Moves a day by whole weeks, so that the sample's today falls on the last Monday: Mondays stay Mondays, and what was past stays past. */
export type MoveDay = (day: string) => string;

export function movingTo(now: Date): MoveDay {
  const weeks = Math.floor((now.getTime() - Date.parse(sampleDay)) / weekMs);
  return (day) => new Date(Date.parse(day) + weeks * weekMs).toISOString().slice(0, 10);
}

/** Every day in a text, such as a whole `clearmirror.yaml`. */
export function moveDays(text: string, move: MoveDay): string {
  return text.replaceAll(/\b\d{4}-\d{2}-\d{2}\b/g, move);
}

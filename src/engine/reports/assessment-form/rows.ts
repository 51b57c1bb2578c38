import type { Cell } from './sheet.ts';

/** Whether a row is kept on one page. A long one must not be: it could be higher than a page. */
export function staysWhole(row: readonly Cell[], columns: readonly number[]): boolean {
  const whole = columns.reduce((sum, share) => sum + share, 0);
  let column = 0;
  return row.every(({ lines, span }) => {
    const width = columns.slice(column, column + span).reduce((sum, share) => sum + share, 0) / whole;
    column += span;
    const characters = lines.reduce((sum, { text }) => sum + text.length, 0);
    return lines.length <= mostLines && characters / width <= mostCharacters;
  });
}

// About a third of a page: 50 Chinese characters a line across the whole width.
const mostLines = 14;
const mostCharacters = 800;

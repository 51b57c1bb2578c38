import type { Lang } from '../../contract/lang.ts';
import type { ScreeningItem } from '../../contract/screenings.ts';
import { speaker } from '../../contract/words.ts';

const columns = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  sha256: ({ sha256 }) => sha256,
  bytes: ({ bytes }) => bytes,
  kind: ({ kind }) => kind,
  format: ({ format }) => format,
  state: ({ state, failure }) => failure?.code ?? state,
  verdict: ({ verdict }) => (verdict?.code === 'unexaminable' ? verdict.code : verdict?.word),
  reason: ({ verdict }) => verdict?.code,
  propagation: ({ propagation }) => propagation,
  conflicts: ({ conflicts }) => conflicts,
  overridden: ({ overridden }) => overridden,
  notes: ({ noteCount }) => noteCount,
  source: ({ source }) => source,
  address: ({ address }) => address,
  batch: ({ batch }) => batch,
  by: ({ by }) => by?.name,
  created: ({ createdAt }) => createdAt,
  done: ({ doneAt }) => doneAt,
} satisfies Record<string, (item: ScreeningItem) => string | number | null | undefined>;

/** With a byte order mark: a spreadsheet would else take Chinese for something other than UTF-8. Lines end as in RFC 4180. */
export function csvHead(lang: Lang): string {
  const say = speaker(lang);
  return `\ufeff${line(Object.keys(columns).map((name) => say(`screenings.column.${name}`)))}`;
}

/** The words stay codes: a program reads them too. */
export function csvRow(item: ScreeningItem): string {
  return line(Object.values(columns).map((read) => read(item)));
}

function line(cells: (string | number | null | undefined)[]): string {
  return `${cells.map((cell) => (typeof cell === 'number' ? String(cell) : quote(cell ?? ''))).join(',')}\r\n`;
}

/** Names come from strangers; a spreadsheet runs what begins like a formula (OWASP, CSV injection). */
function quote(text: string): string {
  const harmless = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}

import { BorderStyle, Paragraph, ShadingType, Table, TableCell, TableRow, TextRun } from 'docx';
import { paragraphs, quiet } from './docx-lines.ts';
import { textWidthTwips } from './docx-styles.ts';
import { type Block, type Cell, type Line, line } from './sheet.ts';

type Shares = Extract<Block, { kind: 'shares' }>;
type Rates = Extract<Block, { kind: 'rates' }>;
type Days = Extract<Block, { kind: 'days' }>;

// Charts of cells: whoever edits the document needs no program for pictures, and a reader of the screen hears their words.

/** One cell for each part, as wide as its share. */
export function sharesTable({ parts }: Shares): Table {
  // Wide enough for its number, and all of them together no wider than the page.
  const wanted = parts.map(({ share }) => Math.max(0.04, share));
  const whole = wanted.reduce((sum, share) => sum + share, 0);
  const widths = wanted.map((share) => Math.floor((share / whole) * textWidthTwips));
  const cells = parts.map(({ tone, shape, count }, index) => {
    const fill = fills[tone === 'conforms' || tone === 'fails' || tone === 'warns' ? tone : 'quiet'];
    return new TableCell({
      width: { size: widths[index] ?? 0, type: 'dxa' },
      shading: { type: ShadingType.CLEAR, color: 'auto', fill },
      children: [new Paragraph({ alignment: 'center', children: [new TextRun(`${shape} ${count}`)] })],
    });
  });
  return chartTable(widths, [new TableRow({ tableHeader: true, cantSplit: true, children: cells })], 'lines');
}

export function sharesLegend({ parts }: Shares): Line[] {
  return [line(parts.map(({ shape, word, count }) => `${shape} ${word} ${count}`).join('　'), 'quiet')];
}

export function ratesTable({ head, rows }: Rates): Table {
  const widths = [share(28), ...strip(44), share(28)];
  const drawn = rows.map(({ name, figures, low, high, rate }) =>
    chartRow([
      textCell(name, widths[0] ?? 0),
      ...stripCells(44, { from: low, to: high, marks: [{ at: rate, shape: '●' }] }),
      textCell(figures, widths.at(-1) ?? 0),
    ]),
  );
  const axis = ['0 %', '50 %', '100 %'];
  return chartTable(widths, [headRow(head, widths), axisRow(axis, 44, [28, 28]), ...drawn]);
}

export function daysTable({ head, rows, ticks, today }: Days): Table {
  const widths = [share(34), ...strip(66)];
  const drawn = rows.map(({ name, from, to, marks }) =>
    chartRow([
      textCell(name, widths[0] ?? 0),
      ...stripCells(66, { from, to, marks: [...marks, { at: today, shape: '│' }] }),
    ]),
  );
  const [first, last] = [ticks[0]?.label ?? '', ticks.at(-1)?.label ?? ''];
  return chartTable(widths, [headRow(head, widths), axisRow([first, last], 66, [34]), ...drawn]);
}

const stripCellsCount = 24;

function share(percent: number): number {
  return Math.round((percent / 100) * textWidthTwips);
}

/** Widths of the cells that are the axis, of so many percent together. */
function strip(percent: number): number[] {
  return Array.from({ length: stripCellsCount }, () => Math.floor(share(percent) / stripCellsCount));
}

/** What lies at a place 0…1 stands in the cell of that place; the cells from `from` to `to` are shaded. */
function stripCells(
  percent: number,
  { from, to, marks }: { from: number; to: number; marks: readonly { at: number; shape: string }[] },
): TableCell[] {
  const cellAt = (at: number) => Math.min(stripCellsCount - 1, Math.floor(at * stripCellsCount));
  return strip(percent).map((size, index) => {
    const shapes = marks.filter(({ at }) => cellAt(at) === index).map(({ shape }) => shape);
    const shaded = index >= cellAt(from) && index <= cellAt(to);
    return new TableCell({
      width: { size, type: 'dxa' },
      margins: { left: 0, right: 0 },
      borders: noSides,
      ...(shaded ? { shading: { type: ShadingType.CLEAR, color: 'auto', fill: fills.conforms } } : {}),
      children: [
        new Paragraph({
          alignment: 'center',
          children: [new TextRun({ text: shapes.join(''), size: 15, color: '2F6F62' })],
        }),
      ],
    });
  });
}

function headRow(head: Cell[][], widths: readonly number[]): TableRow {
  const cells = head[0] ?? [];
  const children = cells.map(({ lines }, index) => {
    const isAxis = index === 1;
    const size = isAxis
      ? widths.slice(1, 1 + stripCellsCount).reduce((sum, width) => sum + width, 0)
      : (widths[0] ?? 0);
    return new TableCell({
      columnSpan: isAxis ? stripCellsCount : 1,
      width: { size, type: 'dxa' },
      shading: { type: ShadingType.CLEAR, color: 'auto', fill: 'F1F1ED' },
      children: paragraphs(lines),
    });
  });
  return new TableRow({ tableHeader: true, cantSplit: true, children });
}

/** The words below the head that say what the ends and the middle of the axis are. */
function axisRow(labels: readonly string[], percent: number, [before, after]: readonly number[]): TableRow {
  const span = stripCellsCount / labels.length;
  const sides = labels.length === 3 ? (['left', 'center', 'right'] as const) : (['left', 'right'] as const);
  const cells = labels.map(
    (label, index) =>
      new TableCell({
        columnSpan: span,
        width: { size: Math.floor(share(percent) / labels.length), type: 'dxa' },
        margins: { left: 0, right: 0 },
        borders: noSides,
        children: [
          new Paragraph({
            alignment: sides[index] ?? 'center',
            children: [new TextRun({ text: label, size: 14, color: quiet })],
          }),
        ],
      }),
  );
  const side = (width: number | undefined) => (width === undefined ? [] : [textCell([], share(width))]);
  return chartRow([...side(before), ...cells, ...side(after)]);
}

function chartRow(children: TableCell[]): TableRow {
  return new TableRow({ cantSplit: true, children });
}

function textCell(lines: readonly Line[], size: number): TableCell {
  const children = lines.length === 0 ? [new Paragraph({})] : paragraphs(lines);
  return new TableCell({ width: { size, type: 'dxa' }, children });
}

const dark = { style: BorderStyle.SINGLE, size: 4, color: '1D2129' };
const none = { style: BorderStyle.NONE, size: 0, color: 'auto' };
const thin = { style: BorderStyle.SINGLE, size: 2, color: 'C9CED3' };
const noSides = { left: none, right: none };
const fills = { conforms: 'C5DAD5', fails: 'E5BAB5', warns: 'E8DCC8', quiet: 'F1F1ED' } as const;

function chartTable(widths: readonly number[], rows: TableRow[], frame: 'lines' | 'thin' = 'thin'): Table {
  const outer = frame === 'thin' ? thin : dark;
  return new Table({
    columnWidths: widths,
    width: { size: widths.reduce((sum, width) => sum + width, 0), type: 'dxa' },
    layout: 'fixed',
    margins: { top: 30, bottom: 30, left: 60, right: 60 },
    borders: {
      ...{ top: outer, bottom: outer, left: outer, right: outer, insideHorizontal: outer },
      insideVertical: frame === 'thin' ? none : dark,
    },
    rows,
  });
}

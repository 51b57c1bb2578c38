import { BorderStyle, type IParagraphOptions, Paragraph, ShadingType, Table, TableCell, TableRow, TextRun } from 'docx';
import { textWidthTwips } from './docx-styles.ts';
import { staysWhole } from './rows.ts';
import type { Block, Cell, Line, Tone } from './sheet.ts';

/** A block of the sheet as paragraphs and tables. The drawing of a rate is left to the PDF; its figures are here. */
export function blockParts(block: Block): (Paragraph | Table)[] {
  if (block.kind === 'heading') return [headingOf(block)];
  if (block.kind === 'lines') return paragraphs(block.lines);
  if (block.kind === 'rate') return paragraphs(block.figures);
  // Two tables in a row would grow together in Word.
  return [tableOf(block), new Paragraph({ spacing: { before: 0, after: 0 } })];
}

export function paragraphs(lines: readonly Line[], options: IParagraphOptions = {}): Paragraph[] {
  return lines.map((line) => paragraphOf(line, options));
}

function headingOf({ level, text, also }: Extract<Block, { kind: 'heading' }>): Paragraph {
  return new Paragraph({
    heading: level === 1 ? 'Heading1' : 'Heading2',
    pageBreakBefore: level === 1,
    keepNext: true,
    children: [
      new TextRun({ text }),
      ...(also === null ? [] : [new TextRun({ text: `　${also}`, size: 20, bold: false, color: quiet })]),
    ],
  });
}

function tableOf({ columns, head, rows, dense }: Extract<Block, { kind: 'table' }>): Table {
  const whole = columns.reduce((sum, share) => sum + share, 0);
  const widths = columns.map((share) => Math.round((share / whole) * textWidthTwips));
  const side = { style: BorderStyle.SINGLE, size: 4, color: '1D2129' };
  return new Table({
    columnWidths: widths,
    width: { size: textWidthTwips, type: 'dxa' },
    layout: 'fixed',
    margins: { top: dense ? 40 : 80, bottom: dense ? 40 : 80, left: 90, right: 90 },
    borders: { top: side, bottom: side, left: side, right: side, insideHorizontal: side, insideVertical: side },
    rows: [
      ...head.map((cells) => new TableRow({ tableHeader: true, cantSplit: true, children: cellsOf(cells, widths) })),
      ...rows.map((cells) => new TableRow({ cantSplit: staysWhole(cells, columns), children: cellsOf(cells, widths) })),
    ],
  });
}

function cellsOf(cells: readonly Cell[], widths: readonly number[]): TableCell[] {
  let column = 0;
  return cells.map(({ lines, span, names }) => {
    const size = widths.slice(column, column + span).reduce((sum, width) => sum + width, 0);
    column += span;
    return new TableCell({
      columnSpan: span,
      width: { size, type: 'dxa' },
      ...(names ? { shading: { type: ShadingType.CLEAR, color: 'auto', fill: 'F1F1ED' } } : {}),
      children: lines.length === 0 ? [new Paragraph({})] : paragraphs(lines),
    });
  });
}

function paragraphOf({ text, tone, box }: Line, options: IParagraphOptions): Paragraph {
  const empty = { bottom: { style: BorderStyle.SINGLE, size: 4, color: quiet, space: 2 } };
  const boxes = { ticked: '☑ ', empty: '□ ', beside: '' } as const;
  return new Paragraph({
    ...options,
    ...(tone === 'blank' ? { border: empty } : {}),
    ...(box === null ? {} : { indent: { left: 320, hanging: box === 'beside' ? 0 : 320 } }),
    children: [
      ...(box === null ? [] : [new TextRun({ text: boxes[box], font: 'MS Gothic' })]),
      new TextRun({ text, ...runOf[tone] }),
    ],
  });
}

const quiet = '5B6B7A';
const runOf = {
  plain: {},
  strong: { bold: true },
  quiet: { size: 17, color: quiet },
  digest: { size: 15 },
  blank: { size: 17, color: quiet },
  conforms: { color: '2F6F62' },
  fails: { color: 'B3362A', bold: true },
  warns: { size: 17, color: '8A5A10' },
} as const satisfies Record<Tone, object>;

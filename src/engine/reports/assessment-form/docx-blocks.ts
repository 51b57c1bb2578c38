import { BorderStyle, Paragraph, ShadingType, Table, TableCell, TableRow, TextRun } from 'docx';
import { daysTable, ratesTable, sharesLegend, sharesTable } from './docx-charts.ts';
import { paragraphs, quiet } from './docx-lines.ts';
import { textWidthTwips } from './docx-styles.ts';
import { staysWhole } from './rows.ts';
import type { Block, Cell } from './sheet.ts';

/** A block of the sheet as paragraphs and tables. */
export function blockParts(block: Block): (Paragraph | Table)[] {
  if (block.kind === 'heading') return [headingOf(block)];
  if (block.kind === 'lines') return paragraphs(block.lines);
  if (block.kind === 'shares') return [sharesTable(block), ...paragraphs(sharesLegend(block)), gap()];
  if (block.kind === 'rates') return [ratesTable(block), gap()];
  if (block.kind === 'days') return [daysTable(block), ...paragraphs(block.legend), gap()];
  return [tableOf(block), gap()];
}

/** Two tables in a row would grow together in Word. */
function gap(): Paragraph {
  return new Paragraph({ spacing: { before: 0, after: 0 } });
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

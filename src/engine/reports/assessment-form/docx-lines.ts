import { BorderStyle, type IParagraphOptions, Paragraph, TextRun } from 'docx';
import type { Line, Tone } from './sheet.ts';

export function paragraphs(lines: readonly Line[], options: IParagraphOptions = {}): Paragraph[] {
  return lines.map((line) => paragraphOf(line, options));
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

export const quiet = '5B6B7A';
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

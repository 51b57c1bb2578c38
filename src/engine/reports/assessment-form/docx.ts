import { Document, Footer, Packer, PageNumber, Paragraph, Tab, TextRun } from 'docx';
import { blockParts } from './docx-blocks.ts';
import { paragraphs } from './docx-lines.ts';
import { font, pageProperties, styles, textWidthTwips } from './docx-styles.ts';
import type { Sheet } from './sheet.ts';
import { dateZipEntries } from './zip-times.ts';

/** A sheet as WordprocessingML. The same sheet and date give the same bytes. */
export async function drawDocx(sheet: Sheet, createdAt: string): Promise<Uint8Array> {
  const document = new Document({
    title: sheet.title,
    styles,
    sections: [
      {
        properties: { page: pageProperties },
        footers: { default: footer(sheet) },
        children: [
          new Paragraph({ style: 'SheetTitle', text: sheet.title }),
          ...paragraphs(sheet.under, { alignment: 'center' }),
          ...sheet.blocks.flatMap(blockParts),
        ],
      },
    ],
  });
  const core = { path: 'docProps/core.xml', data: coreProperties(sheet.title, createdAt) };
  return dateZipEntries(await Packer.toBuffer(document, false, [core]), new Date(createdAt));
}

function footer({ footer: { left, page } }: Sheet): Footer {
  const [before, between, after] = page;
  const run = (...children: (string | Tab)[]) => new TextRun({ font, size: 16, color: '5B6B7A', children });
  return new Footer({
    children: [
      new Paragraph({
        tabStops: [{ type: 'right', position: textWidthTwips }],
        border: { top: { style: 'single', size: 4, color: '5B6B7A', space: 4 } },
        children: [run(left, new Tab(), before, PageNumber.CURRENT, between, PageNumber.TOTAL_PAGES, after)],
      }),
    ],
  });
}

/** docx dates a document to the moment of packing. */
function coreProperties(title: string, createdAt: string): string {
  const at = new Date(createdAt).toISOString().replace(/\.\d+Z$/, 'Z');
  const when = (name: string) => `<dcterms:${name} xsi:type="dcterms:W3CDTF">${at}</dcterms:${name}>`;
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${escaped(title)}</dc:title>${when('created')}${when('modified')}</cp:coreProperties>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

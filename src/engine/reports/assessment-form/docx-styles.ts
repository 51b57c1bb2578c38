import type { IStylesOptions } from 'docx';

const mm = (length: number) => Math.round((length * 1440) / 25.4);

/** A4 as in the PDF. */
export const pageProperties = {
  size: { width: mm(210), height: mm(297) },
  margin: { top: mm(22), bottom: mm(24), left: mm(20), right: mm(20) },
};
export const textWidthTwips = mm(170);

/** Names only: an editable document is shown with the fonts of whoever opens it. */
export const font = { ascii: 'Arial', hAnsi: 'Arial', cs: 'Arial', eastAsia: 'SimSun' };
const headingFont = { ...font, eastAsia: 'SimHei' };

export const styles: IStylesOptions = {
  default: {
    document: { run: { font, size: 19, color: '1D2129' }, paragraph: { spacing: { before: 20, after: 20 } } },
    heading1: {
      run: { font: headingFont, size: 28, bold: true, color: '1D2129' },
      paragraph: { spacing: { before: 0, after: 160 } },
    },
    heading2: {
      run: { font: headingFont, size: 21, bold: true, color: '1D2129' },
      paragraph: { spacing: { before: 240, after: 80 } },
    },
  },
  paragraphStyles: [
    {
      id: 'SheetTitle',
      name: 'Sheet Title',
      run: { font: headingFont, size: 36, bold: true },
      paragraph: { alignment: 'center', spacing: { after: 120 } },
    },
  ],
};

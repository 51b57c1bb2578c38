import { compose } from './compose.ts';
import { drawDocx } from './docx.ts';
import type { FilledForm } from './form.ts';
import { drawPdf, drawSvg } from './pdf.ts';

import { type SignedReport, signaturePage } from './signature-page.ts';

export { contentHash } from './content-hash.ts';

/** The report in the authority's form, with its annexes, as PDF/A-2b. The same form gives the same bytes. */
export async function renderPdf(filled: FilledForm): Promise<Uint8Array> {
  return drawPdf(compose(filled), filled.document.createdAt);
}

/** Its pages as one SVG, to be looked at before it is concluded. */
export async function renderSvg(filled: FilledForm): Promise<Uint8Array> {
  return Buffer.from(drawSvg(compose(filled)));
}

/** The same report to be edited: WordprocessingML. The same form gives the same bytes. */
export function renderDocx(filled: FilledForm): Promise<Uint8Array> {
  return drawDocx(compose(filled), filled.document.createdAt);
}

/** Who signed the report, as PDF/A-2b in one language. */
export async function renderSignatures(signed: SignedReport): Promise<Uint8Array> {
  const last =
    signed.signatures
      .map(({ at }) => at)
      .sort()
      .at(-1) ?? signed.concludedAt;
  return drawPdf(signaturePage(signed), last);
}

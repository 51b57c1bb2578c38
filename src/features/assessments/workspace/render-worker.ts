import { parentPort, workerData } from 'node:worker_threads';
import {
  renderDocx,
  renderPdf,
  renderSignatures,
  renderSvg,
} from '../../../engine/reports/assessment-form/assessment-form.ts';
import type { Drawable, Rendered } from './render.ts';

const renderers = { pdf: renderPdf, docx: renderDocx, svg: renderSvg };
const sheets: readonly Drawable[] = workerData;
try {
  const drawn: Uint8Array[] = [];
  for (const one of sheets)
    drawn.push('filled' in one ? await renderers[one.kind](one.filled) : await renderSignatures(one));
  answer({ drawn });
} catch (error) {
  answer({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

function answer(rendered: Rendered): void {
  parentPort?.postMessage(rendered);
}

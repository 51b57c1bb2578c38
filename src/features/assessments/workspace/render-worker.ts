import { parentPort, workerData } from 'node:worker_threads';
import { renderDocx, renderPdf, renderSvg } from '../../../engine/reports/assessment-form/assessment-form.ts';
import type { Rendered } from './render.ts';
import type { Sheet } from './report.ts';

const renderers = { pdf: renderPdf, docx: renderDocx, svg: renderSvg };
const sheets: readonly Sheet[] = workerData;
try {
  const drawn: Uint8Array[] = [];
  for (const { kind, filled } of sheets) drawn.push(await renderers[kind](filled));
  answer({ drawn });
} catch (error) {
  answer({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

function answer(rendered: Rendered): void {
  parentPort?.postMessage(rendered);
}

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SignedReport } from '../../../engine/reports/assessment-form/signature-page.ts';
import type { Sheet } from './report.ts';

/** A sheet of the report, or the page that says who signed it. */
export type Drawable = Sheet | SignedReport;

/** What the worker answers: the sheets, in their order. */
export type Rendered = { drawn: Uint8Array[] } | { failed: string };

/** Draws sheets beside the thread that answers requests: Typst works on the thread that calls it, for seconds. */
export async function renderSheets(sheets: readonly Drawable[]): Promise<Buffer[]> {
  const worker = new Worker(new URL('./render-worker.ts', import.meta.url), { workerData: sheets });
  try {
    const message: Rendered = await Promise.race([once(worker, 'message').then(([one]) => one), failureOf(worker)]);
    if ('failed' in message) throw new Error(`a report could not be drawn: ${message.failed}`);
    return message.drawn.map((bytes) => Buffer.from(bytes));
  } finally {
    await worker.terminate();
  }
}

async function failureOf(worker: Worker): Promise<never> {
  const [error] = await once(worker, 'exit');
  throw new Error(`a report could not be drawn: its worker ended with ${error}`);
}

import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Lang } from '../config.ts';
import { Problem } from '../contract/problem.ts';
import type { Exhibits, ScreeningRecord } from '../contract/screening.ts';
import type { Say } from '../contract/words.ts';
import { fileSection, pageFoot, pageHead } from '../engine/reports/screening-page/screening-page.ts';
import type { Totals } from './screen-text.ts';

export interface Report {
  add(record: ScreeningRecord, exhibits: Exhibits | null): Promise<void>;
  /** Completes the page and puts it in its place. */
  close(totals: Totals): Promise<void>;
  /** Leaves nothing behind, and an older report as it was. */
  discard(): Promise<void>;
}

/** Writes the page section by section beside its final name, so that memory stays flat and no half page is ever found there. */
export async function openReport(
  file: string,
  { lang, say, generatedBy }: { lang: Lang; say: Say; generatedBy: string },
): Promise<Report> {
  const draft = join(dirname(file), `.${basename(file)}.${process.pid}.part`);
  const handle = await openDraft(draft, file);
  await handle.write(pageHead({ lang, generatedBy }));
  let index = 0;
  return {
    async add(record, exhibits) {
      index += 1;
      await handle.write(fileSection({ lang, record, exhibits, index, say }));
    },
    async close(totals) {
      await handle.write(pageFoot({ lang, counts: totals.words, say }));
      await handle.sync();
      await handle.close();
      await rename(draft, file);
    },
    async discard() {
      await handle.close().catch(() => {});
      await rm(draft, { force: true });
    },
  };
}

async function openDraft(draft: string, file: string): Promise<FileHandle> {
  try {
    return await open(draft, 'w', 0o600);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw new Problem('bad-option', `The report cannot be written to ${file} (${code})`, {
      next: 'Name a file in a folder that exists and that you may write to.',
      cause,
    });
  }
}

import { rmSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Lang } from '../contract/lang.ts';
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
  const handle = await openDraft(draft, file, say);
  let index = 0;
  // Whoever ends the process from elsewhere (a reader of the output that closed early) leaves no half page either.
  const leaveNothing = () => rmSync(draft, { force: true });
  process.once('exit', leaveNothing);

  async function discard(): Promise<void> {
    await handle.close().catch(() => {});
    await rm(draft, { force: true });
    process.off('exit', leaveNothing);
  }
  /** A full disk must not leave half a page, nor a page that looks whole and is not. */
  async function orDiscard(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      await discard();
      throw notWritten(file, cause, say);
    }
  }

  await orDiscard(() => handle.write(pageHead({ lang, generatedBy })));
  return {
    add: (record, exhibits) => {
      index += 1;
      return orDiscard(() => handle.write(fileSection({ lang, record, exhibits, index, say })));
    },
    close: (totals) =>
      orDiscard(async () => {
        await handle.write(pageFoot({ lang, counts: totals.words, say }));
        await handle.sync();
        await handle.close();
        await rename(draft, file);
        process.off('exit', leaveNothing);
      }),
    discard,
  };
}

async function openDraft(draft: string, file: string, say: Say): Promise<FileHandle> {
  try {
    return await open(draft, 'w', 0o600);
  } catch (cause) {
    throw notWritten(file, cause, say);
  }
}

function notWritten(file: string, cause: unknown, say: Say): Problem {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '?';
  const next = say(code === 'ENOSPC' ? 'cli.report-no-room' : 'cli.report-no-place');
  return new Problem('report-not-written', say('cli.report-not-written', { file, code }), { next, cause, exitCode: 1 });
}

import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Lang } from '../contract/lang.ts';
import type { Problem } from '../contract/problem.ts';
import { errorCode } from './error-code.ts';
import { type Holder, lockFileOf, noteOf, readHolder } from './folder-lock-holder.ts';
import { takeKernelLock } from './folder-lock-kernel.ts';
import { refusalsOf } from './refusal.ts';

export interface FolderLock {
  /** Tells those who find the folder locked where to reach us. */
  announce(here: { address: string }): void;
  /** Safe to call twice. A process that dies without it leaves nothing locked. */
  release(): void;
}

/**
 * Makes this process the only one that has the folder open, or throws a Problem: `data-folder-busy` names the process that has it.
 * Two openers of one PGlite folder lose rows without an error (stack.md §6), hence a lock of the kernel and not of a file's existence.
 * `lock.db` must never be opened by anything else in this process, a backup included: closing it would drop the lock.
 */
export function lockFolder(folder: string, { lang, now }: { lang: Lang; now: Date }): FolderLock {
  mustBeFolder(folder, lang);
  const lock = takeKernelLock(lockFileOf(folder), patienceMs);
  if (lock.state === 'held') throw refuseHeld(folder, lang);
  if (lock.state === 'unwritable') throw refuse(lang, 'data-folder-not-writable', { folder }, lock.cause);
  if (lock.state === 'without-locks') throw refuse(lang, 'data-folder-without-locks', { folder }, lock.cause);

  const me: Holder = { pid: process.pid, startedAt: now.toISOString(), host: hostname() };
  try {
    leaveNote(folder, me);
  } catch (error) {
    lock.release();
    throw refuse(lang, 'data-folder-not-writable', { folder }, error);
  }
  let released = false;
  return {
    announce({ address }) {
      if (!released) leaveNote(folder, { ...me, address });
    },
    release() {
      if (released) return;
      released = true;
      // While the lock is still ours: afterwards the note may be the next one's.
      rmSync(noteOf(folder), { force: true });
      lock.release();
    },
  };
}

/** Outlasts somebody who only looks, or who is just going. */
const patienceMs = 1000;

const refuse = refusalsOf('folder-lock', {
  'data-folder-busy': 5,
  'data-folder-missing': 4,
  'data-folder-not-writable': 4,
  'data-folder-without-locks': 5,
});

function mustBeFolder(folder: string, lang: Lang): void {
  try {
    if (statSync(folder).isDirectory()) return;
  } catch (error) {
    if (errorCode(error) === 'EACCES') throw refuse(lang, 'data-folder-not-writable', { folder }, error);
  }
  throw refuse(lang, 'data-folder-missing', { folder });
}

function refuseHeld(folder: string, lang: Lang): Problem {
  const holder = readHolder(folder);
  // Gone within this moment.
  if (holder === null) return refuse(lang, 'data-folder-busy', { folder, reason: 'just-now' });
  // SQLite says "held" for ENOLCK too; then nobody is found who holds anything.
  if (holder === 'nobody-known') return refuse(lang, 'data-folder-without-locks', { folder });
  const { pid, address, host } = holder;
  if (address !== undefined) return refuse(lang, 'data-folder-busy', { folder, pid, address, reason: 'answers' });
  if (host !== undefined && host !== hostname()) {
    return refuse(lang, 'data-folder-busy', { folder, pid, host, reason: 'elsewhere' });
  }
  return refuse(lang, 'data-folder-busy', { folder, pid, reason: 'silent' });
}

function leaveNote(folder: string, holder: Holder): void {
  const draft = `${noteOf(folder)}.new`;
  writeFileSync(draft, `${JSON.stringify(holder)}\n`);
  renameSync(draft, noteOf(folder));
}

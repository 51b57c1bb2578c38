import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Lang } from '../contract/lang.ts';
import { errorCode } from '../platform/error-code.ts';
import { lockFileOf, noteOf } from '../platform/folder-lock-holder.ts';
import { refusalsOf } from '../platform/refusal.ts';
import { writeDurably } from '../platform/shelf.ts';

/** In this order. A start goes on with the first that is not done; doing one again changes nothing. */
export const chapters = [
  'people',
  'register',
  'happenings',
  'filings',
  'key',
  'screenings',
  'labellings',
  'assessments',
] as const;
export type Chapter = (typeof chapters)[number];

const noteSchema = z.object({
  schema: z.literal('clearmirror.demo/1'),
  /** Of all invented people. Random, so that a demo that is shown to others by its operator is not open to everybody who read the manual. */
  password: z.string(),
  /** False until both organisations have somebody who can sign in. Before that nobody was let in, so it may be begun anew. */
  standing: z.boolean(),
  done: z.array(z.enum(chapters)),
});
/** `demo.json`: marks a folder as a demo's from before its database exists, and says how far it was filled. */
export type DemoNote = z.infer<typeof noteSchema>;

const refuse = refusalsOf('demo', { 'folder-has-data': 5, 'folder-is-demo': 5, 'note-broken': 5 });

/**
 * Keeps demo and work apart, in a folder that this process has locked: a demo begins only in an empty folder, and the folder of a demo is
 * opened as nothing else. Throws `folder-has-data`, `folder-is-demo`.
 */
export async function guardFolder(folder: string, { demo, lang }: { demo: boolean; lang: Lang }): Promise<void> {
  const note = readNote(folder, lang);
  if (!demo) {
    if (note) throw refuse(lang, 'folder-is-demo', { folder });
    return;
  }
  if (!note) {
    if (readdirSync(folder).some((name) => !ofLock(folder, name))) throw refuse(lang, 'folder-has-data', { folder });
    await writeNote(folder, { schema: 'clearmirror.demo/1', password: newPassword(), standing: false, done: [] });
  } else if (!note.standing) {
    for (const name of ['database', 'media', 'documents', 'uploads']) {
      await rm(join(folder, name), { recursive: true, force: true });
    }
  }
}

export function readDemoNote(folder: string, lang: Lang): DemoNote {
  const note = readNote(folder, lang);
  if (!note) throw new Error(`${folder} holds no demo`);
  return note;
}

/** Whole or not at all: a kill leaves the note from before. */
export async function writeNote(folder: string, note: DemoNote): Promise<void> {
  await replaceFile(noteOfDemo(folder), `${JSON.stringify(note, null, 2)}\n`);
}

/** For its owner alone. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const draft = `${file}.new`;
  await rm(draft, { force: true });
  await writeDurably(draft, text, 0o600);
  await rename(draft, file);
}

const noteOfDemo = (folder: string) => join(folder, 'demo.json');

function readNote(folder: string, lang: Lang): DemoNote | null {
  let text: string;
  try {
    text = readFileSync(noteOfDemo(folder), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    return noteSchema.parse(JSON.parse(text));
  } catch (error) {
    // A mark that cannot be read still marks: nothing here is taken for real data, and nothing is overwritten.
    throw refuse(lang, 'note-broken', { file: noteOfDemo(folder) }, error);
  }
}

/** The lock's own files, and what a kill left of writing our note. */
function ofLock(folder: string, name: string): boolean {
  const path = join(folder, name);
  const lock = lockFileOf(folder);
  return path.startsWith(lock) || path.startsWith(noteOf(folder)) || path === `${noteOfDemo(folder)}.new`;
}

/** Ten syllables to be read out and typed: 61 bits. */
function newPassword(): string {
  const letter = (letters: string) => letters.charAt(randomInt(letters.length));
  const syllable = () => letter('bdfghklmnprstv') + letter('aeiou');
  return Array.from({ length: 5 }, () => syllable() + syllable()).join('-');
}

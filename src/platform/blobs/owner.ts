import { link, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../error-code.ts';
import { syncFolder } from './places.ts';
import type { Scratch } from './scratch.ts';

/** Whether the folder belongs to that owner, whose name it then keeps. A link is made whole or not at all, and only by the first. */
export async function belongsTo(folder: string, scratch: Scratch, owner: string): Promise<boolean> {
  const place = join(folder, 'owner');
  const draft = await scratch.newFile();
  try {
    await draft.handle.writeFile(`${owner}\n`);
    await draft.handle.sync();
    await link(draft.path, place).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
    await syncFolder(folder);
    return (await readFile(place, 'utf8')).trim() === owner;
  } catch (error) {
    throw scratch.explain(error);
  } finally {
    await draft.discard();
  }
}

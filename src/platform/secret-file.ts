import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync } from 'node:fs';
import { errorCode } from './error-code.ts';
import { writeDurably } from './shelf.ts';

/** The secret in that file, made of 32 random bytes at first and readable by its owner alone. Two who make it at once agree on one. */
export async function readOrMakeSecret(file: string): Promise<string> {
  const known = readSecret(file);
  if (known !== null) return known;
  const draft = `${file}.${process.pid}.new`;
  await writeDurably(draft, `${randomBytes(32).toString('base64url')}\n`, 0o600);
  try {
    // A link, unlike a rename, does not replace what another process has put there in the meantime.
    linkSync(draft, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  const made = readSecret(file);
  if (made === null) throw new Error(`${file} went away while it was made`);
  return made;
}

function readSecret(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

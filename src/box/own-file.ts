import { closeSync, existsSync, openSync } from 'node:fs';

/** Where a box that was born for one file sees it, through a read-only mount. */
export const ownFilePath = '/in/file';
/** The same file as a descriptor from outside, for those who may not open it themselves. */
const inherited = 4;

/**
 * The descriptor to read the file by. A descriptor from outside could be opened anew for writing (/proc/self/fd), by the user
 * who owns the file; so it is closed before the first foreign byte is read, in favour of the read-only mount. Where that may not
 * be opened (root screens the file of a user), opening anew is refused for the same reason, and the descriptor stays.
 */
export function takeOwnFile(): number {
  if (!existsSync(ownFilePath)) return inherited;
  try {
    const own = openSync(ownFilePath, 'r');
    closeSync(inherited);
    return own;
  } catch {
    return inherited;
  }
}

import { constants, type FileHandle, open } from 'node:fs/promises';
import type { Say } from '../../contract/words.ts';
import { failureCode } from '../../engine/media/bytes.ts';
import { refusal } from './refusals.ts';

export interface Input {
  handle: FileHandle;
  bytes: number;
  /** Nanoseconds; a change of either, or of the size, is a change of the file. */
  modifiedAt: bigint;
  changedAt: bigint;
}

export async function openInput(path: string, say: Say): Promise<Input> {
  let handle: FileHandle | null = null;
  try {
    // Without O_NONBLOCK a named pipe would hold us until somebody writes to it.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const info = await handle.stat({ bigint: true });
    if (!info.isFile()) throw refusal(say, 'label-input-no-file', { path });
    return { handle, bytes: Number(info.size), modifiedAt: info.mtimeNs, changedAt: info.ctimeNs };
  } catch (error) {
    await handle?.close();
    if (failureCode(error) === 'unknown') throw error;
    if (!/^E[A-Z]+$/.test(failureCode(error))) throw error;
    throw refusal(say, 'label-input-unreadable', { path, detail: failureCode(error) }, error);
  }
}

export async function refuseIfChanged(input: Input, say: Say): Promise<void> {
  const now = await input.handle.stat({ bigint: true });
  const isSame =
    Number(now.size) === input.bytes && now.mtimeNs === input.modifiedAt && now.ctimeNs === input.changedAt;
  if (!isSame) throw refusal(say, 'label-input-changed');
}

import type { ChildProcess } from 'node:child_process';
import { Readable, Writable } from 'node:stream';

/** What the child writes to that descriptor. Throws when it was not started with a pipe there. */
export function readablePipe(child: ChildProcess, descriptor: number): Readable {
  const stream = child.stdio[descriptor];
  if (stream instanceof Readable) return stream;
  throw new Error(`descriptor ${descriptor} of the child is no pipe`);
}

/** What the child reads from that descriptor. Throws when it was not started with a pipe there. */
export function writablePipe(child: ChildProcess, descriptor: number): Writable {
  const stream = child.stdio[descriptor];
  if (stream instanceof Writable) return stream;
  throw new Error(`descriptor ${descriptor} of the child is no pipe`);
}

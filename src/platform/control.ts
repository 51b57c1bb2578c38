import { rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { Problem } from '../contract/problem.ts';
import { errorCode } from './error-code.ts';

export type ControlWork = (body: unknown) => Promise<unknown>;

/**
 * Lets commands on this machine ask the process that has the folder open to do something for them. A socket in the folder itself: whoever
 * may open it may read the database too.
 */
export function serveControl(folder: string, works: Record<string, ControlWork>): Promise<() => Promise<void>> {
  const path = socketOf(folder);
  rmSync(path, { force: true });
  const server = createServer((asked, answer) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    asked.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) asked.destroy();
      else chunks.push(chunk);
    });
    asked.on('end', async () => {
      const name = String(asked.url).slice(1);
      const work = Object.hasOwn(works, name) ? works[name] : undefined;
      try {
        if (!work)
          throw new Problem('control-unknown', `The running server does not know ${asked.url}`, {
            next: 'It may be of another version: restart it with this one.',
          });
        const result = await work(JSON.parse(Buffer.concat(chunks).toString('utf8')));
        answer.end(JSON.stringify({ result }));
      } catch (error) {
        answer.end(JSON.stringify({ problem: explain(error) }));
      }
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Not by chmod afterwards: in between anybody could come in.
    const umask = process.umask(0o177);
    server.listen(path, () => {
      resolve(async () => {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      });
    });
    process.umask(umask);
  });
}

/** A request names a folder or an address. */
const maxBytes = 64 * 1024;

/** Asks the running process; throws its Problem as ours. */
export function askControl(folder: string, name: string, body: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath: socketOf(folder), path: `/${name}`, method: 'POST' }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      answer.once('error', reject);
      answer.once('end', () => {
        const { result, problem } = readAnswer(text);
        if (problem)
          reject(new Problem(problem.code, problem.message, { next: problem.next, exitCode: problem.exitCode }));
        else resolve(result);
      });
    });
    asking.once('error', (error) => {
      reject(
        new Problem('control-unreachable', `The server that has ${folder} open does not answer (${errorCode(error)})`, {
          next: 'Stop it first, or ask its operator.',
          cause: error,
        }),
      );
    });
    asking.end(JSON.stringify(body));
  });
}

/** Half an answer is none: the process went away while it worked. */
function readAnswer(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return {
      problem: {
        code: 'control-unreachable',
        message: 'The running server ended before it had answered',
        next: 'Look whether it was done, and start it again.',
      },
    };
  }
}

function explain(error: unknown) {
  if (error instanceof Problem) {
    const { code, message, next, exitCode } = error;
    return { code, message, next, exitCode };
  }
  return { code: 'unexpected', message: error instanceof Error ? error.message : String(error), exitCode: 1 };
}

/** A socket's path has at most 107 bytes; a longer folder is reached through the process's own view of it. */
function socketOf(folder: string): string {
  const path = join(folder, 'control.sock');
  if (Buffer.byteLength(path) <= 100) return path;
  throw new Problem('folder-path-too-long', `The path ${folder} is too long for a socket (100 bytes)`, {
    next: 'Choose a shorter --folder.',
    exitCode: 2,
  });
}

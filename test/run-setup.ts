import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type OwnPostgres, startPostgres } from './postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A socket that says where the PostgreSQL server of this run is; it is started for the first who asks. */
    postgresSocket: string;
  }
}

/**
 * Runs once around all tests. Vitest ends the processes of test files without telling them, so what is to be gone after the run, a folder
 * for everything temporary and a PostgreSQL server, belongs to this process.
 */
export default function setUpRun(project: TestProject): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cm-'));
  // PostgreSQL runs as another user.
  chmodSync(folder, 0o755);
  process.env['TMPDIR'] = folder;
  let postgres: Promise<OwnPostgres> | undefined;
  const desk = createServer((socket) => {
    postgres ??= startPostgres();
    postgres.then(
      ({ address }) => socket.end(JSON.stringify({ address })),
      (error: unknown) => socket.end(JSON.stringify({ failed: String(error) })),
    );
    socket.on('error', () => {});
  });
  const place = join(folder, 'postgres.sock');
  desk.listen(place).unref();
  project.provide('postgresSocket', place);
  return async () => {
    desk.close();
    await (await postgres?.catch(() => undefined))?.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
}

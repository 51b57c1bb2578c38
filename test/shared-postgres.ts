import { connect } from 'node:net';
import { inject } from 'vitest';
import { z } from 'zod';
import { clientsOf, type TestPostgres } from './postgres.ts';

/** The server that all test files of a run share, made in the process that runs them. */
export async function testPostgres(): Promise<TestPostgres> {
  shared ??= askFor(inject('postgresSocket'));
  return clientsOf(await shared);
}

let shared: Promise<string> | undefined;

async function askFor(place: string): Promise<string> {
  const said: Buffer[] = [];
  for await (const part of connect(place)) said.push(part);
  const { address, failed } = z
    .object({ address: z.string().optional(), failed: z.string().optional() })
    .parse(JSON.parse(Buffer.concat(said).toString()));
  if (!address) throw new Error(`PostgreSQL did not start: ${failed}`);
  return address;
}

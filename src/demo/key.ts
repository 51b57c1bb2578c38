import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { apiKeysSchema, madeKeySchema } from '../contract/accounts.ts';
import type { Door } from './door.ts';
import { replaceFile } from './folder.ts';
import type { Crew } from './people.ts';

const name = '发布流水线 / Release pipeline';

/** The key with which the invented company's pipeline asks the gate and hands in what was uploaded. */
export const keyFile = (folder: string) => join(folder, 'pipeline.key');

export async function makePipelineKey(crew: Crew, door: Door, folder: string): Promise<void> {
  if (existsSync(keyFile(folder))) return;
  const as = await crew.as('lin');
  const { items } = await door.ask({ as, path: '/api/v1/api-keys', answer: apiKeysSchema });
  // Made by a fill-in that was killed before it kept the key: nobody has it.
  for (const lost of items.filter((key) => key.name === name && key.revokedAt === null)) {
    await door.ask({ as, method: 'DELETE', path: `/api/v1/api-keys/${lost.id}`, answer: z.null() });
  }
  const body = { name, roles: ['engineer'] };
  const { key } = await door.ask({ as, method: 'POST', path: '/api/v1/api-keys', body, answer: madeKeySchema });
  await replaceFile(keyFile(folder), `${key}\n`);
}

export function readPipelineKey(folder: string): string {
  return readFileSync(keyFile(folder), 'utf8').trim();
}

import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { registerDocumentSchema, registerPlanSchema } from '../contract/register-document.ts';
import { type MoveDay, moveDays } from './dates.ts';
import type { Door } from './door.ts';
import { replaceFile } from './folder.ts';
import type { Crew } from './people.ts';

export interface Places {
  root: string;
  /** The demo's own. */
  folder: string;
}

/** Where the company's own `clearmirror.yaml` lies, with today's dates, to be changed and applied again. */
export const companyFile = (folder: string) => join(folder, 'shimmer', 'clearmirror.yaml');

/**
 * Applies the sample repository as it was, then as it is: so functions have a first version that was launched and a second one. Applied
 * twice it changes nothing, but after the second file the first would be a step back; so it is left out once the second was applied.
 */
export async function applyRepository(
  crew: Crew,
  door: Door,
  { places, move }: { places: Places; move: MoveDay },
): Promise<void> {
  const read = (name: string) => moveDays(readFileSync(join(places.root, 'demo', 'shimmer', name), 'utf8'), move);
  const today = read('clearmirror.yaml');
  const as = await crew.as('zhou');
  const plan = await planOf(door, as, today);
  // Only who starts from nothing meets obstacles: nobody enters with a second version.
  if (plan.obstacles.length > 0) await apply(door, as, read('history/voice-rooms-go-online.yaml'));
  await apply(door, as, today);
  await mkdir(join(places.folder, 'shimmer'), { recursive: true });
  await replaceFile(companyFile(places.folder), today);
}

async function apply(door: Door, as: Awaited<ReturnType<Crew['as']>>, text: string): Promise<void> {
  const { hash } = await planOf(door, as, text);
  const body = { document: documentOf(text), hash };
  await door.ask({ as, method: 'POST', path: '/api/v1/register/apply', body, answer: registerPlanSchema });
}

function planOf(door: Door, as: Awaited<ReturnType<Crew['as']>>, text: string) {
  const body = { document: documentOf(text) };
  return door.ask({ as, method: 'POST', path: '/api/v1/register/plan', body, answer: registerPlanSchema });
}

function documentOf(text: string) {
  return registerDocumentSchema.parse(parse(text, { maxAliasCount: 0 }));
}

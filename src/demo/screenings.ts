import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  batchSchema,
  noteSchema,
  type Submission,
  screeningItemSchema,
  screeningSchema,
  submittedSchema,
} from '../contract/screenings.ts';
import type { Door, SignedIn, WithKey } from './door.ts';
import { readPipelineKey } from './key.ts';
import type { Crew } from './people.ts';
import type { Places } from './register.ts';
import { batches, type Upload } from './uploads.ts';

/** Hands the files in, waits for the workers, and says of some what people thought of them. Bytes that were handed in before are known again. */
export async function screenUploads(
  crew: Crew,
  door: Door,
  { places, onExamined }: { places: Places; onExamined: (done: number, all: number) => void },
): Promise<void> {
  const handedIn: { upload: Upload; id: string }[] = [];
  for (const { id: batch, uploads } of batches) {
    for (const upload of uploads) {
      const as = await senderOf(upload, crew, places);
      handedIn.push({ upload, id: await handIn(door, as, { upload, batch, root: places.root }) });
    }
  }
  await waitForAll(crew, door, { all: handedIn.length, onExamined });
  for (const { upload, id } of handedIn) await decide(crew, door, { upload, id });
}

async function senderOf({ by }: Upload, crew: Crew, { folder }: Places): Promise<SignedIn | WithKey> {
  return by === 'pipeline' ? { key: readPipelineKey(folder) } : crew.as(by);
}

async function handIn(
  door: Door,
  as: SignedIn | WithKey,
  { upload, batch, root }: { upload: Upload; batch: string; root: string },
): Promise<string> {
  const { fixture, name, declared = false, cutAt = 1 } = upload;
  const bytes = readFileSync(join(root, 'test', 'fixtures', fixture));
  const said = { name, batch, declared: String(declared) } satisfies Partial<Record<keyof Submission, string>>;
  const { screening } = await door.ask({
    as,
    method: 'POST',
    path: '/api/v1/screenings',
    query: said,
    body: bytes.subarray(0, Math.floor(bytes.length * cutAt)),
    answer: submittedSchema,
  });
  return screening.id;
}

async function waitForAll(
  crew: Crew,
  door: Door,
  { all, onExamined }: { all: number; onExamined: (done: number, all: number) => void },
): Promise<void> {
  let last = -1;
  for (;;) {
    let examined = 0;
    for (const { id, uploads } of batches) {
      const as = await crew.as(uploads.some(({ by }) => by === 'tang') ? 'tang' : 'gu');
      const { states } = await door.ask({ as, path: `/api/v1/batches/${id}`, answer: batchSchema });
      examined += (states.done ?? 0) + (states.failed ?? 0);
    }
    if (examined !== last) onExamined(examined, all);
    if (examined >= all) return;
    last = examined;
    await sleep(250);
  }
}

async function decide(crew: Crew, door: Door, { upload, id }: { upload: Upload; id: string }): Promise<void> {
  const { note, override } = upload;
  const by = note?.by ?? override?.by;
  if (by === undefined) return;
  const path = `/api/v1/screenings/${id}`;
  const seen = await door.ask({ as: await crew.as(by), path, answer: screeningSchema });
  // Where files cannot be examined there is nothing to judge either.
  if (seen.state !== 'done') return;
  if (note && seen.notes.length === 0) {
    const body = { text: note.text };
    const as = await crew.as(note.by);
    await door.ask({ as, method: 'POST', path: `${path}/notes`, body, answer: noteSchema });
  }
  if (override && seen.override === null) {
    const body = { word: override.word, reason: override.reason };
    const as = await crew.as(override.by);
    await door.ask({ as, method: 'PUT', path: `${path}/override`, body, answer: screeningItemSchema });
  }
}

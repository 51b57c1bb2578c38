import { createHash } from 'node:crypto';
import { copyFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SampleFormat } from '../../../contract/target.ts';
import type { Edited } from './edited.ts';
import { type Edit, edit } from './edits.ts';
import { formats, type Sample } from './sample.ts';

/** A sample as people pass it on. */
export interface Copy extends Sample {
  of: Sample;
  /** What was done to it, in order; nothing for the same file once more. */
  edits: readonly Edit[];
}

/** The sample after the edits, one on top of the other. Null where one of them does not exist for what the ones before left. */
export async function copySample(
  of: Sample,
  edits: readonly Edit[],
  { folder, offered }: { folder: string; offered: readonly SampleFormat[] },
): Promise<Copy | null> {
  const id = `${of.id}~${nameOf(edits)}`;
  const path = join(folder, id);
  let now: Edited = { path: of.path, format: of.format };
  for (const [index, one] of edits.entries()) {
    const next = await edit(one, now, { path: `${path}.${index}`, offered });
    if (now.path !== of.path) await rm(now.path, { force: true });
    if (!next) return null;
    now = next;
  }
  await copyFile(now.path, path);
  if (now.path !== of.path) await rm(now.path, { force: true });
  const bytes = await readFile(path);
  return {
    ...of,
    ...{ id, path, of, edits, treatment: 'copy', format: now.format, kind: formats[now.format].kind },
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

/** `crop+mirror`; `as-is` where nothing was done. */
export function nameOf(edits: readonly Pick<Edit, 'id'>[]): string {
  return edits.map(({ id }) => id).join('+') || 'as-is';
}

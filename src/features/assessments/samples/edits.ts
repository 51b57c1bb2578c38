import { rm } from 'node:fs/promises';
import type { SampleFormat } from '../../../contract/target.ts';
import { editFilm, filmEdits } from './edit-films.ts';
import { editPicture, pictureEdits } from './edit-pictures.ts';
import { editSound, soundEdits } from './edit-sounds.ts';
import type { Edited } from './edited.ts';
import { formats, type SampleKind } from './sample.ts';

/** One ordinary thing that people do to media, with the figures that `hazard.step.edit.<kind>.<id>` tells. */
export interface Edit {
  /** Unique for its kind. */
  id: string;
  kind: SampleKind;
}

/** What may be done to a sample of that kind, in the order in which it is tried. */
export function editsOf(kind: SampleKind): readonly Edit[] {
  const ids = { image: pictureEdits, video: filmEdits, audio: soundEdits }[kind];
  return ids.map((id) => ({ id, kind }));
}

/**
 * Does it to a file of ours and puts the outcome at `path`, with the ending of its format. Null where that edit does not exist for the format, or
 * leads to one that the service does not take. What goes in was made here: nothing foreign is decoded, so no box is needed.
 */
export async function edit(
  { id, kind }: Edit,
  from: Edited,
  { path, offered }: { path: string; offered: readonly SampleFormat[] },
): Promise<Edited | null> {
  if (formats[from.format].kind !== kind) return null;
  const act = { image: editPicture, video: editFilm, audio: editSound }[kind];
  try {
    return await act(id, from, { path, offered });
  } catch {
    // A tool that refuses, or is not installed: on this machine nobody does that to such a file.
    await rm(path, { force: true });
    return null;
  }
}

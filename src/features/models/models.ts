import { type Card, type Channel, detectorIdSchema, whyNotStrong } from '../../contract/card.ts';
import type { Lang } from '../../contract/lang.ts';
import { changeModels, type InstalledModel, isInstalled, listModels, type ModelFolders } from './installed.ts';
import { refuse } from './refusal.ts';

export { type AddedModel, addModel } from './add.ts';
export { type BrokenModel, type InstalledModel, listModels, type ModelFolders } from './installed.ts';
export { modelProblems } from './refusal.ts';
export { startInBox, type TryModel, tryInChild } from './try-in-child.ts';

/** What a screening runs: every detector that holds. Those that do not are shown by `listModels` and `doctor`. */
export function installedModels(dataFolder: string, root: string): InstalledModel[] {
  return listModels({ dataFolder, root }).models;
}

/** Removes an installed detector; a shipped one of the same id comes back into view. */
export async function removeModel({ id, lang, ...folders }: ModelFolders & { id: string; lang: Lang }): Promise<void> {
  // The id becomes a path.
  if (!detectorIdSchema.safeParse(id).success) throw refuse(lang, 'model-unknown', { id: id.slice(0, 80) });
  const { dataFolder } = folders;
  if (isInstalled(dataFolder, id) && (await changeModels(dataFolder, lang, ({ takeOff }) => takeOff(id)))) return;
  const { models, broken } = listModels(folders);
  const isShipped = models.some(({ card }) => card.id === id) || broken.some((entry) => entry.id === id);
  throw refuse(lang, isShipped ? 'model-shipped' : 'model-unknown', { id });
}

/** The best word that a detector may say on each of its channels, and why it is not `strong`. */
export function bestWords({
  channels,
}: Card): { channel: string; best: 'strong' | 'some'; why: ReturnType<typeof whyNotStrong> }[] {
  return channels.map((channel: Channel) => {
    const why = whyNotStrong(channel);
    return { channel: channel.id, best: why === null ? 'strong' : 'some', why };
  });
}

import { currentLang } from '../../words/words.ts';
import type { Find } from '../feature.ts';
import { bytes } from '../screening/figures.ts';
import { plain } from '../screening/plain.ts';
import { listLabellings } from './calls.ts';

/** Labelled files whose name holds these letters. */
export const find: Find = async (query) => {
  const { items } = await listLabellings({ state: ['done'], text: query.slice(0, 200) }, { limit: 6 });
  return items.map((item) => ({
    id: `labelling-${item.id}`,
    title: plain(item.labelled?.name ?? item.name, 80),
    about: bytes(currentLang(), item.labelled?.bytes ?? item.bytes),
    to: `/label/${item.id}`,
  }));
};

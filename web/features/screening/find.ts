import type { Find } from '../feature.ts';
import { listScreenings } from './calls.ts';
import { plain } from './plain.ts';
import { sayWord, wordOf } from './verdict-words.ts';

/** Screenings by a part of the file's name or the start of its hash. */
export const find: Find = async (query) => {
  const { items } = await listScreenings({ text: query }, { limit: 6 });
  return items.map((item) => ({
    id: `screening-${item.id}`,
    title: plain(item.name),
    about: sayWord(wordOf(item)),
    to: `/screen/${item.id}`,
  }));
};

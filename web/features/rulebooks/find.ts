import { queries } from '../../api/queries.ts';
import { rulebooksQuery } from '../../api/rulebooks.ts';
import { currentLang } from '../../words/words.ts';
import type { Find } from '../feature.ts';

/** Rulebooks by a part of their names, in either language. */
export const find: Find = async (query) => {
  const { items } = await queries.ensureQueryData(rulebooksQuery);
  const wanted = query.toLowerCase();
  const lang = currentLang();
  return items
    .filter(({ id, title, shortTitle }) =>
      [id, title.zh, title.en, shortTitle.zh, shortTitle.en].some((text) => text.toLowerCase().includes(wanted)),
    )
    .slice(0, 6)
    .map(({ id, shortTitle, reference }) => ({
      id: `rulebook-${id}`,
      title: shortTitle[lang],
      about: reference[lang],
      to: `/rulebooks/${id}`,
    }));
};

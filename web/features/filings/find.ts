import { listFilings } from '../../api/filings.ts';
import { currentLang, sayNow } from '../../words/words.ts';
import type { Find } from '../feature.ts';
import { nameIn } from '../rulebooks/names.ts';

/** Filings by number, authority or name. */
export const find: Find = async (query, signal) => {
  const { items } = await listFilings({ search: query, limit: 5 }, signal);
  const lang = currentLang();
  return items.map(({ id, number, authority, service, state }) => ({
    id: `filing-${id}`,
    title: number ?? authority,
    about: `${nameIn(service.name, lang)} · ${sayNow(`filings.state.${state}`)}`,
    to: `/filings/${id}`,
  }));
};

import { queries } from '../../api/queries.ts';
import { functionsQuery, listServices } from '../../api/register.ts';
import { currentLang, sayNow } from '../../words/words.ts';
import type { Find } from '../feature.ts';
import { nameIn } from '../rulebooks/names.ts';

/** Services and functions by a part of their names. */
export const find: Find = async (query, signal) => {
  const lang = currentLang();
  const [services, functions] = await Promise.all([
    listServices({ search: query, limit: 6 }, signal),
    queries.ensureQueryData(functionsQuery()),
  ]);
  const wanted = query.toLowerCase();
  const found = functions.items.filter(({ slug, name }) =>
    [slug, name.zh ?? '', name.en ?? ''].some((text) => text.toLowerCase().includes(wanted)),
  );
  return [
    ...services.items.map(({ slug, name, state }) => ({
      id: `service-${slug}`,
      title: nameIn(name, lang),
      about: `${sayNow('register.service')} · ${sayNow(`register.state.${state}`)}`,
      to: `/services/${slug}`,
    })),
    ...found.slice(0, 6).map(({ id, name, service, state }) => ({
      id: `function-${id}`,
      title: nameIn(name, lang),
      about: `${nameIn(service.name, lang)} · ${sayNow(`register.state.${state}`)}`,
      to: `/services/${service.slug}#function-${id}`,
    })),
  ];
};

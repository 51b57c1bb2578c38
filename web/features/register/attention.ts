import { listFilings } from '../../api/filings.ts';
import { queries } from '../../api/queries.ts';
import { gateQuery, listServices } from '../../api/register.ts';
import { currentLang } from '../../words/words.ts';
import type { Attend } from '../feature.ts';
import { nameIn } from '../rulebooks/names.ts';

/** So many services are looked at; the page of filings shows all. */
const atMost = 10;

/** What is due by a day of a clock, and filings that came back. A launch that waits is no deadline: its page says so. */
export const attention: Attend = async ({ organisation }, say) => {
  if (organisation?.kind !== 'company') return [];
  const lang = currentLang();
  const [services, returned] = await Promise.all([
    listServices({ state: 'live', limit: atMost }),
    listFilings({ state: 'returned', limit: 5 }),
  ]);
  const gates = await Promise.all(services.items.map(({ slug }) => queries.fetchQuery(gateQuery(slug))));
  const dues = gates.flatMap(({ dues: all, service }) =>
    all.flatMap(({ due, rulebook, title, rulebookTitle, by, state, verified, settled, filing }) =>
      state === 'due' && verified && !settled && filing === null && by.kind === 'date'
        ? [
            {
              id: `due-${service.id}-${rulebook}-${due}`,
              title: title[lang],
              about: `${nameIn(service.name, lang)} · ${rulebookTitle[lang]}`,
              to: `/services/${service.slug}#due`,
              dueAt: by.at,
            },
          ]
        : [],
    ),
  );
  return [
    ...dues,
    ...returned.items.map(({ id, service, number }) => ({
      id: `returned-${id}`,
      title: say('register.attention.returned', { number: number ?? '' }),
      about: nameIn(service.name, lang),
      to: `/filings/${id}`,
    })),
  ];
};

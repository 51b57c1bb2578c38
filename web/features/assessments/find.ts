import { listAssessments } from '../../api/assessments.ts';
import { currentLang, sayNow } from '../../words/words.ts';
import type { Find } from '../feature.ts';
import { nameIn } from '../rulebooks/names.ts';

/** Assessments by the names of what they assess, of the newest hundred. */
export const find: Find = async (query, signal) => {
  const { items } = await listAssessments({ limit: 100 }, signal);
  const lang = currentLang();
  const wanted = query.trim().toLowerCase();
  const named = items.map(({ id, service, function: own, state }) => ({
    id: `assessment-${id}`,
    title: [service.name, ...(own ? [own.name] : [])].map((name) => nameIn(name, lang)).join(' › '),
    also: [service.slug, service.name.zh, service.name.en, own?.slug, own?.name.zh, own?.name.en]
      .join(' ')
      .toLowerCase(),
    about: `${sayNow('assessments.one')} · ${sayNow(`assessments.state.${state}`)}`,
    to: `/assessments/${id}`,
  }));
  return named.filter(({ also }) => also.includes(wanted)).slice(0, 5);
};

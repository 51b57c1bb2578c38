import { listAssessments, listHazards } from '../../api/assessments.ts';
import { currentLang } from '../../words/words.ts';
import type { Attend } from '../feature.ts';
import { addDays, today } from '../rulebooks/days.tsx';
import { nameIn } from '../rulebooks/names.ts';

/** Rectification that is due within a week or overdue, and reports that wait for a signature. */
export const attention: Attend = async ({ organisation, person, roles }, say) => {
  if (organisation?.kind !== 'company') return [];
  const lang = currentLang();
  const [hazards, concluding] = await Promise.all([
    listHazards({ open: 'true', limit: 100 }),
    roles.includes('signatory') ? listAssessments({ state: 'concluding', limit: 5 }) : { items: [] },
  ]);
  const soon = addDays(today(), 7);
  const seesAll = roles.includes('assessor') || roles.includes('administrator');
  const due = hazards.items.filter(
    ({ dueOn, owner, state }) =>
      dueOn !== null && dueOn <= soon && state !== 'done' && (seesAll || owner?.id === person?.id),
  );
  return [
    ...due.map(({ id, no, service, dueOn, assessment }) => ({
      id: `hazard-${id}`,
      title: say('assessments.attention.hazard', { no }),
      about: nameIn(service.name, lang),
      to: `/assessments/${assessment.id}#hazards`,
      ...(dueOn !== null && { dueAt: `${dueOn}T23:59:59` }),
    })),
    ...concluding.items.map(({ id, service }) => ({
      id: `sign-${id}`,
      title: say('assessments.attention.sign'),
      about: nameIn(service.name, lang),
      to: `/assessments/${id}/report`,
    })),
  ];
};

import type { Filling } from './filling.ts';
import { planOf } from './plan.ts';
import { poamOf } from './poam.ts';
import { resultsOf } from './results.ts';
import type { AssessmentPlan, AssessmentResults, PlanOfActionAndMilestones } from './shapes.ts';

export interface OscalDocuments {
  plan: { 'assessment-plan': AssessmentPlan };
  results: { 'assessment-results': AssessmentResults };
  /** Null when there is no hazard to act upon. */
  poam: { 'plan-of-action-and-milestones': PlanOfActionAndMilestones } | null;
}

/** A run as OSCAL 1.2 (NIST), ready for `JSON.stringify`. The same record gives the same bytes. */
export function oscalOf(filling: Filling): OscalDocuments {
  const poam = poamOf(filling);
  return {
    plan: { 'assessment-plan': planOf(filling) },
    results: { 'assessment-results': resultsOf(filling) },
    poam: poam && { 'plan-of-action-and-milestones': poam },
  };
}

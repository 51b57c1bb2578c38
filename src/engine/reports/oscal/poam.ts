import { recordResource } from './back-matter.ts';
import type { Filling } from './filling.ts';
import { findingsOf } from './findings.ts';
import { stringOf } from './markup.ts';
import { metadataOf } from './metadata.ts';
import { namespace } from './namespace.ts';
import { observationsOf } from './observations.ts';
import { itemsOf, risksOf } from './risks.ts';
import type { PlanOfActionAndMilestones } from './shapes.ts';
import { assetsOf, componentsOf } from './subjects.ts';
import { uuidsOf } from './uuids.ts';

/**
 * One item for each hazard, with the findings and observations that it rests on, so that it can be read alone. Null when there is no
 * hazard: OSCAL has no plan of action without an action.
 */
export function poamOf(filling: Filling): PlanOfActionAndMilestones | null {
  const { record } = filling;
  const items = itemsOf(filling);
  if (items.length === 0) return null;
  const risks = risksOf(filling);
  const named = new Set(items.flatMap((item) => item['related-findings'] ?? []).map((one) => one['finding-uuid']));
  const findings = findingsOf(filling).filter(({ uuid }) => named.has(uuid));
  const rests = [...risks, ...findings].flatMap((one) => one['related-observations'] ?? []);
  const seen = new Set(rests.map((one) => one['observation-uuid']));
  const observations = observationsOf(filling)
    .filter(({ uuid }) => seen.has(uuid))
    // Their tasks are in the assessment plan, which this document does not import.
    .map((one) => ({ ...one, origins: one.origins.map(({ actors }) => ({ actors })) }));
  const content: Omit<PlanOfActionAndMilestones, 'uuid'> = {
    metadata: metadataOf(filling, 'poam'),
    'system-id': { id: stringOf(record.service.slug), 'identifier-type': `${namespace}/service` },
    'local-definitions': { components: componentsOf(filling), 'assessment-assets': assetsOf(filling) },
    ...(observations.length > 0 && { observations }),
    risks,
    ...(findings.length > 0 && { findings }),
    'poam-items': items,
    'back-matter': { resources: [recordResource(filling)] },
  };
  return { uuid: uuidsOf(record.run).document(content), ...content };
}

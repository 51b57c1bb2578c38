import { endOfDay } from '../../rulebooks/clocks.ts';
import type { Filling } from './filling.ts';
import { hazardsIn, type ToldHazard } from './hazards.ts';
import { lossesOf } from './losses.ts';
import { lineOf, momentOf, numbered, proseOf, stringOf } from './markup.ts';
import { namespace, own, standing } from './namespace.ts';
import { logOf, remediationsOf } from './rectification.ts';
import type { PlanItem, RelatedObservation, Risk } from './shapes.ts';
import { originOf } from './subjects.ts';
import { uuidsOf } from './uuids.ts';
import { word } from './words.ts';

/** One of each hazard, with the steps that show it again, what is planned about it and what was done. */
export function risksOf(filling: Filling): Risk[] {
  const { record, lang, timeZone } = filling;
  return hazardsIn(filling).map((hazard, no) => {
    const { id, title, about, steps, severity, verified, seen, tended } = hazard;
    const observations = seenBy(filling, hazard);
    const facet = (name: string, value: string | number) => ({
      name,
      system: namespace,
      value: stringOf(String(value)),
    });
    const remediations = remediationsOf(filling, hazard, no);
    const log = logOf(filling, hazard, no);
    return {
      uuid: uuidsOf(record.run).risk(no),
      title: lineOf(title),
      description: proseOf(...about),
      statement: steps.length > 0 ? `${proseOf(word(lang, 'reproduce'))}\n\n${numbered(steps)}` : proseOf(...about),
      props: [own('hazard', id), ...(seen ? [own('probe', seen.probe)] : []), standing(verified, lang)],
      status: tended?.state === 'verified' ? 'closed' : tended && tended.state !== 'open' ? 'remediating' : 'open',
      origins: [originOf(filling)],
      characterizations: [
        {
          origin: originOf(filling),
          facets: [
            facet('severity', severity),
            ...(seen ? [facet('lost', seen.lost), facet('tried', seen.tried)] : []),
          ],
        },
      ],
      ...(tended?.dueOn && { deadline: momentOf(endOfDay(tended.dueOn, timeZone)) }),
      ...(remediations.length > 0 && { remediations }),
      ...(log.length > 0 && { 'risk-log': { entries: log } }),
      ...(observations.length > 0 && { 'related-observations': observations }),
    };
  });
}

/** What is to be done about each hazard; where nobody planned it yet, for people to plan. */
export function itemsOf(filling: Filling): PlanItem[] {
  const { record, lang } = filling;
  const uuids = uuidsOf(record.run);
  return hazardsIn(filling).map((hazard, no) => {
    const { id, title, about, severity, verified, requirements, tended } = hazard;
    const observations = seenBy(filling, hazard);
    const findings = record.requirements.flatMap((one, at) =>
      requirements.includes(one.id) ? [{ 'finding-uuid': uuids.finding(at) }] : [],
    );
    return {
      uuid: uuids.item(no),
      title: lineOf(title),
      description: proseOf(...about, requirements.join(' · ')),
      props: [
        own('hazard', id),
        own('severity', severity),
        ...(tended ? [own('state', tended.state)] : []),
        standing(verified, lang),
      ],
      origins: [originOf(filling)],
      ...(findings.length > 0 && { 'related-findings': findings }),
      ...(observations.length > 0 && { 'related-observations': observations }),
      'related-risks': [{ 'risk-uuid': uuids.risk(no) }],
    };
  });
}

/** The trials that are the hazard, and the runs of its probe. */
function seenBy({ record }: Filling, { seen }: ToldHazard): RelatedObservation[] {
  if (!seen) return [];
  const uuids = uuidsOf(record.run);
  const losses = lossesOf(record)
    .filter((loss) => loss.probe === seen.probe && loss.subject === seen.subject && loss.code === seen.code)
    .map((loss) => uuids.loss(loss.run, loss.no));
  const runs = record.probes.flatMap((run, no) => (run.probe === seen.probe ? [uuids.probe(no)] : []));
  return [...losses, ...runs].map((uuid) => ({ 'observation-uuid': uuid }));
}

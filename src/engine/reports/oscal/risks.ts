import type { FoundHazard } from '../../../contract/assessment.ts';
import type { Lang } from '../../../contract/lang.ts';
import { sayTrial } from '../../../contract/trial-words.ts';
import { say } from '../../../contract/words.ts';
import type { Filling } from './filling.ts';
import { lossesOf } from './losses.ts';
import { lineOf, numbered, proseOf, stringOf } from './markup.ts';
import { namespace, own, standing } from './namespace.ts';
import type { PlanItem, RelatedObservation, Risk } from './shapes.ts';
import { originOf } from './subjects.ts';
import { uuidsOf } from './uuids.ts';
import { word } from './words.ts';

/** One of each hazard, with the steps that show it again. */
export function risksOf(filling: Filling): Risk[] {
  const { record, lang } = filling;
  return record.hazards.map((hazard, no) => {
    const observations = seenBy(filling, hazard);
    const facet = (name: string, value: string | number) => ({
      name,
      system: namespace,
      value: stringOf(String(value)),
    });
    return {
      uuid: uuidsOf(record.run).risk(no),
      title: lineOf(nameOf(hazard, lang)),
      description: proseOf(...describe(hazard, lang)),
      statement: `${proseOf(word(lang, 'reproduce'))}\n\n${numbered(stepsOf(hazard, lang))}`,
      props: [own('hazard', hazard.id), own('probe', hazard.probe), standing(hazard.verified, lang)],
      status: 'open',
      origins: [originOf(filling)],
      characterizations: [
        {
          origin: originOf(filling),
          facets: [facet('severity', hazard.severity), facet('lost', hazard.lost), facet('tried', hazard.tried)],
        },
      ],
      ...(observations.length > 0 && { 'related-observations': observations }),
    };
  });
}

/** What is to be done about each hazard: for people to plan. */
export function itemsOf(filling: Filling): PlanItem[] {
  const { record, lang } = filling;
  const uuids = uuidsOf(record.run);
  return record.hazards.map((hazard, no) => {
    const observations = seenBy(filling, hazard);
    const findings = record.requirements.flatMap(({ id }, at) =>
      hazard.requirements.includes(id) ? [{ 'finding-uuid': uuids.finding(at) }] : [],
    );
    return {
      uuid: uuids.item(no),
      title: lineOf(nameOf(hazard, lang)),
      description: proseOf(...describe(hazard, lang), hazard.requirements.join(' · ')),
      props: [own('hazard', hazard.id), own('severity', hazard.severity), standing(hazard.verified, lang)],
      origins: [originOf(filling)],
      ...(findings.length > 0 && { 'related-findings': findings }),
      ...(observations.length > 0 && { 'related-observations': observations }),
      'related-risks': [{ 'risk-uuid': uuids.risk(no) }],
    };
  });
}

function nameOf({ subject, code, reproduce }: FoundHazard, lang: Lang): string {
  const seen = reproduce.find((step) => step.code === `seen.${code}`);
  return `${subject}: ${sayTrial({ code, params: seen?.params ?? {} }, lang)}`;
}

function describe({ probe, severity, verified, lost, tried }: FoundHazard, lang: Lang): string[] {
  const rank = verified ? say(lang, `severity.${severity}`) : word(lang, 'unread-rule');
  return [`${say(lang, `probe.${probe}`)} · ${say(lang, 'cli.assess.lost', { lost, tried })}`, rank];
}

function stepsOf({ code, reproduce }: FoundHazard, lang: Lang): string[] {
  return reproduce.map((step) =>
    step.code.startsWith('seen.')
      ? sayTrial({ code, params: step.params }, lang)
      : say(lang, `hazard.step.${step.code}`, step.params),
  );
}

/** The trials that are the hazard, and the runs of its probe. */
function seenBy({ record }: Filling, { probe, subject, code }: FoundHazard): RelatedObservation[] {
  const uuids = uuidsOf(record.run);
  const losses = lossesOf(record)
    .filter((loss) => loss.probe === probe && loss.subject === subject && loss.code === code)
    .map((loss) => uuids.loss(loss.run, loss.no));
  const runs = record.probes.flatMap((run, no) => (run.probe === probe ? [uuids.probe(no)] : []));
  return [...losses, ...runs].map((uuid) => ({ 'observation-uuid': uuid }));
}

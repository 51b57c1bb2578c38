import type { AssessedRequirement } from '../../../contract/assessment.ts';
import type { Lang } from '../../../contract/lang.ts';
import { say } from '../../../contract/words.ts';
import { resultWords } from '../assessment-form/words.ts';
import type { Filling } from './filling.ts';
import { hazardsIn } from './hazards.ts';
import { lossesOf } from './losses.ts';
import { lineOf, proseOf } from './markup.ts';
import { own, standing } from './namespace.ts';
import { objectiveId, titleOf } from './objectives.ts';
import type { Finding, TargetStatus } from './shapes.ts';
import { originOf } from './subjects.ts';
import { uuidsOf } from './uuids.ts';
import { word } from './words.ts';

/** One of each requirement: what became of it, what was seen of it, and which hazards it has. */
export function findingsOf(filling: Filling): Finding[] {
  return filling.record.requirements.map((assessed, no) => findingOf(filling, assessed, no));
}

function findingOf(filling: Filling, assessed: AssessedRequirement, no: number): Finding {
  const { record, lang } = filling;
  const { id, result, reason, verified, kept, lost, unclear } = assessed;
  const uuids = uuidsOf(record.run);
  const runs = record.probes.flatMap(({ probe, requirements }, at) =>
    assessed.probes.includes(probe) || requirements.includes(id) ? [uuids.probe(at)] : [],
  );
  const losses = lossesOf(record)
    .filter(({ trials }) => trials.some(({ trial }) => trial.requirements.includes(id)))
    .map((loss) => uuids.loss(loss.run, loss.no));
  const observations = [...runs, ...losses].map((uuid) => ({ 'observation-uuid': uuid }));
  const risks = hazardsIn(filling).flatMap(({ requirements }, at) =>
    requirements.includes(id) ? [{ 'risk-uuid': uuids.risk(at) }] : [],
  );
  return {
    uuid: uuids.finding(no),
    title: lineOf(titleOf(assessed, lang)),
    description: proseOf(
      `${resultWords[result][lang]}: ${say(lang, `requirement-reason.${reason.code}`, reason.params)}`,
      ...(verified ? [] : [word(lang, 'unread-rule')]),
    ),
    props: [
      ...[own('result', result), own('reason', reason.code), standing(verified, lang)],
      ...[own('kept', kept), own('lost', lost), own('unclear', unclear)],
    ],
    origins: [originOf(filling)],
    target: {
      type: 'objective-id',
      'target-id': objectiveId(assessed),
      status: statusOf(lang)[result],
      ...(result === 'not-applicable' && { 'implementation-status': { state: 'not-applicable' } }),
    },
    ...(observations.length > 0 && { 'related-observations': observations }),
    ...(risks.length > 0 && { 'related-risks': risks }),
  };
}

function statusOf(lang: Lang): Readonly<Record<AssessedRequirement['result'], TargetStatus>> {
  return {
    conforms: { state: 'satisfied', reason: 'pass' },
    fails: { state: 'not-satisfied', reason: 'fail' },
    open: { state: 'not-satisfied', reason: 'other', remarks: word(lang, 'open') },
    'not-applicable': { state: 'satisfied', reason: 'other', remarks: word(lang, 'not-applicable') },
  };
}

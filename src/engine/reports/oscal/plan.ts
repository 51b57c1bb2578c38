import type { ProbeRun } from '../../../contract/assessment.ts';
import { say } from '../../../contract/words.ts';
import { recordResource, registerResource, rulebookResources } from './back-matter.ts';
import type { Filling } from './filling.ts';
import { lineOf, momentOf, proseOf } from './markup.ts';
import { metadataOf } from './metadata.ts';
import { own } from './namespace.ts';
import { objectiveOf, reviewed, reviewedOf } from './objectives.ts';
import type { Activity, AssessmentPlan, SubjectSelection, Task } from './shapes.ts';
import { stepsOf } from './steps.ts';
import { assetsOf, componentsOf, subjectOf } from './subjects.ts';
import { uuidsOf } from './uuids.ts';
import { word } from './words.ts';

/** What was to be done: requirements as objectives, probes as activities, their runs as tasks. */
export function planOf(filling: Filling): AssessmentPlan {
  const { record, lang } = filling;
  const uuids = uuidsOf(record.run);
  const objectives = record.requirements.map((assessed) => objectiveOf(filling, assessed));
  const activities = record.probes.map((run, no) => activityOf(filling, run, no));
  const tasks = record.probes.map((run, no) => taskOf(filling, run, no));
  const content: Omit<AssessmentPlan, 'uuid'> = {
    metadata: metadataOf(filling, 'plan'),
    'import-ssp': { href: `#${uuids.resource('register')}`, remarks: proseOf(word(lang, 'no-ssp')) },
    'local-definitions': {
      components: componentsOf(filling),
      ...(objectives.length > 0 && { 'objectives-and-methods': objectives }),
      ...(activities.length > 0 && { activities }),
    },
    'reviewed-controls': reviewedOf(record),
    'assessment-subjects': [selected(filling)],
    'assessment-assets': assetsOf(filling),
    ...(tasks.length > 0 && { tasks }),
    'back-matter': {
      resources: [registerResource(filling), recordResource(filling), ...rulebookResources(filling)],
    },
  };
  return { uuid: uuids.document(content), ...content };
}

function activityOf({ record, lang }: Filling, run: ProbeRun, no: number): Activity {
  const uuids = uuidsOf(record.run);
  const title = lineOf(say(lang, `probe.${run.probe}`));
  const controls = reviewed(record.requirements.filter(({ id }) => run.requirements.includes(id)));
  return {
    uuid: uuids.activity(no),
    title,
    description: title,
    props: [{ name: 'method', value: 'TEST' }, own('probe', run.probe)],
    steps: stepsOf[run.probe].map((step, at) => ({
      uuid: uuids.step(no, at),
      title: lineOf(step[lang]),
      description: proseOf(step[lang]),
    })),
    ...(controls && { 'related-controls': controls }),
  };
}

function taskOf(filling: Filling, run: ProbeRun, no: number): Task {
  const uuids = uuidsOf(filling.record.run);
  return {
    uuid: uuids.task(no),
    type: 'action',
    title: lineOf(say(filling.lang, `probe.${run.probe}`)),
    timing: { 'within-date-range': { start: momentOf(run.startedAt), end: momentOf(run.endedAt) } },
    'associated-activities': [{ 'activity-uuid': uuids.activity(no), subjects: [selected(filling)] }],
  };
}

function selected(filling: Filling): SubjectSelection {
  return { type: 'component', 'include-subjects': [subjectOf(filling)] };
}

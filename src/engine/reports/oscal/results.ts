import { planResource, recordResource } from './back-matter.ts';
import type { Filling } from './filling.ts';
import { findingsOf } from './findings.ts';
import { momentOf, proseOf } from './markup.ts';
import { metadataOf } from './metadata.ts';
import { own } from './namespace.ts';
import { reviewedOf } from './objectives.ts';
import { observationsOf } from './observations.ts';
import { risksOf } from './risks.ts';
import type { AssessmentResults } from './shapes.ts';
import { uuidsOf } from './uuids.ts';
import { word } from './words.ts';

/** What was seen, and what follows. Subjects, tasks and the tool are defined in the plan that it imports. */
export function resultsOf(filling: Filling): AssessmentResults {
  const { record, lang } = filling;
  const uuids = uuidsOf(record.run);
  const metadata = metadataOf(filling, 'results');
  const observations = observationsOf(filling);
  const risks = risksOf(filling);
  const findings = findingsOf(filling);
  const content: Omit<AssessmentResults, 'uuid'> = {
    metadata,
    'import-ap': { href: `#${uuids.resource('plan')}`, remarks: proseOf(word(lang, 'ap-beside')) },
    results: [
      {
        uuid: uuids.result,
        title: metadata.title,
        description: proseOf(word(lang, 'results-from-record')),
        start: momentOf(record.startedAt),
        end: momentOf(record.endedAt),
        props: [
          ...[own('samples', record.samples.length), own('requests', record.requests)],
          own('isolation', record.isolation),
          ...record.leftBehind.map((sample) => own('left-behind', sample)),
        ],
        links: [{ href: `#${uuids.resource('record')}`, rel: 'reference' }],
        'reviewed-controls': reviewedOf(record),
        ...(observations.length > 0 && { observations }),
        ...(risks.length > 0 && { risks }),
        ...(findings.length > 0 && { findings }),
      },
    ],
    'back-matter': { resources: [planResource(filling), recordResource(filling)] },
  };
  return { uuid: uuids.document(content), ...content };
}

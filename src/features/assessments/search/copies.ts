import type { Trial } from '../../../contract/assessment.ts';
import type { Attempt } from '../../../engine/assessments/search.ts';
import type { ProbeBench } from '../probes/probe.ts';
import { judgeCopy, receive } from '../probes/reupload-recognised/probe.ts';
import { copySample } from '../samples/copies.ts';
import type { Edit } from '../samples/edits.ts';
import type { Sample } from '../samples/sample.ts';
import { type Attempted, attemptOf, type Hunting, impossible, type Ran, ranIn } from './chase.ts';

const missed = 'copy-unrecognised';

/** One for each kind of which a known fake was listed: the probe tried chains of one edit already. */
export function copyHunts(ran: readonly Ran[]): Hunting[] {
  const probe = ranIn(ran, 'reupload-recognised');
  if (!probe) return [];
  const fakes = probe.samples.filter(({ treatment }) => treatment === 'known');
  const first = fakes.filter(({ kind }, index) => fakes.findIndex((one) => one.kind === kind) === index);
  return first.flatMap((sample) => {
    const trials = probe.run.trials.filter((trial) => trial.params['of'] === sample.id);
    const lost = trials.filter(({ outcome }) => outcome === 'lost');
    const tested = trials.some(({ outcome, subject }) => outcome === 'kept' && subject.endsWith('/as-is'));
    if (!tested && lost.length === 0) return [];
    return [huntFor(sample, trials, lost)];
  });
}

function huntFor(sample: Sample, trials: readonly Trial[], lost: readonly Trial[]): Hunting {
  const subjectOf = (edit: string) => `${sample.kind}/${edit}`;
  return {
    probes: ['reupload-recognised'],
    subject: `${sample.kind}/${sample.format}`,
    sample,
    sought: lost.length > 0 ? [] : [missed],
    probeFor: () => 'reupload-recognised',
    known: [...new Set(lost.map(({ subject }) => `reupload-recognised/${subject}/${missed}`))],
    before: [
      { code: 'publish', params: { sample: sample.id } },
      { code: 'list-known', params: {} },
    ],
    seenBefore: ([only, ...more]) => {
      const trial = more.length > 0 || !only ? undefined : trials.find(({ subject }) => subject === subjectOf(only));
      return trial ? { ...known, clear: trial.outcome !== 'unclear', grows: trial.outcome === 'kept' } : null;
    },
    attempt: (bench, chain, folder) => uploadAgain(bench, sample, chain, folder),
  };
}

/** The probe published it, and it was recognised. */
const known: Attempt = { published: false, clear: true, failures: [], grows: true };

async function uploadAgain(
  bench: ProbeBench,
  sample: Sample,
  chain: readonly Edit[],
  folder: string,
): Promise<Attempted> {
  const copy = await copySample(sample, chain, { folder, offered: bench.service.target.publish?.formats ?? [] });
  if (!copy) return impossible;
  const subject = `${sample.kind}/${sample.format}`;
  const seen = await bench.unit(`search/${copy.id}`, { sample: copy, subject }, async () => [
    judgeCopy(copy, subject, await receive(bench, copy)),
  ]);
  return { attempt: attemptOf(seen, ({ outcome }) => outcome === 'kept'), copy, seen };
}

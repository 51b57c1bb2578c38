import type { Trial } from '../../../contract/assessment.ts';
import { hazardKey } from '../../../engine/assessments/gone.ts';
import type { ProbeBench } from '../probes/probe.ts';
import { judgeCopy, receive } from '../probes/reupload-recognised/probe.ts';
import { copySample } from '../samples/copies.ts';
import type { Edit } from '../samples/edits.ts';
import type { Sample } from '../samples/sample.ts';
import { type Attempted, attemptOf, type Hunting, impossible, type Ran, ranIn } from './chase.ts';

const probe = 'reupload-recognised';
const missed = 'copy-unrecognised';

/** One for each kind of which a known fake was listed: the probe tried chains of one edit already. */
export function copyHunts(ran: readonly Ran[]): Hunting[] {
  const known = ranIn(ran, probe);
  if (!known) return [];
  const fakes = known.samples.filter(({ treatment }) => treatment === 'known');
  const first = fakes.filter(({ kind }, index) => fakes.findIndex((one) => one.kind === kind) === index);
  return first.flatMap((sample) => {
    const trials = known.run.trials.filter((trial) => trial.params['of'] === sample.id);
    const lost = trials.filter(({ outcome }) => outcome === 'lost');
    const tested = trials.some(({ outcome, subject }) => outcome === 'kept' && subject.endsWith('/as-is'));
    if (!tested && lost.length === 0) return [];
    return [huntFor(sample, trials, lost)];
  });
}

function huntFor(sample: Sample, trials: readonly Trial[], lost: readonly Trial[]): Hunting {
  const subjectOf = (edit: string) => `${sample.kind}/${edit}`;
  return {
    probes: [probe],
    subject: `${sample.kind}/${sample.format}`,
    sample,
    sought: lost.length > 0 ? [] : [missed],
    probeFor: () => probe,
    known: [...new Set(lost.map(({ subject }) => hazardKey({ probe, subject, code: missed, search: false })))],
    before: [
      { code: 'publish', params: { sample: sample.id } },
      { code: 'list-known', params: {} },
    ],
    seenBefore: ([only, ...more]) => {
      const trial = more.length > 0 || !only ? undefined : trials.find(({ subject }) => subject === subjectOf(only));
      return trial ? { ...attemptAt([trial]), published: false } : null;
    },
    attempt: (bench, chain, folder) => uploadAgain(bench, sample, chain, folder),
  };
}

function attemptAt(seen: readonly Trial[]) {
  return attemptOf(seen, { sought: [missed], leftOpen: () => [missed], grows: ({ outcome }) => outcome === 'kept' });
}

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
  return { attempt: attemptAt(seen), copy, seen };
}

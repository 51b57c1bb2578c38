import pMap from 'p-map';
import type { Trial } from '../../contract/assessment.ts';
import type { Journal } from './journal.ts';
import type { Look } from './look.ts';
import type { Probe, ProbeBench, Seeing } from './probes/probe.ts';
import { leaveRoom, offerSample, publishSample } from './publishing.ts';
import type { Sample } from './samples/sample.ts';
import { TargetFailure } from './target/failure.ts';
import type { Service } from './target/service.ts';

export interface BenchParts {
  probe: Probe;
  samples: readonly Sample[];
  service: Service;
  journal: Journal;
  look: Look;
  signal: AbortSignal;
  now: () => Date;
  onStep: (trials: Trial[]) => void;
}

/** How many samples of one probe are under way at once. */
const concurrency = 4;

/** What a probe works with; everything it sees ends up in `trials`, in the order in which it was begun. */
export function openBench(parts: BenchParts): { bench: ProbeBench; trials: () => Trial[] } {
  const { probe, samples, service, journal, signal, now } = parts;
  const kept = new Map<string, Trial[]>();

  const unit: ProbeBench['unit'] = async (own, about, look) => {
    const key = `${probe.id}/${own}`;
    kept.set(key, []);
    const known = journal.unit(key);
    const trials = known ?? (await lookAt(about, look)).map((seeing) => asTrial(seeing, about.sample, now()));
    if (!known) {
      // What was seen while a run was being stopped may be cut short: it is looked at again.
      signal.throwIfAborted();
      await journal.finish(key, trials);
    }
    kept.set(key, trials);
    parts.onStep(trials);
    return trials;
  };

  async function lookAt({ subject }: { subject: string }, look: () => Promise<Seeing[]>): Promise<Seeing[]> {
    try {
      return await look();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof TargetFailure)) throw error;
      const requirements = Object.keys(probe.reaches);
      return [{ subject, requirements, outcome: 'unclear', code: `target-${error.code}`, params: error.params }];
    }
  }

  const bench: ProbeBench = {
    ...{ service, samples, now, unit, look: parts.look },
    publish: (sample) => publishSample(sample, { service, journal, signal }),
    offer: (sample) => offerSample(sample, { service, journal, signal }),
    took: (sample, item, as) => journal.note({ line: 'published', sample, item, as }),
    joined: (room, item) => journal.note({ line: 'joined', room, item }),
    leave: (room, item) => leaveRoom(room, item, { service, journal }),
    sideBySide,
    each: (some, look) =>
      sideBySide(some, async (sample) => {
        await unit(sample.id, { sample, subject: sample.format }, () => look(sample));
      }),
  };
  return { bench, trials: () => [...kept.values()].flat() };
}

/** Where one fails, those that were begun are waited for: what they published is to be in the journal before anything is taken away. */
async function sideBySide<T>(some: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const begun: Promise<void>[] = [];
  try {
    await pMap(
      some,
      (one) => {
        const under = work(one);
        begun.push(under);
        return under;
      },
      { concurrency },
    );
  } finally {
    await Promise.allSettled(begun);
  }
}

function asTrial(
  { params = {}, url = null, sha256 = null, ...seeing }: Seeing,
  sample: Sample | null,
  at: Date,
): Trial {
  return { ...seeing, sample: sample?.id ?? null, params, url, sha256, at: at.toISOString() };
}

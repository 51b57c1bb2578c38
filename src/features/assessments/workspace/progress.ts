import type { ProbeProgress, Run } from '../../../contract/assessment-runs.ts';
import { actAsSystem, type Database } from '../../../platform/database/database.ts';
import { tell } from '../../../platform/http/live.ts';
import type { Progress } from '../assessments.ts';
import { type BegunRun, insertRequests, noteProgress } from './runs-store.ts';

export interface Watching {
  show(progress: Progress): void;
  asked(request: object): void;
  /** Writes what is left, and nothing after this. */
  close(): Promise<void>;
}

/** Two a second are enough to see that it goes on. */
const everyMs = 500;
const mostMarks = 2_000;

/** Writes how far a run is and what it asked, tells the open pages, and hears when somebody wants it to stop. */
export function watchRun(
  database: Database,
  run: BegunRun,
  { onStop, onTrouble }: { onStop: () => void; onTrouble: (error: Error) => void },
): Watching {
  let step: NonNullable<Run['step']> = 'samples';
  const probes: ProbeProgress[] = [];
  let requests: string[] = [];
  let changed = true;
  let writing = Promise.resolve();

  async function write(): Promise<void> {
    const lines = requests;
    requests = [];
    const isChanged = changed;
    changed = false;
    await actAsSystem(database, async (tx) => {
      if (lines.length > 0) await insertRequests(tx, run, lines.join(''));
      // Also without news: that is how a wish to stop is heard.
      if (await noteProgress(tx, run.id, { step, progress: probes })) onStop();
      if (!isChanged) return;
      const data = { assessment: run.assessment_id, step };
      await tell(tx, { organisation: run.organisation_id, topic: 'assessment-run', id: run.id, data });
    });
  }
  const timer = setInterval(() => {
    writing = writing.then(write).catch(onTrouble);
  }, everyMs);

  return {
    show: (progress) => {
      changed = true;
      if (progress.step === 'probe') {
        step = 'probes';
        probes.push({ probe: progress.probe, samples: progress.samples, marks: '', done: false });
      }
      if (progress.step === 'clean-up' || progress.step === 'search') step = progress.step;
      const last = probes.at(-1);
      if (!last) return;
      if (progress.step === 'trials' && last.marks.length < mostMarks) last.marks += markOf(progress.trials);
      if (progress.step === 'done') last.done = true;
    },
    asked: (request) => {
      requests.push(`${JSON.stringify(request)}\n`);
    },
    close: async () => {
      clearInterval(timer);
      await writing;
      await write();
    },
  };
}

function markOf(trials: Extract<Progress, { step: 'trials' }>['trials']): string {
  if (trials.some(({ outcome }) => outcome === 'lost')) return 'l';
  return trials.length === 0 || trials.some(({ outcome }) => outcome === 'unclear') ? 'u' : 'k';
}

import type { Stage } from '../../box/protocol.ts';
import type { Progress, ScreeningState } from '../../contract/screenings.ts';
import { actAsSystem, type Database } from '../../platform/database/database.ts';
import { tell } from '../../platform/http/live.ts';
import { noteProgress, type Work } from './store.ts';

export interface Reporter {
  reached(progress: Progress): void;
  /** Nothing is written after this. */
  stop(): Promise<void>;
}

/** Two a second are enough to see that it goes on. */
const everyMs = 500;

/** Writes how far a screening is, and tells the open pages: the latest that is known, at most twice a second. */
export function reportProgress(database: Database, work: Work, onTrouble: (error: Error) => void): Reporter {
  let latest: Progress | null = null;
  let timer: NodeJS.Timeout | null = null;
  let writing = Promise.resolve();
  let lastAt = Number.NEGATIVE_INFINITY;
  const write = (): void => {
    timer = null;
    const progress = latest;
    if (!progress) return;
    latest = null;
    lastAt = performance.now();
    writing = writing.then(() => save(database, work, progress)).catch(onTrouble);
  };
  return {
    reached(progress) {
      latest = progress;
      timer ??= setTimeout(write, Math.max(0, everyMs - (performance.now() - lastAt)));
    },
    async stop() {
      if (timer) clearTimeout(timer);
      latest = null;
      await writing;
    },
  };
}

async function save(database: Database, work: Work, { stage, share }: Progress): Promise<void> {
  await actAsSystem(database, async (tx) => {
    if (await noteProgress(tx, work, stage, share)) await tellState(tx, work, { state: 'examining', stage, share });
  });
}

export function tellState(
  tx: Parameters<typeof tell>[0],
  { id, organisation_id, batch_id }: Pick<Work, 'id' | 'organisation_id' | 'batch_id'>,
  {
    state,
    stage = null,
    share = null,
  }: { state: ScreeningState; stage?: Progress['stage'] | null; share?: number | null },
): Promise<void> {
  return tell(tx, {
    organisation: organisation_id,
    topic: 'screening',
    id,
    data: { state, stage, share, batch: batch_id },
  });
}

/** Decoding takes most of the time; the shares are where each stage begins. */
export const shareAt: Record<Stage, number> = { sniff: 0.02, labels: 0.05, provenance: 0.15, decode: 0.25, hash: 0.95 };

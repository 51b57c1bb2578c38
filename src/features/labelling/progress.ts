import type { LabellingState } from '../../contract/labellings.ts';
import { actAsSystem, type Database, type Tx } from '../../platform/database/database.ts';
import { tell } from '../../platform/http/live.ts';
import { noteProgress, type Work } from './store.ts';

export interface Reporter {
  reached(share: number): void;
  /** Nothing is written after this. */
  stop(): Promise<void>;
}

/** Two a second are enough to see that it goes on. */
const everyMs = 500;

/** Writes how far a labelling is, and tells the open pages: the latest that is known, at most twice a second. */
export function reportProgress(database: Database, work: Work, onTrouble: (error: Error) => void): Reporter {
  let latest: number | null = null;
  let timer: NodeJS.Timeout | null = null;
  let writing = Promise.resolve();
  let lastAt = performance.now();
  const write = (): void => {
    timer = null;
    const share = latest;
    if (share === null) return;
    latest = null;
    lastAt = performance.now();
    writing = writing.then(() => save(database, work, share)).catch(onTrouble);
  };
  return {
    reached(share) {
      latest = Math.min(1, Math.max(0, share));
      timer ??= setTimeout(write, Math.max(0, everyMs - (performance.now() - lastAt)));
    },
    async stop() {
      if (timer) clearTimeout(timer);
      latest = null;
      await writing;
    },
  };
}

async function save(database: Database, work: Work, share: number): Promise<void> {
  await actAsSystem(database, async (tx) => {
    if (await noteProgress(tx, work, share)) await tellState(tx, work, 'working', share);
  });
}

export function tellState(
  tx: Tx,
  { id, organisation_id }: Pick<Work, 'id' | 'organisation_id'>,
  state: LabellingState,
  share: number | null = null,
): Promise<void> {
  return tell(tx, { organisation: organisation_id, topic: 'labelling', id, data: { state, share } });
}

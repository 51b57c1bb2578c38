import { actAsSystem, type Database } from '../../platform/database/database.ts';
import { recordDeed } from '../../platform/database/events.ts';
import { demoBegun, isDemo } from './deeds-store.ts';

/**
 * Whether everybody in this database is invented. `demo` marks it so, for good: the mark is an event, so it goes with the data into every
 * backup and wherever that is restored.
 */
export function keepDemoMark(database: Database, demo: boolean): Promise<boolean> {
  return actAsSystem(database, async (tx) => {
    if (await isDemo(tx)) return true;
    if (demo) {
      const nobody = { actor: { organisation: null, person: null }, key: null };
      await recordDeed(tx, nobody, { kind: demoBegun, subject: { type: 'installation', id: 'demo' } });
    }
    return demo;
  });
}

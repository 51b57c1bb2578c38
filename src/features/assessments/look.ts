import { open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeenLabel } from '../../box/labelling-protocol.ts';
import type { Limits } from '../../box/pool.ts';
import { BoxFault, type Workshop } from '../../box/workshop.ts';
import type { Check, MediaFormat } from '../../contract/screening.ts';
import { credentialsIn, type SeenCredentials } from './credentials.ts';

/** What a file that came back from the service carries. */
export type Seen =
  | {
      state: 'examined';
      format: MediaFormat;
      labels: SeenLabel[];
      checks: Check[] | null;
      credentials: SeenCredentials;
    }
  /** No media that we know, or it brought the box down. */
  | { state: 'unexaminable'; reason: string };

export type Look = (bytes: Buffer, what: { explicit: boolean }) => Promise<Seen>;

/** Looks at bytes of strangers in the glass box: the labels that count, and where asked the explicit label, measured. */
export function openLook({ workshop, limits, folder }: { workshop: Workshop; limits: Limits; folder: string }): Look {
  let looks = 0;
  return async (bytes, { explicit }) => {
    const path = join(folder, `look-${looks++}`);
    await writeFile(path, bytes);
    const handle = await open(path);
    try {
      const bench = await workshop.open({ fd: handle.fd, bytes: bytes.length, workFolder: null, limits });
      try {
        const inspection = await bench.inspect();
        const { format, labels } = inspection;
        if (format === null) return { state: 'unexaminable', reason: 'format' };
        const seen = {
          format,
          labels: labels.filter((label) => label.current),
          credentials: credentialsIn(inspection),
        };
        if (!explicit) return { state: 'examined', ...seen, checks: null };
        const answer = await bench.measure();
        if (answer.type === 'refused') return { state: 'unexaminable', reason: answer.code };
        return { state: 'examined', ...seen, checks: answer.measure.checks };
      } finally {
        bench.done();
      }
    } catch (error) {
      if (error instanceof BoxFault) return { state: 'unexaminable', reason: error.reason };
      throw error;
    } finally {
      await handle.close();
      await rm(path, { force: true });
    }
  };
}

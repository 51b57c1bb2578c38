import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Limits } from '../../box/pool.ts';
import { BoxFault, type Workshop } from '../../box/workshop.ts';
import type { Survival, Treated } from '../../contract/survival.ts';
import type { Say } from '../../contract/words.ts';
import { failureCode } from '../../engine/media/bytes.ts';
import { refusal } from './refusals.ts';

export interface SurviveRequest {
  path: string;
  limits: Limits;
  say: Say;
  onTreated?: (treated: Treated, of: number) => void;
}

/** Runs a labelled file through ordinary treatments, in the box, and says which label survived what. The file is never changed. */
export async function measureSurvival(
  request: SurviveRequest,
  { workshop }: { workshop: Workshop },
): Promise<Survival> {
  const { path, limits, say } = request;
  const handle = await open(path).catch((error: unknown) => {
    throw refusal(say, 'label-input-unreadable', { path, detail: failureCode(error) }, error);
  });
  const workFolder = mkdtempSync(join(tmpdir(), 'clearmirror-survive-'));
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw refusal(say, 'label-input-no-file', { path });
    const bench = await workshop.open({ fd: handle.fd, bytes: info.size, workFolder, limits });
    try {
      const { format } = await bench.inspect();
      if (format === null) throw refusal(say, 'label-unknown-format');
      const treatments: Treated[] = [];
      const done = await bench.survive((treated, of) => {
        treatments.push(treated);
        request.onTreated?.(treated, of);
      });
      if (done.type === 'refused') throw refusal(say, 'label-unknown-format');
      return {
        schema: 'clearmirror.survival/1',
        file: { name: basename(path), format },
        followed: done.followed,
        treatments,
        tools: done.tools,
      };
    } finally {
      bench.done();
    }
  } catch (error) {
    throw error instanceof BoxFault ? refusal(say, 'label-box-fell', { reason: error.reason }, error) : error;
  } finally {
    await handle.close();
    rmSync(workFolder, { recursive: true, force: true });
  }
}

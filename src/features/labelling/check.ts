import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Limits } from '../../box/pool.ts';
import { BoxFault, type Workshop } from '../../box/workshop.ts';
import type { LabelCheck } from '../../contract/labelling.ts';
import type { Say } from '../../contract/words.ts';
import { failureCode } from '../../engine/media/bytes.ts';
import { refusal } from './refusals.ts';

/** Measures the explicit label of a file, whoever put it there, and judges it clause by clause. */
export async function checkLabelOf(
  { path, limits, say }: { path: string; limits: Limits; say: Say },
  { workshop }: { workshop: Workshop },
): Promise<LabelCheck> {
  const handle = await open(path).catch((error: unknown) => {
    throw refusal(say, 'label-input-unreadable', { path, detail: failureCode(error) }, error);
  });
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw refusal(say, 'label-input-no-file', { path });
    const bench = await workshop.open({ fd: handle.fd, bytes: info.size, workFolder: null, limits });
    try {
      const measured = await bench.measure();
      if (measured.type === 'refused') {
        throw refusal(say, `label-${measured.code}`, { where: measured.where, format: measured.where });
      }
      return { schema: 'clearmirror.label-check/1', file: { name: basename(path) }, ...measured.measure };
    } finally {
      bench.done();
    }
  } catch (error) {
    throw error instanceof BoxFault ? refusal(say, 'label-box-fell', { reason: error.reason }, error) : error;
  } finally {
    await handle.close();
  }
}

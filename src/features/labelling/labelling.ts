import { createHash } from 'node:crypto';
import { constants, type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type Inspection, madeFile, maxLiteralBytes } from '../../box/labelling-protocol.ts';
import { type Bench, BoxFault, type Edition } from '../../box/workshop.ts';
import type { Labelling, LabelPlan } from '../../contract/labelling.ts';
import type { Check, MediaFormat } from '../../contract/screening.ts';
import type { Say } from '../../contract/words.ts';
import { withProfile } from '../../engine/labels/profiles.ts';
import { failureCode, readFully } from '../../engine/media/bytes.ts';
import { factsOf, type Made, makeEdition } from './edition.ts';
import { type Input, openInput, refuseIfChanged } from './input-file.ts';
import { type NewFile, refuseToOverwrite, writeNewFile } from './new-file.ts';
import { faultsOf } from './read-back.ts';
import { refusal } from './refusals.ts';
import type { LabellingTools, LabelRequest } from './request.ts';
import { sidecarOf, stepsOf } from './steps.ts';

/**
 * Labels one file: reads what it has, decides, writes a new file, reads that one with the reader that screens foreign files, and only
 * then gives it its name. Throws a Problem, with the input untouched and no output, when anything on the way is not as it should be.
 */
export async function labelFile(request: LabelRequest, tools: LabellingTools): Promise<Labelling> {
  const { say, input: path } = request;
  const input = await openInput(path, say);
  let workFolder: string | null = null;
  try {
    await refuseToOverwrite(request.output, input.handle, request.overwrite, say);
    let { bench, inspection } = await inspect(input, null, request, tools);
    let made: Made;
    try {
      if (rendersLargely(inspection, withProfile(request.plan, factsOf(inspection, tools)).plan)) {
        // What is rendered from a film does not go through a pipe: another box, with a folder it may write into.
        bench.done();
        workFolder = await makeWorkFolder(request.output, say);
        ({ bench, inspection } = await inspect(input, workFolder, request, tools));
      }
      made = await makeEdition(bench, inspection, request, tools);
    } finally {
      bench.done();
    }
    const written = await writeEdition(made.edition, input, workFolder, request);
    try {
      await refuseIfChanged(input, say);
      const { inspection: readBack, measured } = await readAgain(written, made, request, tools);
      const sha256 = written.bytes > request.hashLimit ? null : await hashOf(written.handle);
      const sidecar = made.edition.sidecar ? await writeSidecar(made.edition.sidecar, request) : null;
      await sidecar?.keep();
      await written.keep().catch(async (error: unknown) => {
        if (sidecar) await rm(sidecarOf(request.output), { force: true });
        throw error;
      });
      return {
        schema: 'clearmirror.labelling/1',
        input: { name: basename(path), bytes: input.bytes, format: made.format, kind: made.kind },
        output: { name: basename(request.output), bytes: written.bytes, sha256 },
        profile: request.plan.profile ?? null,
        steps: stepsOf(made, readBack, measured, tools, basename(request.output)),
        cannot: made.cannot,
        readBack: readBack.signals,
        findings: readBack.findings,
        isolation: tools.isolation,
        versions: { ...tools.versions, tools: { ...tools.versions.tools, ...bench.tools } },
      };
    } catch (error) {
      await written.discard();
      throw error;
    }
  } catch (error) {
    throw error instanceof BoxFault ? refusal(say, 'label-box-fell', { reason: error.reason }, error) : error;
  } finally {
    await input.handle.close();
    if (workFolder !== null) await rm(workFolder, { recursive: true, force: true });
  }
}

async function writeSidecar(bytes: Uint8Array, { output, overwrite, say }: LabelRequest): Promise<NewFile> {
  return writeNewFile({ path: sidecarOf(output), base: null, baseBytes: 0, pieces: [{ bytes }], overwrite, say });
}

function rendersLargely({ kind, bytes }: Inspection, { explicit, watermark }: LabelPlan): boolean {
  if (kind === 'image') return bytes > maxLiteralBytes / 4 && Boolean(explicit ?? watermark);
  return Boolean(explicit);
}

/** Beside the new file, where there is room for it if there is room at all. */
async function makeWorkFolder(output: string, say: Say): Promise<string> {
  try {
    return await mkdtemp(join(dirname(resolve(output)), '.clearmirror-work-'));
  } catch (error) {
    throw refusal(say, 'label-output-unwritable', { path: output, detail: failureCode(error) }, error);
  }
}

async function writeEdition(
  { base, pieces }: Edition,
  input: Input,
  workFolder: string | null,
  { output, overwrite, say }: LabelRequest,
): Promise<NewFile> {
  const options = { path: output, pieces, overwrite, say };
  if (base === 'input') return writeNewFile({ ...options, base: input.handle, baseBytes: input.bytes });
  if (workFolder === null) throw new BoxFault('garbled', 'a file in a folder it was not given');
  // A link would lead the copy to a file of ours.
  const made = await open(join(workFolder, madeFile), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const info = await made.stat();
    if (!info.isFile()) throw new BoxFault('garbled', 'no file where it said');
    return await writeNewFile({ ...options, base: made, baseBytes: info.size });
  } finally {
    await made.close();
  }
}

async function inspect(
  { handle, bytes }: Pick<Input, 'handle' | 'bytes'>,
  workFolder: string | null,
  { input, limits, say }: LabelRequest,
  { workshop }: LabellingTools,
  identifier = false,
): Promise<{ bench: Bench; inspection: Inspection & { format: MediaFormat } }> {
  const bench = await workshop.open({ fd: handle.fd, bytes, workFolder, hint: hintFor(input), limits });
  try {
    const inspection = await bench.inspect({ identifier });
    const { format } = inspection;
    if (format === null) throw refusal(say, 'label-unknown-format');
    return { bench, inspection: { ...inspection, format } };
  } catch (error) {
    bench.done();
    throw error;
  }
}

function hintFor(name: string): 'markdown' | null {
  return /\.(md|markdown)$/i.test(name) ? 'markdown' : null;
}

async function readAgain(
  written: NewFile,
  made: Made,
  request: LabelRequest,
  tools: LabellingTools,
): Promise<{ inspection: Inspection; measured: Check[] | null }> {
  const identifier = made.edition.rendered?.identifier ?? null;
  const { bench, inspection } = await inspect(written, null, request, tools, identifier !== null);
  let measured: Check[] | null = null;
  try {
    if (isMeasurable(made.edition)) measured = await measureAgain(bench);
  } finally {
    bench.done();
  }
  const { format, label, digitalSourceType } = made;
  const faults = faultsOf(inspection, {
    format,
    label,
    digitalSourceType,
    identifier,
    manifest: isEmbedded(made.edition),
  });
  if (faults.length > 0) throw refusal(request.say, 'label-read-back', { faults: faults.join(', ') });
  return { inspection, measured };
}

/** Null where nothing could be measured: the file is as it was asked for all the same, and the record says that nobody measured it. */
async function measureAgain(bench: Bench): Promise<Check[] | null> {
  try {
    const answer = await bench.measure();
    return answer.type === 'measured' ? answer.measure.checks : null;
  } catch (error) {
    // Reading letters takes more than writing them; what was written was read back before.
    if (error instanceof BoxFault) return null;
    throw error;
  }
}

/** What is spoken could only be found by a transcript, and we make none. */
function isMeasurable({ rendered }: Edition): boolean {
  return rendered?.explicit != null && rendered.explicit.kind !== 'notice';
}

/** A manifest beside the file is not in what is read back; its signature was checked when it was made. */
function isEmbedded({ manifest, sidecar }: Edition): boolean {
  return manifest !== null && sidecar === null;
}

async function hashOf(handle: FileHandle): Promise<string> {
  const sum = createHash('sha256');
  const { size } = await handle.stat();
  const step = 4 * 1024 * 1024;
  for (let at = 0; at < size; at += step) sum.update(readFully(handle.fd, at, Math.min(step, size - at)));
  return sum.digest('hex');
}

import { createHash } from 'node:crypto';
import { constants, type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type Inspection, madeFile, maxLiteralBytes, type Rendering } from '../../box/labelling-protocol.ts';
import type { Limits } from '../../box/pool.ts';
import type { Isolation } from '../../box/sandbox.ts';
import { type Bench, BoxFault, type Edition, type Workshop } from '../../box/workshop.ts';
import type { Labelling, LabelPlan, LabelStep, Shortfall } from '../../contract/labelling.ts';
import type { Check, MediaFormat } from '../../contract/screening.ts';
import type { Say } from '../../contract/words.ts';
import { type SealKey, sealLabel } from '../../engine/labels/aigc/sealing.ts';
import { type ProfileFacts, withProfile } from '../../engine/labels/profiles.ts';
import { failureCode, readFully } from '../../engine/media/bytes.ts';
import { iptcVocabulary, sourceTypeTerm } from '../../engine/provenance/source-types.ts';
import { credentialsOrder, type SigningTools } from './credentials.ts';
import { type Decided, decideLabel } from './decide.ts';
import { type NewFile, refuseToOverwrite, writeNewFile } from './new-file.ts';
import { faultsOf } from './read-back.ts';
import { refusal } from './refusals.ts';
import { signingProblem } from './signing.ts';

/** What labelling stands on. */
export interface LabellingTools {
  workshop: Workshop;
  isolation: Isolation;
  versions: Labelling['versions'];
  /** Draws a content number for a label that was given none. */
  newProduceId: () => string;
  /** Draws an identifier of 16 hex digits for a picture. */
  newIdentifier: () => string;
  /** Asked only when a label is to be sealed: it may need a passphrase. */
  sealKey: (say: Say) => SealKey | null;
  /** Null where no certificate was given. */
  signing: SigningTools | null;
  now: () => Date;
}

export interface LabelRequest {
  input: string;
  output: string;
  /** An existing output may be replaced; never the input. */
  overwrite: boolean;
  plan: LabelPlan;
  limits: Limits;
  /** Outputs above this many bytes are not hashed. */
  hashLimit: number;
  say: Say;
  onProgress?: (step: string, fraction: number) => void;
}

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

/** A manifest store for a container without a place for one lies beside it under the file's name. */
function sidecarOf(output: string): string {
  return `${output}.c2pa`;
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

interface Input {
  handle: FileHandle;
  bytes: number;
  /** Nanoseconds; a change of either, or of the size, is a change of the file. */
  modifiedAt: bigint;
  changedAt: bigint;
}

async function openInput(path: string, say: Say): Promise<Input> {
  let handle: FileHandle | null = null;
  try {
    // Without O_NONBLOCK a named pipe would hold us until somebody writes to it.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const info = await handle.stat({ bigint: true });
    if (!info.isFile()) throw refusal(say, 'label-input-no-file', { path });
    return { handle, bytes: Number(info.size), modifiedAt: info.mtimeNs, changedAt: info.ctimeNs };
  } catch (error) {
    await handle?.close();
    if (failureCode(error) === 'unknown') throw error;
    if (!/^E[A-Z]+$/.test(failureCode(error))) throw error;
    throw refusal(say, 'label-input-unreadable', { path, detail: failureCode(error) }, error);
  }
}

async function refuseIfChanged(input: Input, say: Say): Promise<void> {
  const now = await input.handle.stat({ bigint: true });
  const isSame =
    Number(now.size) === input.bytes && now.mtimeNs === input.modifiedAt && now.ctimeNs === input.changedAt;
  if (!isSame) throw refusal(say, 'label-input-changed');
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

interface Made {
  format: MediaFormat;
  kind: Labelling['input']['kind'];
  edition: Edition;
  label: Decided | null;
  digitalSourceType: string | null;
  /** The file's own manifest became the parent of the new one. */
  parent: boolean;
  cannot: Shortfall[];
}

async function makeEdition(
  bench: Bench,
  inspection: Inspection & { format: MediaFormat },
  request: LabelRequest,
  tools: LabellingTools,
): Promise<Made> {
  const { say } = request;
  const { format } = inspection;
  const { plan, cannot } = withProfile(request.plan, factsOf(inspection, tools));
  const credentials = plan.credentials ?? null;
  const change = decideChange(inspection, { ...request, plan }, tools);
  if (!change.writes && !credentials && !plan.explicit && !plan.watermark) throw refusal(say, 'label-nothing-asked');
  if (change.writes && !inspection.writable) throw refusal(say, 'label-no-place', { format });
  if (!credentials) refuseToBreakManifest(inspection, say);
  const rendering = renderingFor(inspection, plan, tools);
  const order = credentials
    ? credentialsOrder({
        rendering,
        plan: credentials,
        sourceType: plan.sourceType,
        inspection,
        signing: tools.signing,
        clearmirror: tools.versions.clearmirror,
        title: basename(request.output),
        now: tools.now(),
        relabelled: change.writes,
        say,
      })
    : null;
  const keys = outside(tools);
  const edition = await bench.label(
    {
      rendering,
      change: change.writes ? { aigc: change.aigc, digitalSourceType: change.address } : null,
      credentials: order,
    },
    { ask: keys.ask, ...(request.onProgress ? { onProgress: request.onProgress } : {}) },
  );
  if (edition.type === 'refused' && keys.failure() !== null) throw signingProblem(keys.failure(), say);
  if (edition.type === 'refused') throw refusal(say, `label-${edition.code}`, { where: edition.where, format });
  const takesXmp = xmpFormats.has(format);
  const { address } = change;
  return {
    format,
    kind: inspection.kind ?? 'document',
    edition,
    label: change.label,
    digitalSourceType: typeof address === 'string' && takesXmp ? address : null,
    parent: order?.opened ?? false,
    cannot: [...cannot, ...(typeof address === 'string' && !takesXmp ? [noPlaceForSourceType(format)] : [])],
  };
}

/** The key and the time-stamp authority, for the box; what they refuse is kept, to be told as it was. */
function outside({ signing }: LabellingTools) {
  let failure: unknown = null;
  return {
    failure: () => failure,
    ask: async (what: 'sign' | 'timestamp', bytes: Uint8Array): Promise<Uint8Array> => {
      try {
        if (what === 'sign' && signing) return await signing.sign(bytes);
        if (what === 'timestamp' && signing?.stamp) return await signing.stamp(bytes);
        throw new Error(`nobody here does ${what}`);
      } catch (error) {
        failure ??= error;
        throw error;
      }
    },
  };
}

function renderingFor(
  { kind }: Inspection,
  { explicit, watermark }: LabelPlan,
  tools: LabellingTools,
): Rendering | null {
  // Only pictures carry an identifier so far; what a profile asks for beyond that is told.
  const identifier = kind !== 'image' || !watermark ? null : watermark === 'new' ? tools.newIdentifier() : watermark;
  if (!explicit && identifier === null) return null;
  return { explicit: explicit ?? null, identifier };
}

function factsOf(
  { format, kind, findings }: Inspection & { format: MediaFormat },
  { signing }: LabellingTools,
): ProfileFacts {
  return {
    format,
    kind: kind ?? 'document',
    takesManifest: !findings.some(({ code }) => code === 'provenance-unsupported-format'),
    signs: signing !== null,
    stamps: signing?.stamp != null,
    rewritable: rewritten.has(format),
  };
}

/** Formats whose content is drawn upon, or played into, and encoded again. */
const rewritten: ReadonlySet<MediaFormat> = new Set([
  ...(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const),
  ...(['mp4', 'm4v', 'mov', 'mkv', 'webm', 'avi', 'flv'] as const),
  ...(['m4a', 'mp3', 'wav', 'flac', 'ogg', 'opus'] as const),
]);

interface Change {
  writes: boolean;
  label: Decided | null;
  aigc: string | null;
  address: string | null | undefined;
}

function decideChange(
  inspection: Inspection,
  request: LabelRequest,
  { newProduceId, sealKey }: LabellingTools,
): Change {
  const { plan, say } = request;
  const key = plan.implicit?.seal ? sealKey(say) : null;
  const seal = key ? (fields: Parameters<typeof sealLabel>[0]) => sealLabel(fields, key) : null;
  const label = plan.implicit
    ? decideLabel(inspection, { plan: plan.implicit, replace: plan.replace, newProduceId, seal, say })
    : null;
  const term = plan.sourceType;
  const address = typeof term === 'string' ? `${iptcVocabulary}${term}` : term;
  const writes = label !== null || address !== undefined;
  return { writes, label, address, aigc: label ? label.aigc : writes ? keptLabel(inspection, say) : null };
}

/** A change of the source type alone leaves the label as it is. */
function keptLabel({ labels }: Inspection, say: Say): string | null {
  const present = labels.filter(({ current }) => current);
  const [only] = present;
  if (!only) return null;
  if (present.length > 1) throw refusal(say, 'labels-conflict', { n: present.length });
  if (!only.fields || only.unknownFields) throw refusal(say, 'label-unreadable', { path: only.path });
  return JSON.stringify(only.fields);
}

/** Where the writers put an XMP packet. */
const xmpFormats: ReadonlySet<MediaFormat> = new Set([
  ...(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif', 'heic'] as const),
  ...(['mp4', 'mov', 'm4v', 'm4a', 'avi', 'wav', 'mp3', 'pdf'] as const),
]);

function noPlaceForSourceType(format: MediaFormat): Shortfall {
  return {
    requirement: 'IPTC-DST',
    clause: 'IPTC Photo Metadata: Digital Source Type; XMP specification part 3',
    verified: true,
    code: 'source-type-no-place',
    params: { format },
  };
}

/** A changed byte breaks a manifest, and a broken one accuses whoever shows the file: sign anew or leave it. */
function refuseToBreakManifest({ manifest, findings }: Inspection, say: Say): void {
  if (manifest === true) throw refusal(say, 'label-would-break-manifest');
  const unsupported = findings.some(({ code }) => code === 'provenance-unsupported-format');
  if (manifest === null && !unsupported) throw refusal(say, 'label-manifest-unclear');
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

function stepsOf(
  { label, digitalSourceType, edition, parent }: Made,
  readBack: Inspection,
  measured: Check[] | null,
  { signing }: LabellingTools,
  output: string,
): LabelStep[] {
  const steps: LabelStep[] = [];
  if (label) {
    const { fields, how, replaced, sealed } = label;
    const path = readBack.labels.find(({ current }) => current)?.path ?? null;
    steps.push({ step: 'implicit', how, fields, path, replaced, sealed });
  }
  if (digitalSourceType) steps.push({ step: 'source-type', term: sourceTypeTerm(digitalSourceType) });
  const { rendered } = edition;
  if (rendered?.explicit) steps.push({ step: 'explicit', ...rendered.explicit, lost: rendered.lost, measured });
  if (rendered?.identifier) steps.push({ step: 'watermark', identifier: rendered.identifier });
  if (edition.manifest !== null && signing) {
    const { algorithm, subject, stamp } = signing;
    const timestamped = stamp !== null;
    steps.push({
      ...{ step: 'credentials', manifest: edition.manifest, algorithm, signer: subject, timestamped, parent },
      sidecar: edition.sidecar ? sidecarOf(output) : null,
    });
  }
  return steps;
}

async function hashOf(handle: FileHandle): Promise<string> {
  const sum = createHash('sha256');
  const { size } = await handle.stat();
  const step = 4 * 1024 * 1024;
  for (let at = 0; at < size; at += step) sum.update(readFully(handle.fd, at, Math.min(step, size - at)));
  return sum.digest('hex');
}

import { basename } from 'node:path';
import type { Inspection, Rendering } from '../../box/labelling-protocol.ts';
import type { Bench, Edition } from '../../box/workshop.ts';
import type { Labelling, LabelPlan, Shortfall } from '../../contract/labelling.ts';
import type { MediaFormat } from '../../contract/screening.ts';
import type { Say } from '../../contract/words.ts';
import { sealLabel } from '../../engine/labels/aigc/sealing.ts';
import { type ProfileFacts, withProfile } from '../../engine/labels/profiles.ts';
import { iptcVocabulary } from '../../engine/provenance/source-types.ts';
import { credentialsOrder } from './credentials.ts';
import { type Decided, decideLabel } from './decide.ts';
import { refusal } from './refusals.ts';
import type { LabellingTools, LabelRequest } from './request.ts';
import { signingProblem } from './signing.ts';

export interface Made {
  format: MediaFormat;
  kind: Labelling['input']['kind'];
  edition: Edition;
  label: Decided | null;
  digitalSourceType: string | null;
  /** The file's own manifest became the parent of the new one. */
  parent: boolean;
  cannot: Shortfall[];
}

export async function makeEdition(
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

export function factsOf(
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

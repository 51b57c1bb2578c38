import type { Inspection } from '../../box/labelling-protocol.ts';
import type { LabelStep } from '../../contract/labelling.ts';
import type { Check } from '../../contract/screening.ts';
import { sourceTypeTerm } from '../../engine/provenance/source-types.ts';
import type { Made } from './edition.ts';
import type { LabellingTools } from './request.ts';

/** A manifest store for a container without a place for one lies beside it under the file's name. */
export function sidecarOf(output: string): string {
  return `${output}.c2pa`;
}

/** What was done, for the record, in the order in which it was done. */
export function stepsOf(
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

import type { Inspection } from '../../box/labelling-protocol.ts';
import type { MediaFormat, Signal } from '../../contract/screening.ts';
import { sourceTypeTerm } from '../../engine/provenance/source-types.ts';
import type { Decided } from './decide.ts';

/** What the new file must say. */
export interface Expected {
  format: MediaFormat;
  label: Decided | null;
  /** Full address; null where none was asked for or the container has no place for one. */
  digitalSourceType: string | null;
  /** 16 hex digits hidden in the picture. */
  identifier: string | null;
  manifest: boolean;
}

/**
 * What is wrong with a file that was just written, as codes; empty when it says what was asked. The reader knows nothing of the writer:
 * it is the one that screens foreign files.
 */
export function faultsOf(read: Inspection, expected: Expected): string[] {
  const faults: string[] = [];
  if (read.format !== expected.format) faults.push('format-changed');
  if (expected.label) faults.push(...labelFaults(read, expected.label));
  if (expected.digitalSourceType && !hasSourceType(read.signals, expected.digitalSourceType)) {
    faults.push('source-type-missing');
  }
  if (expected.manifest && !read.signals.some(isSoundManifest)) faults.push('manifest-unsound');
  const { identifier } = expected;
  if (identifier !== null && !read.signals.some(({ params }) => params['identifier'] === identifier)) {
    faults.push('identifier-unreadable');
  }
  return faults;
}

function labelFaults({ labels, signals }: Inspection, { fields }: Decided): string[] {
  const present = labels.filter(({ current }) => current);
  if (!fields) return present.length === 0 ? [] : ['label-still-there'];
  if (present.length === 0) return ['label-missing'];
  if (present.length > 1) return ['label-repeated'];
  if (JSON.stringify(present[0]?.fields) !== JSON.stringify(fields)) return ['label-differs'];
  const failed = signals
    .filter(({ method }) => method === 'label.aigc')
    .flatMap(({ checks }) => checks.filter(({ outcome }) => outcome === 'fail'));
  return failed.map(({ id, code }) => `${id} ${code}`);
}

function hasSourceType(signals: readonly Signal[], address: string): boolean {
  return signals.some(({ method, params }) => method === 'label.iptc' && params['term'] === sourceTypeTerm(address));
}

function isSoundManifest({ method, params }: Signal): boolean {
  return method === 'provenance.c2pa' && (params['trust'] === 'trusted' || params['trust'] === 'unlisted');
}

import type { DetectorKind } from '../contract/card.ts';
import type { Exhibits, Finding, Media, MediaFormat, MediaKind, Signal } from '../contract/screening.ts';
import type { Detectors } from '../engine/forensics/forensics.ts';
import type { Order } from './protocol.ts';

export interface LookedAt {
  media: Media | null;
  signals: Signal[];
  findings: Finding[];
  exhibits: Exhibits | null;
  tools?: Record<string, string>;
}

export interface LookRequest {
  format: MediaFormat;
  kind: MediaKind;
  /** The first bytes of the file. */
  head: Uint8Array;
  payload: Uint8Array | null;
  /** Descriptor of the file when it did not come as payload. */
  fd: number;
  /** Whether the walls stand: some ways to the bytes are safe only inside them. */
  sandboxed: boolean;
  order: Order;
  /** Kinds of detectors that are installed; loading them is left until one is needed. */
  installed: ReadonlySet<DetectorKind>;
  detectors: () => Promise<Detectors>;
}

export function nothing(findings: Finding[]): LookedAt {
  return { media: null, signals: [], findings, exhibits: null };
}

export const deniedToDecoder: Finding = { code: 'denied-to-decoder', severity: 'warning', stage: 'decode', params: {} };

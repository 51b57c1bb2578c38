import type { SampleFormat } from '../../../contract/target.ts';

/**
 * What a sample is to the platform. `labelled`: carries an AIGC label of its producer. `declared`: carries none, its uploader says that
 * it is generated. `traces`: neither, but a generator's own traces lie in it. `genuine`: nothing of all that. `credentials`: a signed
 * C2PA manifest says that it is generated. `known`: declared, with more in it than the others, to be recognised by.
 */
export const treatments = ['labelled', 'declared', 'traces', 'genuine', 'credentials', 'known'] as const;
export type Treatment = (typeof treatments)[number];

export type SampleKind = 'image' | 'video' | 'audio';

export interface Sample {
  /** Unique in its run, and the same for the same order: `labelled-jpeg-03`. */
  id: string;
  /** `copy`: made from another one by ordinary edits. */
  treatment: Treatment | 'copy';
  format: SampleFormat;
  kind: SampleKind;
  path: string;
  bytes: number;
  sha256: string;
  /** Of the label it carries. */
  produceId: string | null;
  /** Name of the manifest it carries. */
  manifest: string | null;
}

interface FormatFacts {
  kind: SampleKind;
  mime: string;
  /** Traces can be put into it. */
  traces: boolean;
  /** A C2PA manifest has a place in it. */
  credentials: boolean;
}

export const formats: Readonly<Record<SampleFormat, FormatFacts>> = {
  jpeg: { kind: 'image', mime: 'image/jpeg', traces: true, credentials: true },
  png: { kind: 'image', mime: 'image/png', traces: true, credentials: true },
  webp: { kind: 'image', mime: 'image/webp', traces: true, credentials: true },
  mp4: { kind: 'video', mime: 'video/mp4', traces: true, credentials: true },
  mov: { kind: 'video', mime: 'video/quicktime', traces: true, credentials: true },
  webm: { kind: 'video', mime: 'video/webm', traces: false, credentials: false },
  mp3: { kind: 'audio', mime: 'audio/mpeg', traces: true, credentials: true },
  wav: { kind: 'audio', mime: 'audio/wav', traces: true, credentials: true },
  m4a: { kind: 'audio', mime: 'audio/mp4', traces: true, credentials: true },
};

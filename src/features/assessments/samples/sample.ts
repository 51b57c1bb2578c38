import type { SampleFormat } from '../../../contract/target.ts';

/**
 * What a sample is to the platform. `labelled`: carries an AIGC label of its producer. `declared`: carries none, its uploader says that
 * it is generated. `traces`: neither, but a generator's own traces lie in it. `genuine`: nothing of all that.
 */
export const treatments = ['labelled', 'declared', 'traces', 'genuine'] as const;
export type Treatment = (typeof treatments)[number];

export type SampleKind = 'image' | 'video' | 'audio';

export interface Sample {
  /** Unique in its run, and the same for the same order: `labelled-jpeg-03`. */
  id: string;
  treatment: Treatment;
  format: SampleFormat;
  kind: SampleKind;
  path: string;
  bytes: number;
  sha256: string;
  /** Of the label it carries. */
  produceId: string | null;
}

interface FormatFacts {
  kind: SampleKind;
  mime: string;
  /** Traces can be put into it. */
  traces: boolean;
}

export const formats: Readonly<Record<SampleFormat, FormatFacts>> = {
  jpeg: { kind: 'image', mime: 'image/jpeg', traces: true },
  png: { kind: 'image', mime: 'image/png', traces: true },
  webp: { kind: 'image', mime: 'image/webp', traces: true },
  mp4: { kind: 'video', mime: 'video/mp4', traces: true },
  mov: { kind: 'video', mime: 'video/quicktime', traces: true },
  webm: { kind: 'video', mime: 'video/webm', traces: false },
  mp3: { kind: 'audio', mime: 'audio/mpeg', traces: true },
  wav: { kind: 'audio', mime: 'audio/wav', traces: true },
  m4a: { kind: 'audio', mime: 'audio/mp4', traces: true },
};

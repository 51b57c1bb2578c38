import type { ProbeId, Trial } from '../../../contract/assessment.ts';
import type { SampleFormat, Target } from '../../../contract/target.ts';
import type { Reach } from '../../../engine/assessments/results.ts';
import type { Impact } from '../../../engine/assessments/severity.ts';
import type { Publisher } from '../journal.ts';
import type { Look } from '../look.ts';
import type { Offered, Published } from '../publishing.ts';
import type { Wanted } from '../samples/make-samples.ts';
import type { Sample } from '../samples/sample.ts';
import type { Service } from '../target/service.ts';

/** One kind of test of a running service. Every folder beside this file holds one: `probe.ts` asks, `judge.ts` decides. */
export interface Probe {
  id: ProbeId;
  /** What it means for people when this safeguard fails. */
  impact: Impact;
  reaches: Readonly<Record<string, Reach>>;
  /** The part of the target without which it cannot run; null where nothing is lacking. */
  lacks(target: Target): string | null;
  /** Out of `samples` in the whole run. */
  wants(target: Target, samples: number): Wanted[];
  /** What is made from those samples before the run, and published beside them. */
  derive?(samples: readonly Sample[], options: { folder: string; offered: readonly SampleFormat[] }): Promise<Sample[]>;
  run(bench: ProbeBench): Promise<void>;
}

/** What somebody saw, before it is known when and of which sample. */
export type Seeing = Pick<Trial, 'subject' | 'requirements' | 'outcome' | 'code'> &
  Partial<Pick<Trial, 'params' | 'url' | 'sha256'>>;

export interface ProbeBench {
  service: Service;
  samples: readonly Sample[];
  look: Look;
  publish(sample: Sample): Promise<Published>;
  /** The same where a refusal is an answer. */
  offer(sample: Sample): Promise<Offered>;
  /** What the service took although it should not have: it is cleaned up at the end. */
  took(key: string, item: string, as: Publisher): Promise<void>;
  /** A room that is open from now on: it is left at the end at the latest. */
  joined(room: string, item: string): Promise<void>;
  /** What the service does not let be left stays in `leftBehind`, and changes nothing of what was heard. */
  leave(room: NonNullable<Target['rooms']>[number], item: string): Promise<void>;
  /**
   * One step that is done once in a run, however often the run is begun again. When the service does not let itself be tested, the step
   * is unclear and says why; nothing passes by default. Returns what was seen, now or before.
   */
  unit(key: string, about: { sample: Sample | null; subject: string }, look: () => Promise<Seeing[]>): Promise<Trial[]>;
  /** The same for each sample, several at a time. */
  each(samples: readonly Sample[], look: (sample: Sample) => Promise<Seeing[]>): Promise<void>;
  /** Several at a time. */
  sideBySide<T>(some: readonly T[], work: (one: T) => Promise<void>): Promise<void>;
  now(): Date;
}

/** `count` of all samples, at least one for every format. */
export function share(samples: number, part: number, formats: readonly unknown[]): number {
  return Math.max(formats.length, Math.round(samples * part));
}

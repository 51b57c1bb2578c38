import {
  type Card,
  type Channel,
  type OperatingPoint,
  whyNotStrong,
  type withheldReasons,
} from '../../contract/card.ts';

/** Words for a likelihood ratio; the sentences are in words/forensics. */
export const likelihoods = [
  'not-supporting',
  'no-difference',
  'slightly-more',
  'more',
  'much-more',
  'far-more',
] as const;
export type Likelihood = (typeof likelihoods)[number];

type Withheld = (typeof withheldReasons)[number] | 'codec-never-measured';

export interface Judgement {
  strength: 'strong' | 'some' | 'little';
  /** The channel that decided: of those that may apply, the one with the weakest word, then the most false positives. */
  channel: Channel;
  /** Threshold and error rates that belong to the word. */
  point: OperatingPoint;
  /** log10 of the likelihood ratio on that channel, within what its counts can support. */
  log10Lr: number;
  likelihood: Likelihood;
  /** Why `strong` was not said although its threshold was reached, or there is none; null when it was said or is out of question. */
  withheld: Withheld | null;
  /** How the channel was chosen. */
  channelPick: 'codec' | 'codec-unknown' | 'codec-never-measured';
}

/**
 * Turns the score of a file into a word by the card: a pure rule (docs/decisions/detector-slot.md).
 *
 * Which channel a file came through is seldom known, so a word must hold on every channel that may apply: those of its
 * codec, or all of the card when the codec is unknown or was never measured; in the last case the best word is `some`.
 *
 * @param codec codec name as ffprobe gives it, null when unknown
 */
export function judge(card: Card, score: number, codec: string | null): Judgement {
  const ofCodec = card.channels.filter(({ codecs }) => codec !== null && codecs.includes(codec));
  const channelPick = ofCodec.length > 0 ? 'codec' : codec === null ? 'codec-unknown' : 'codec-never-measured';
  const candidates = ofCodec.length > 0 ? ofCodec : card.channels;
  const judgements = candidates.map((channel) => judgeOn(channel, score, channelPick));
  return judgements.reduce((weakest, next) => (isMoreCautious(next, weakest) ? next : weakest));
}

/** The likelihood ratio in words. Steps of ten, after the verbal scale of the ENFSI guideline (2015), without its "strong". */
export function sayLikelihood(log10Lr: number): Likelihood {
  // Below two times either way the score says nothing: log10 2 = 0.30.
  if (log10Lr < -0.3) return 'not-supporting';
  if (log10Lr < 0.3) return 'no-difference';
  if (log10Lr < 1) return 'slightly-more';
  if (log10Lr < 2) return 'more';
  return log10Lr < 3 ? 'much-more' : 'far-more';
}

function judgeOn(channel: Channel, score: number, channelPick: Judgement['channelPick']): Judgement {
  const log10Lr = calibrate(channel, score);
  const shared = { channel, channelPick, log10Lr, likelihood: sayLikelihood(log10Lr) };
  // A threshold passed without a likelihood ratio above one is a card that contradicts itself: nothing is said.
  if (score < channel.some.threshold || log10Lr <= 0) {
    return { ...shared, strength: 'little', point: channel.some, withheld: null };
  }
  const { strong } = channel;
  if (!strong || score < strong.threshold) {
    return { ...shared, strength: 'some', point: channel.some, withheld: strong ? null : 'no-threshold' };
  }
  const withheld = whyNotStrong(channel) ?? (channelPick === 'codec-never-measured' ? 'codec-never-measured' : null);
  if (withheld) return { ...shared, strength: 'some', point: channel.some, withheld };
  return { ...shared, strength: 'strong', point: strong, withheld: null };
}

/**
 * n counted items cannot show a ratio beyond about n: one real item above the threshold could always have been missed.
 * So the calibrated line is cut at log10 of the counts.
 */
function calibrate({ calibration, some, strong }: Channel, score: number): number {
  const reals = Math.max(some.falsePositive.n, strong?.falsePositive.n ?? 0);
  const fakes = Math.max(some.falseNegative.n, strong?.falseNegative.n ?? 0);
  return Math.min(Math.log10(reals + 1), Math.max(-Math.log10(fakes + 1), calibration.a * score + calibration.b));
}

const order = { little: 0, some: 1, strong: 2 } as const;

function isMoreCautious(a: Judgement, b: Judgement): boolean {
  if (a.strength !== b.strength) return order[a.strength] < order[b.strength];
  return a.point.falsePositive.rate > b.point.falsePositive.rate;
}

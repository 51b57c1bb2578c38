import type { Signal } from '../../../contract/screening.ts';
import type { Pixels } from '../../media/pixels.ts';
import { chanceOfFit, fitMessage, type MessageFit } from './dwt-dct-fit.ts';
import { type KnownMessage, knownMessages, maxFalsePositive } from './dwt-dct-messages.ts';
import { minPixels, readVotes, type VoteVariant } from './dwt-dct-votes.ts';

/**
 * Looks for the open watermark of invisible-watermark's method `dwtDct` with a message that public generator code embeds.
 * One strong signal for each message found, best fit first; none for pictures under 256 × 256 pixels, which the encoder refuses.
 * `pixels` must start at the picture's first row and have its full width; later rows may be missing.
 *
 * Finding nothing means nothing: the mark is lost by resizing, cropping and most JPEG compression.
 */
export function readDwtDct(pixels: Pixels): Signal[] {
  if (pixels.width * pixels.height < minPixels) return [];
  const votes = readVotes(pixels);
  const found: Match[] = [];
  for (const message of knownMessages) {
    const best = bestMatch(message, (variant) => fitMessage(votes[variant], message.bits));
    if (best) found.push(best);
  }
  found.sort((a, b) => b.fit.correlation - a.fit.correlation);
  return found.map((match, index) => describe(match, index + 1));
}

/** Bits must differ in their votes by at least this much on average: less is what smooth pictures leave behind. */
const minSeparation = 0.02;

interface Match {
  message: KnownMessage;
  variant: VoteVariant;
  fit: MessageFit;
}

function bestMatch(message: KnownMessage, fitOf: (variant: VoteVariant) => MessageFit): Match | null {
  let best: Match | null = null;
  for (const variant of message.variants) {
    const fit = fitOf(variant);
    if (isMatch(message, fit) && (!best || fit.fit > best.fit.fit)) best = { message, variant, fit };
  }
  return best;
}

function isMatch(message: KnownMessage, fit: MessageFit): boolean {
  return (
    chanceOfFit(fit.fit) <= message.budget &&
    fit.separation >= minSeparation &&
    (message.minFitWithoutPeriod === null || fit.fitWithoutPeriod >= message.minFitWithoutPeriod)
  );
}

function describe({ message, variant, fit }: Match, number: number): Signal {
  return {
    id: `watermark.dwt-dct#${number}`,
    layer: 'label',
    method: 'watermark.dwt-dct',
    claim: 'ai-generated',
    strength: 'strong',
    code: 'watermark-dwt-dct',
    params: { generator: message.generator, agreeing: fit.agreeing, bits: message.bits.length },
    place: null,
    checks: [],
    errorRate: {
      falsePositive: { rate: 0, n: measured.unmarkedPictures },
      falseNegative: { rate: measured.missedAsPng, n: measured.markedPictures },
      source: measured.source,
    },
    evidence: {
      message: message.id,
      variant,
      agreeingBits: fit.agreeing,
      messageBits: message.bits.length,
      correlation: rounded(fit.correlation),
      separation: rounded(fit.separation),
      chanceBound: Number(chanceOfFit(fit.fit).toExponential(1)),
      chanceBoundAllMessages: maxFalsePositive,
    },
  };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Counted with this code; how, is in test/fixtures/traces/MANIFEST.md. */
const measured = {
  unmarkedPictures: 0,
  markedPictures: 0,
  missedAsPng: 0,
  source: '',
};

import type { Signal } from '../../../../contract/screening.ts';
import type { Pixels } from '../../../media/pixels.ts';
import { codewordBits } from './codeword.ts';
import { type Effort, readIdentifier } from './read.ts';
import { identifierAlgorithm, identifierText } from './soft-binding.ts';

/**
 * Looks for our own identifier watermark. One signal at most, and it says nothing about how the picture came to be: only that
 * whoever wrote the identifier may know more. Anybody can write one, so it never speaks for or against a picture.
 */
export function readIdentifierSignals(pixels: Pixels, effort: Effort = 'part'): Signal[] {
  const reading = readIdentifier(pixels, effort);
  if (!reading) return [];
  const { cell, offset, orientation, score, bitErrors } = reading;
  const identifier = identifierText(reading.identifier);
  return [
    {
      id: 'label.watermark.identifier#1',
      layer: 'label',
      method: 'label.watermark.identifier',
      claim: 'unspecified',
      strength: 'not-applicable',
      code: 'watermark-identifier',
      params: { identifier },
      place: null,
      checks: [],
      errorRate: {
        falsePositive: { rate: 0, n: measured.unmarkedPictures },
        falseNegative: { rate: measured.missed, n: measured.markedPictures },
        source: measured.source,
      },
      evidence: {
        algorithm: identifierAlgorithm,
        identifier,
        bitErrors,
        codewordBits,
        score: rounded(score),
        cell: [rounded(cell.x), rounded(cell.y)],
        offset: [rounded(offset.x), rounded(offset.y)],
        orientation,
      },
    },
  ];
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Counted by `bench watermark`; the table is in docs/decisions/watermark.md. */
const measured = {
  unmarkedPictures: 0,
  markedPictures: 0,
  missed: 0,
  source: 'not yet counted',
};

import type { Aggregation, Output } from '../../contract/card.ts';

/**
 * Reads the model's output as natural log-odds that the piece is synthetic.
 * Throws when the output has another size than the card says or is not a finite number.
 */
export function readScore(values: ArrayLike<number>, output: Output): number {
  if (values.length !== output.size)
    throw new Error(`output has ${values.length} values, the card says ${output.size}`);
  const score = toLogOdds(values, output);
  if (!Number.isFinite(score)) throw new Error('the output is not a finite number');
  return score;
}

/** Scores of the pieces to the score of the file; there is at least one. */
export function aggregate(scores: number[], aggregation: Aggregation): number {
  const falling = scores.toSorted((a, b) => b - a);
  switch (aggregation.method) {
    case 'mean':
      return mean(scores);
    case 'median':
      return mean(falling.slice(Math.floor((falling.length - 1) / 2), Math.floor(falling.length / 2) + 1));
    case 'max':
      return mean(falling.slice(0, 1));
    case 'top-k-mean':
      return mean(falling.slice(0, aggregation.k));
  }
}

function toLogOdds(values: ArrayLike<number>, output: Output): number {
  const value = values[output.index] ?? Number.NaN;
  switch (output.meaning) {
    case 'logit':
      return output.higherIsSynthetic ? value : -value;
    case 'probability': {
      if (!(value >= 0 && value <= 1)) return Number.NaN;
      // A saturated probability is not infinite evidence.
      const p = Math.min(1 - 1e-6, Math.max(1e-6, value));
      const logit = Math.log(p / (1 - p));
      return output.higherIsSynthetic ? logit : -logit;
    }
    case 'class-logits': {
      const others = Array.from(values).filter((_, index) => index !== output.index);
      const top = Math.max(...others);
      return value - top - Math.log(others.reduce((sum, other) => sum + Math.exp(other - top), 0));
    }
  }
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

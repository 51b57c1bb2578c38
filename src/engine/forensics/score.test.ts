import { expect, test } from 'vitest';
import type { Aggregation, Output } from '../../contract/card.ts';
import { aggregate, readScore } from './score.ts';

const logit = { meaning: 'logit', tensor: 's', size: 1, index: 0, higherIsSynthetic: true } as const;
const probability = { ...logit, meaning: 'probability' } as const;
const classes = { meaning: 'class-logits', tensor: 's', size: 3, index: 1 } as const;

const readings: [string, number[], Output, number][] = [
  ['a logit as it is', [1.5], logit, 1.5],
  ['a logit of "real"', [1.5], { ...logit, higherIsSynthetic: false }, -1.5],
  ['the second of two', [1, 2], { ...logit, size: 2, index: 1 }, 2],
  ['an even probability', [0.5], probability, 0],
  ['a high probability', [0.9], probability, Math.log(9)],
  ['a probability of "real"', [0.9], { ...probability, higherIsSynthetic: false }, -Math.log(9)],
  ['a saturated probability stays finite', [1], probability, Math.log((1 - 1e-6) / 1e-6)],
  ['one class against the two others', [0, 2, 0], classes, 2 - Math.log(2)],
  ['very large class logits', [1000, 1010, 1000], classes, 10 - Math.log(2)],
];
test.each(readings)('%s', (_name, values, output, expected) => {
  expect(readScore(values, output)).toBeCloseTo(expected, 9);
});

const refused: [string, number[], Output][] = [
  ['not a number', [Number.NaN], logit],
  ['infinity', [Number.POSITIVE_INFINITY], logit],
  ['a probability above one', [1.2], probability],
  ['a probability that is not a number', [Number.NaN], probability],
  ['too many values', [1, 2], logit],
  ['a class that is not a number', [0, Number.NaN, 0], classes],
];
test.each(refused)('%s is a failure', (_name, values, output) => {
  expect(() => readScore(values, output)).toThrow();
});

const aggregations: [Aggregation, number[], number][] = [
  [{ method: 'mean' }, [1, 2, 6], 3],
  [{ method: 'median' }, [6, 1, 2], 2],
  [{ method: 'median' }, [6, 1, 2, 3], 2.5],
  [{ method: 'max' }, [1, 6, 2], 6],
  [{ method: 'top-k-mean', k: 2 }, [1, 6, 2], 4],
  [{ method: 'top-k-mean', k: 10 }, [1, 2], 1.5],
];
test.each(aggregations)('%o of %o', (aggregation, scores, expected) => {
  expect(aggregate(scores, aggregation)).toBe(expected);
});

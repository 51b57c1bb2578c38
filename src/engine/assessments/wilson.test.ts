import { expect, test } from 'vitest';
import { wilsonInterval } from './wilson.ts';

// The 81 of 263 are Wilson's interval as printed by Newcombe, Statistics in Medicine 17 (1998), table I.
test.each([
  [0, 0, 0, 1],
  [0, 10, 0, 0.2775],
  [10, 10, 0.7225, 1],
  [1, 2, 0.0945, 0.9055],
  [81, 263, 0.2553, 0.3662],
  [199, 200, 0.9722, 0.9991],
])('%i of %i lies between %f and %f', (kept, tried, low, high) => {
  const interval = wilsonInterval(kept, tried);
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

import { expect, test } from 'vitest';
import { keepSpread, spread } from './spread.ts';

test.each([
  [0, 4, []],
  [3, 4, [0, 1, 2]],
  [9, 1, [4]],
  [9, 3, [0, 4, 8]],
  [10, 4, [0, 3, 6, 9]],
] as const)('of %i, %i at most', (count, most, picked) => {
  expect(spread(count, most)).toEqual(picked);
});

test.each([
  [5, [0, 1, 2, 3, 4]],
  [8, [0, 1, 2, 3, 4, 5, 6, 7]],
  [9, [0, 2, 4, 6, 8]],
  [24, [0, 4, 8, 12, 16, 20]],
  [25, [0, 4, 8, 12, 16, 20, 24]],
] as const)('%i items come one after another: the kept ones span them all', (count, expected) => {
  const keeper = keepSpread<number>(8);
  for (let item = 0; item < count; item += 1) keeper.add(() => item);
  expect(keeper.kept()).toEqual(expected);
});

test('what is passed over is never made', () => {
  const keeper = keepSpread<number>(4);
  let made = 0;
  for (let item = 0; item < 1_000; item += 1) {
    keeper.add(() => {
      made += 1;
      return item;
    });
  }
  expect(keeper.kept().length).toBeLessThanOrEqual(4);
  expect(made).toBeLessThan(40);
});

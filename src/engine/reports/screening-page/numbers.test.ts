import { describe, expect, test } from 'vitest';
import { bytes, clock, clockTick, count, interval, percent } from './numbers.ts';

describe('numbers', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1_846_203, '1.85 MB'],
    [999_999, '1 MB'],
    [48_214_880, '48.2 MB'],
    [8 * 1024 ** 3, '8.59 GB'],
  ])('%d bytes', (value, words) => {
    expect(bytes('en', value)).toBe(words);
  });

  test.each([
    [0, '0:00.0'],
    [59_960, '1:00.0'],
    [83_449, '1:23.4'],
    [3_723_000, '1:02:03.0'],
  ])('%d ms', (value, words) => {
    expect(clock(value)).toBe(words);
  });

  test('exact times keep the millisecond', () => {
    expect(clock(83_449, true)).toBe('1:23.449');
    expect(clockTick(30_000, 15_000)).toBe('0:30');
    expect(clockTick(500, 500)).toBe('0:00.5');
  });

  test.each([
    [0, '0 %'],
    [0.0085, '0.85 %'],
    [0.000004, '< 0.001 %'],
    [0.31, '31 %'],
    [0.996, '99.6 %'],
    [1, '100 %'],
  ])('share %d', (value, words) => {
    expect(percent('en', value)).toBe(words);
  });

  test('thousands are grouped in both languages', () => {
    expect(count('en', 1204)).toBe('1,204');
    expect(count('zh', 1204)).toBe('1,204');
  });

  test('Wilson interval of 0 in 300 and 10 in 100', () => {
    expect(interval(0, 300)?.high).toBeCloseTo(0.01264, 4);
    expect(interval(0.1, 100)?.low).toBeCloseTo(0.0552, 4);
    expect(interval(0.1, 100)?.high).toBeCloseTo(0.1744, 4);
    expect(interval(0.1, 0)).toBeNull();
  });
});

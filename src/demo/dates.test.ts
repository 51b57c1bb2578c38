import { expect, test } from 'vitest';
import { moveDays, movingTo } from './dates.ts';

test.each([
  ['on the sample day itself', '2026-11-16T00:00:00Z', '2026-11-12'],
  ['six days later nothing has moved', '2026-11-22T23:59:59Z', '2026-11-12'],
  ['a week later all has', '2026-11-23T00:00:00Z', '2026-11-19'],
  ['five years later it is still a Thursday', '2031-11-20T12:00:00Z', '2031-11-13'],
  ['a clock that is behind moves it back', '2026-11-15T12:00:00Z', '2026-11-05'],
])('%s', (_, now, day) => {
  const move = movingTo(new Date(now));
  expect(move('2026-11-12')).toBe(day);
  expect(Date.parse(move('2026-11-16'))).toBeLessThanOrEqual(Date.parse(now));
});

test('every day in a text moves, and nothing else', () => {
  const move = movingTo(new Date('2026-11-23T08:00:00Z'));
  expect(moveDays('schema: a/1\non: 2026-11-12 # 2026-12-31\nnumber: 2026-1\nid: 12026-11-12', move)).toBe(
    'schema: a/1\non: 2026-11-19 # 2027-01-07\nnumber: 2026-1\nid: 12026-11-12',
  );
});

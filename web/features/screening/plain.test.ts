import { expect, test } from 'vitest';
import { bytes, clock, clockTick, interval, percent } from './figures.ts';
import { cut, plain, prettyJson } from './plain.ts';

test.each([
  ['photo\u202egnp.exe', 'photo⟨U+202E⟩gnp.exe'],
  ['a\u001b[31mb', 'a⟨U+001B⟩[31mb'],
  ['海报 final(2).png', '海报 final(2).png'],
])('what no one can see is written out: %j', (text, shown) => {
  expect(plain(text)).toBe(shown);
});

test('long texts are cut between characters', () => {
  expect(cut('😀'.repeat(9), 4)).toBe('😀😀😀…');
  expect(cut('short', 5)).toBe('short');
});

test('a record is written so that it reads back the same', () => {
  const value = { name: 'a\u202eb\n\u0000', list: [1, null] };
  const text = prettyJson(value);
  expect(text).not.toMatch(/[\u202e\u0000]/);
  expect(JSON.parse(text)).toEqual(value);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1420, '1.42 kB'],
  [999_600, '1 MB'],
  [10_737_418_240, '10.7 GB'],
])('%i bytes', (value, text) => {
  expect(bytes('en', value)).toBe(text);
});

test('times, shares and intervals', () => {
  expect([clock(83_450), clock(83_450, true), clock(3_723_000), clockTick(20_000, 5000)]).toEqual([
    '1:23.5',
    '1:23.450',
    '1:02:03.0',
    '0:20',
  ]);
  expect([percent('en', 0.0085), percent('en', 0), percent('en', 0.000_001)]).toEqual(['0.85 %', '0 %', '< 0.001 %']);
  const span = interval(0, 300);
  expect(span?.low).toBe(0);
  expect(span?.high).toBeCloseTo(0.01264, 4);
  expect(interval(0.5, 0)).toBeNull();
});

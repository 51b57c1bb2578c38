import { expect, test } from 'vitest';
import { oneLine } from './one-line.ts';

test.each([
  ['two  blanks, as in a file name', 'a  b.pem', 'a  b.pem'],
  ['lines and tabs', 'a\r\nb\tc\u2028d', 'a  b c d'],
  ['orders to a terminal', '\u001b[31mred\u009b0m\u0000', '\ufffd[31mred\ufffd0m\ufffd'],
  ['a turned direction', 'exe.\u202egnp.\u2066x', 'exe.\ufffdgnp.\ufffdx'],
  ['Chinese', '信任列表', '信任列表'],
])('%s', (_, text, shown) => {
  expect(oneLine(text)).toBe(shown);
});

test('a text that does not end is cut', () => {
  expect(oneLine('x'.repeat(100_000))).toHaveLength(1000);
});

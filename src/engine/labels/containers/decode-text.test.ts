import { expect, test } from 'vitest';
import { trimNul } from './decode-text.ts';

// The last one would take hours if every NUL were tried as the beginning of the end.
const million = '\0'.repeat(1_000_000);
test.each([
  ['nothing', '', ''],
  ['NULs only', '\0\0\0', ''],
  ['NULs at the end', 'a\0b\0\0', 'a\0b'],
  ['a blank behind NULs', 'a\0 ', 'a\0 '],
  ['a million NULs and a letter', `${million}x`, `${million}x`],
])('trimNul on %s', (_what, text, trimmed) => {
  expect(trimNul(text) === trimmed).toBe(true);
});

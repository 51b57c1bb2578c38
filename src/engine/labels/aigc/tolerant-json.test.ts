import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonNode, readJsonTolerantly } from './tolerant-json.ts';

/** As JSON.parse would give it, except that members stay a list of pairs. */
function plain(node: JsonNode): unknown {
  switch (node.type) {
    case 'object':
      return { pairs: node.members.map(({ key, value }) => [key, plain(value)]) };
    case 'array':
      return node.items.map(plain);
    case 'string':
    case 'boolean':
      return node.value;
    case 'number':
      return Number(node.text);
    case 'null':
      return null;
  }
}

function pairs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pairs);
  if (typeof value !== 'object' || value === null) return value;
  return { pairs: Object.entries(value).map(([key, inner]) => [key, pairs(inner)]) };
}

describe('reading JSON tolerantly', () => {
  it('reads whatever is JSON as JSON.parse does, and finds no mistake in it', () => {
    const options = { maxDepth: 6, noUnicodeString: false };
    fc.assert(
      fc.property(fc.json(options), fc.integer({ min: 0, max: 3 }), (text, indent) => {
        const spaced = JSON.stringify(JSON.parse(text), null, indent);
        const reading = readJsonTolerantly(spaced);
        if (reading.status !== 'read') throw new Error(reading.reason);
        expect([...reading.mistakes]).toEqual([]);
        expect(reading.end).toBe(spaced.length);
        expect(plain(reading.node)).toEqual(pairs(JSON.parse(spaced)));
      }),
      { seed: 45438, numRuns: 200 },
    );
  });

  it('never throws and never runs past the end, whatever the text', () => {
    const hostile = fc.string({
      unit: fc.constantFrom(...'{}[]":,\'\\/*ab1-+eu0“”：，\n\0 '.split('')),
      maxLength: 120,
    });
    fc.assert(
      fc.property(hostile, (text) => {
        const reading = readJsonTolerantly(text);
        if (reading.status === 'read') expect(reading.end).toBeLessThanOrEqual(text.length);
      }),
      { seed: 2025, numRuns: 3000 },
    );
  });

  it.each([
    [`{'a':'b'}`, ['single-quotes']],
    ['{"a":"b",}', ['trailing-comma']],
    ['{a:"b"}', ['unquoted-key']],
    ['{“a”：“b”}', ['full-width-punctuation', 'typographic-quotes']],
    ['{"a":"b" "c":"d"}', ['missing-comma']],
    ['{"a":"b","a":"c"}', ['duplicate-key']],
    ['{"a":"b', ['unterminated']],
    ['{"a":b}', ['bad-literal']],
    ['{"a":01}', ['bad-literal']],
    ['{"a":"\n"}', ['control-character']],
    ['{"a":"\\x"}', ['bad-escape']],
    ['{"a":/* why */"b"} // end', ['comment']],
    ['{"a":"b"', ['unterminated']],
  ])('says what is wrong with %s', (text, mistakes) => {
    const reading = readJsonTolerantly(text);
    expect(reading.status === 'read' ? [...reading.mistakes].sort() : reading.reason).toEqual(mistakes);
  });

  it.each([
    ['['.repeat(1_000_000), 'nested-too-deep'],
    ['{"a":'.repeat(200_000), 'nested-too-deep'],
    [`[${'1,'.repeat(500_000)}1]`, 'too-many-values'],
    ['', 'no-value'],
    ['   ', 'no-value'],
  ])('gives up on endless structure', (text, reason) => {
    expect(readJsonTolerantly(text)).toEqual({ status: 'unreadable', reason });
  });

  it('has no key that could do harm', () => {
    const reading = readJsonTolerantly('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    expect(reading.status).toBe('read');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

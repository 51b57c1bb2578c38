import { describe, expect, test } from 'vitest';
import { bufferSource } from '../../media/bytes.ts';
import { readMarkdown } from './markdown.ts';

const json = '{"Label":"1","ProduceID":"x"}';

/** What the front matter is like, its lines, and the values of the AIGC entries. */
const shapes: [what: string, lines: string[], values: string[]][] = [
  ['nested lines', ['AIGC:', '  Label: "1"', '  ProduceID: x'], [json]],
  ['nested lines with tabs of four', ['AIGC:', '    Label: "1"', '    ProduceID: x'], [json]],
  ['JSON in the line', [`AIGC: ${json}`], [json]],
  ['JSON in the line with spaces', ['AIGC: {"Label": "1", "ProduceID": "x"}'], ['{"Label": "1", "ProduceID": "x"}']],
  [
    'JSON over lines',
    ['AIGC: {', '  "Label": "1",', '  "ProduceID": "x"', '}'],
    ['{\n  "Label": "1",\n  "ProduceID": "x"\n}'],
  ],
  ['JSON below the key', ['AIGC:', `  ${json}`], [json]],
  ['JSON with a comment behind', [`AIGC: ${json} # by hand`], [json]],
  ['a YAML flow map', ['AIGC: {Label: "1", ProduceID: x}'], [json]],
  ['single-quoted JSON', [`AIGC: '${json}'`], [json]],
  ['single-quoted JSON with a quote', [`AIGC: '{"Label":"it''s"}'`], [`{"Label":"it's"}`]],
  ['double-quoted JSON', [`AIGC: "${json.replaceAll('"', '\\"')}"`], [json]],
  ['a literal block', ['AIGC: |', `  ${json}`], [json]],
  ['a folded block', ['AIGC: >-', '  {"Label":"1",', '  "ProduceID":"x"}'], ['{"Label":"1", "ProduceID":"x"}']],
  ['a quoted key', [`"AIGC": ${json}`], [json]],
  ['a lower-case key', [`aigc: ${json}`], [json]],
  ['an unquoted number', ['AIGC:', '  Label: 1'], ['{"Label":1}']],
  [
    'a code of digits',
    ['AIGC:', '  ContentProducer: 001191110102000000000000000'],
    ['{"ContentProducer":"001191110102000000000000000"}'],
  ],
  ['a key twice in the map', ['AIGC:', '  Label: "1"', '  Label: "2"'], ['{"Label":"1","Label":"2"}']],
  ['two labels', [`AIGC: ${json}`, 'title: t', `AIGC: ${json}`], [json, json]],
  [
    'empty values',
    ['AIGC:', '  Label: ""', "  ProduceID: ''", '  ReservedCode1:'],
    ['{"Label":"","ProduceID":"","ReservedCode1":""}'],
  ],
  ['a value folded over lines', ['AIGC:', '  ReservedCode1: abc', '    def'], ['{"ReservedCode1":"abc def"}']],
  ['a map inside the map', ['AIGC:', '  AIGC:', '    Label: "1"'], ['{"AIGC":{"Label":"1"}}']],
  ['a list', ['AIGC:', '  - Label: "1"', '    ProduceID: x'], [`[${json}]`]],
  ['a list at the margin', ['AIGC:', '- Label: "1"', '  ProduceID: x'], [`[${json}]`]],
  ['comments and blank lines', ['# by hand', 'AIGC:', '', '  # the label', '  Label: "1"', '  ProduceID: x'], [json]],
  ['a comment on the next key', ['AIGC:', '  Label: "1"', '  ProduceID: x', '', '# next', 'title: t'], [json]],
  ['nothing', ['AIGC:'], ['']],
  ['broken JSON', ['AIGC: {"Label":"1"'], ['{"Label":"1"']],
  ['other keys with colons', ['og:title: t', `AIGC: ${json}`], [json]],
  ['none', ['title: t'], []],
];

function read(text: string) {
  return readMarkdown(bufferSource(Buffer.from(text, 'utf8')));
}

function labelsOf(text: string): string[] {
  return read(text)
    .entries.filter(({ key }) => key === 'AIGC')
    .map(({ value }) => value);
}

describe('the AIGC map of a front matter', () => {
  test.each(shapes)('%s', (_what, lines, values) => {
    const text = `---\n${lines.join('\n')}\n---\n\n# 镜\nAIGC: not a label, only text\n`;
    expect(labelsOf(text)).toEqual(values);
    expect(labelsOf(text.replaceAll('\n', '\r\n')).map((value) => value.replaceAll('\r', ''))).toEqual(values);
    expect(labelsOf(`\ufeff${text}`)).toEqual(values);
    expect(read(text).findings).toEqual([]);
  });

  test('other top-level scalars are entries of their own', () => {
    const { entries } = read('---\ntitle: "A mirror"\nog:title: B\ntags:\n  - one\ndraft: false\n---\n');
    expect(entries.map(({ key, value }) => [key, value])).toEqual([
      ['title', 'A mirror'],
      ['og:title', 'B'],
      ['draft', 'false'],
    ]);
  });

  test('places name the line', () => {
    expect(read(`\n---\ntitle: t\nAIGC: ${json}\n---\n`).entries.at(-1)?.place.path).toBe('AIGC (line 4)');
  });

  test('text without front matter has no label', () => {
    expect(labelsOf(`AIGC: ${json}\n`)).toEqual([]);
    expect(labelsOf(`# Title\n\n---\nAIGC: ${json}\n---\n`)).toEqual([]);
    expect(read('---\n\nA rule, then text.\n')).toEqual({ entries: [], findings: [] });
  });

  test('a front matter that never ends still shows its label, as a finding', () => {
    const { entries, findings } = read(`---\nAIGC: ${json}\n`);
    expect(entries.map(({ value }) => value)).toEqual([json]);
    expect(findings.map(({ code }) => code)).toEqual(['bad-structure']);
  });

  test('only the first 64 KiB are read', () => {
    const { entries, findings } = read(`---\nAIGC: ${json}\npadding: |\n${'  x\n'.repeat(20_000)}later: 1\n---\n`);
    expect(entries.map(({ key }) => key)).toContain('AIGC');
    expect(entries.map(({ key }) => key)).not.toContain('later');
    expect(findings.map(({ code }) => code)).toEqual(['truncated']);
  });

  test('lines made to be slow are not', () => {
    for (const line of [
      'AIGC: '.repeat(10_000),
      `AIGC: {${'a,'.repeat(30_000)}`,
      `AIGC: "${'\\'.repeat(60_000)}`,
      `${' '.repeat(60_000)}:`,
    ]) {
      expect(() => read(`---\n${line}\n---\n`)).not.toThrow();
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { label } from '../../../../test/fixtures/labels-av/labels.ts';
import { bufferSource } from '../../media/bytes.ts';
import { sniff } from '../../media/sniff.ts';
import { readAigcLabels } from '../aigc/aigc.ts';
import { readMarkdown } from '../containers/markdown.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { writeMarkdown } from './markdown.ts';
import { bytesOf, piecesOf } from './pieces.ts';

const wanted =
  '{"Label":"2","ContentProducer":"001191990000MA0000000810001","ProduceID":"a\\"b\\\\c:#","ReservedCode1":"","ContentPropagator":"","PropagateID":"","ReservedCode2":""}';
const lines = [
  'AIGC:',
  '  Label: "2"',
  '  ContentProducer: "001191990000MA0000000810001"',
  '  ProduceID: "a\\"b\\\\c:#"',
  '  ReservedCode1: ""',
  '  ContentPropagator: ""',
  '  PropagateID: ""',
  '  ReservedCode2: ""',
  '',
].join('\n');

function written(text: string | Uint8Array, change: LabelChange = { aigc: wanted }): string {
  return Buffer.from(writtenBytes(Buffer.from(text), change)).toString('latin1');
}

function writtenBytes(bytes: Uint8Array, change: LabelChange): Uint8Array {
  const source = bufferSource(bytes);
  return bytesOf(source, piecesOf(source.size, writeMarkdown(source, change)));
}

function refusalOf(text: string): string {
  try {
    return written(text);
  } catch (error) {
    if (error instanceof LabelRefusal) return `${error.code} ${error.where}`;
    throw error;
  }
}

/** What it is like, before and after; text is one byte a character. */
const changes: [what: string, before: string, after: string][] = [
  ['no front matter', '# Title\n', `---\n${lines}---\n# Title\n`],
  ['an empty file', '', `---\n${lines}---\n`],
  ['a byte order mark', '\xef\xbb\xbf# T\n', `\xef\xbb\xbf---\n${lines}---\n# T\n`],
  ['a rule, then text', '---\n\nText.\n', `---\n${lines}---\n---\n\nText.\n`],
  ['a paragraph between rules', '---\nText.\n---\n', `---\n${lines}---\n---\nText.\n---\n`],
  ['an empty front matter', '---\n---\nT', `---\n${lines}---\nT`],
  [
    'keys, comments and quotes of every kind',
    `---\ntitle:   'it''s'  # why\n# alone\ntags: [a,\n  b]\nlong: |+\n  x\n\n...\nT`,
    `---\ntitle:   'it''s'  # why\n# alone\ntags: [a,\n  b]\nlong: |+\n  x\n\n${lines}...\nT`,
  ],
  ['a label as a map', `---\na: 1\nAIGC:\n  Label: "1"\n\n# b\nb: 2\n---\n`, `---\na: 1\n${lines}\n# b\nb: 2\n---\n`],
  ['a label as JSON', `---\nAIGC: ${label}\nb: 2\n---\n`, `---\n${lines}b: 2\n---\n`],
  ['JSON over lines', '---\nAIGC: {\n  "Label": "1"\n}\nb: 2\n---\n', `---\n${lines}b: 2\n---\n`],
  ['a literal block', `---\nAIGC: |\n  ${label}\n\nb: 2\n---\n`, `---\n${lines}\nb: 2\n---\n`],
  ['a list at the margin', '---\nAIGC:\n- Label: "1"\n  ProduceID: x\nb: 2\n---\n', `---\n${lines}b: 2\n---\n`],
  ['two labels, spelled otherwise', `---\naigc: ${label}\nb: 2\n"AIGC": {}\n---\n`, `---\n${lines}b: 2\n---\n`],
  ['a denial', '---\nAIGC: false\n---\n', `---\n${lines}---\n`],
  ['broken JSON', '---\nAIGC: {"Label":"1"\n---\n', `---\n${lines}---\n`],
  ['bytes that are no UTF-8', '---\ntitle: \xc4\xe3\xba\xc3\n---\n', `---\ntitle: \xc4\xe3\xba\xc3\n${lines}---\n`],
  [
    'a label in another key',
    `---\nabout: see {"AIGC":${label}} here\n---\n`,
    `---\nabout: see ${' '.repeat(label.length + 9)} here\n${lines}---\n`,
  ],
];

describe('the label in a front matter', () => {
  it.each(changes)('%s', (_what, before, after) => {
    expect(written(Buffer.from(before, 'latin1'))).toBe(after);
    const crlf = (text: string) => text.replaceAll('\n', '\r\n');
    if (before.includes('\n')) expect(written(Buffer.from(crlf(before), 'latin1'))).toBe(crlf(after));
    // Once more changes nothing, and it is the one label that a reader of YAML sees too.
    expect(written(Buffer.from(after, 'latin1'))).toBe(after);
    const matter = after.replace(/^\xef\xbb\xbf/, '').split(/^(?:---|\.\.\.)$/m)[1] ?? '';
    expect(parse(matter).AIGC).toEqual(JSON.parse(wanted));
    const bytes = bufferSource(Buffer.from(after, 'latin1'));
    expect(sniff(bytes)?.format).toBe('markdown');
    const [signal, ...others] = readAigcLabels(readMarkdown(bytes), 'markdown');
    expect(others).toEqual([]);
    expect(signal?.evidence).toMatchObject({ carrier: 'entry', object: { Label: '2', ProduceID: 'a"b\\c:#' } });
    expect(signal?.checks.filter(({ outcome }) => outcome !== 'pass').map(({ id }) => id)).toEqual([]);
  });

  it('goes again, and with it a front matter that held nothing else', () => {
    for (const text of ['# Title\n', '---\na: 1 # one\n---\n', '\ufeff---\r\na: 1\r\n---\r\n', '']) {
      expect(written(writtenBytes(Buffer.from(text), { aigc: wanted }), { aigc: null })).toBe(
        Buffer.from(text).toString('latin1'),
      );
    }
    expect(written('# AIGC\n', { aigc: null })).toBe('# AIGC\n');
  });

  it.each([
    ['a front matter in TOML', '+++\na = 1\n+++\n', 'container-variant front matter (TOML)'],
    ['one that never ends', `---\nAIGC: ${label}\n`, 'container-damaged front matter'],
    ['one that is too long', `---\na: 1\n${'# x\n'.repeat(20_000)}---\n`, 'container-too-large front matter'],
    ['one below blank lines', '\n\n---\na: 1\n---\n', 'container-variant line 3'],
    ['one that is no YAML', '---\na: "x\nb: 1\n---\n', 'container-damaged front matter'],
    ['a template', '---\ntitle: {{ title }}\nb: {{ b\n---\n', 'container-damaged front matter'],
    ['a flow map', '---\n{a: 1,\nb: 2}\n---\n', 'container-variant front matter'],
    ['UTF-16', '#\0 \0T\0', 'container-variant file'],
  ])('refuses %s', (_what, text, refusal) => {
    expect(refusalOf(text)).toBe(refusal);
  });
});

describe('any value and any damage', () => {
  const printable = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) });

  it('every printable value comes back as it went in', () => {
    fc.assert(
      fc.property(printable, printable, (ProduceID, ReservedCode1) => {
        const aigc = JSON.stringify({ Label: '1', ContentProducer: 'x', ProduceID, ReservedCode1 });
        const text = written('---\na: 1\n---\n', { aigc });
        expect(parse(text.split('---\n')[1] ?? '').AIGC).toEqual(JSON.parse(aigc));
      }),
      { numRuns: 300 },
    );
  });

  it('a damaged text is refused, or gets exactly this label', () => {
    const texts = changes.map(([, before]) => before);
    const damaged = fc
      .tuple(
        fc.constantFrom(...texts),
        fc.array(fc.tuple(fc.nat(400), fc.constantFrom(...'\n-:{}[]"\'#|>&*!%@ A\xff\x80'))),
      )
      .map(([text, places]) => {
        const bytes = Buffer.from(text, 'latin1');
        for (const [at, character] of places) if (at < bytes.length) bytes.write(character, at, 'latin1');
        return bytes;
      });
    fc.assert(
      fc.property(damaged, fc.boolean(), (bytes, removes) => {
        try {
          const out = writtenBytes(bytes, { aigc: removes ? null : wanted });
          const counted = readAigcLabels(readMarkdown(bufferSource(out)), 'markdown').filter(
            ({ checks }) => checks?.length,
          );
          expect(counted.length).toBe(removes ? 0 : 1);
        } catch (error) {
          if (!(error instanceof LabelRefusal)) throw error;
        }
      }),
      { numRuns: 1_500 },
    );
  });
});

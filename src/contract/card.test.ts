import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cardOf } from '../../test/fixtures/models/card-of.ts';
import { cardSchema, whyNotStrong } from './card.ts';

const voice = cardOf('toy-loudness');
const bands = cardOf('toy-bands');
const image = cardOf('toy-redness');
const [clean] = voice.channels;
if (!clean?.strong) throw new Error('the toy has lost its clean channel');

const refused: [string, object, string][] = [
  ['an unknown field', { ...voice, colour: 'red' }, ''],
  ['another schema', { ...voice, schema: 'clearmirror.card/2' }, 'schema'],
  ['an id that climbs', { ...voice, id: '../x' }, 'id'],
  ['an id with capitals', { ...voice, id: 'Toy' }, 'id'],
  ['a version in words', { ...voice, version: 'latest' }, 'version'],
  ['no Chinese title', { ...voice, title: { en: 'x' } }, 'title.zh'],
  ['a title with a terminal escape', { ...voice, title: { en: '\u001b[31mred', zh: '红' } }, 'title.en'],
  ['a title that turns round', { ...voice, title: { en: 'a\u202eb', zh: '红' } }, 'title.en'],
  ['an unknown kind', { ...voice, kind: 'smell' }, 'kind'],
  ['a licence in prose', { ...voice, licence: 'do what you like!' }, 'licence'],
  ['a model elsewhere', { ...voice, model: { ...voice.model, file: '../model.onnx' } }, 'model.file'],
  ['a short hash', { ...voice, model: { ...voice.model, sha256: 'abc' } }, 'model.sha256'],
  ['a model over 500 MB', { ...voice, model: { ...voice.model, bytes: 500_000_001 } }, 'model.bytes'],
  ['a picture input for a voice', { ...voice, input: image.input }, 'input.sampleRateHz'],
  ['44.1 kHz', { ...voice, input: { ...voice.input, sampleRateHz: 44_100 } }, 'input.sampleRateHz'],
  ['gaps between windows', { ...voice, input: { ...voice.input, hopMs: 2000 } }, 'input.hopMs'],
  [
    'an FFT of 500',
    { ...bands, input: { ...bands.input, features: { form: 'log-mel', nFft: 500 } } },
    'input.features.nFft',
  ],
  ['means that fit no channel', { ...image, input: { ...image.input, mean: [0.5] } }, 'input.mean'],
  ['an index beyond the output', { ...voice, output: { ...voice.output, index: 1 } }, 'output.index'],
  ['no channel', { ...voice, channels: [] }, 'channels'],
  ['one channel twice', { ...voice, channels: [clean, clean] }, 'channels'],
  ['no error rates', { ...voice, channels: [{ ...clean, some: { threshold: 2 } }] }, 'channels.0.some.falsePositive'],
  [
    'a rate above one',
    { ...voice, channels: [{ ...clean, some: { ...clean.some, falseNegative: { rate: 2, n: 9 } } }] },
    'channels.0.some.falseNegative.rate',
  ],
  [
    'a rate counted on nothing',
    { ...voice, channels: [{ ...clean, some: { ...clean.some, falseNegative: { rate: 0, n: 0 } } }] },
    'channels.0.some.falseNegative.n',
  ],
  [
    'strong below some',
    { ...voice, channels: [{ ...clean, strong: { ...clean.strong, threshold: 1 } }] },
    'channels.0.strong.threshold',
  ],
  [
    'a calibration that falls',
    { ...voice, channels: [{ ...clean, calibration: { a: -1, b: 0 } }] },
    'channels.0.calibration.a',
  ],
  ['no scope', { ...voice, scope: undefined }, 'scope'],
  ['a date in words', { ...voice, date: 'yesterday' }, 'date'],
];
test.each(refused)('refused: %s', (_name, card, path) => {
  const { error } = cardSchema.safeParse(card);
  expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
});

const strongRows: [string, object, string | null][] = [
  ['earned', {}, null],
  ['exactly 1 % on exactly 300', { falsePositive: { rate: 0.01, n: 300 } }, null],
  ['more than 1 %', { falsePositive: { rate: 0.0101, n: 5000 } }, 'too-many-false-positives'],
  ['299 reals', { falsePositive: { rate: 0, n: 299 } }, 'too-few-reals'],
];
test.each(strongRows)('strong: %s', (_name, change, expected) => {
  expect(
    whyNotStrong({
      ...clean,
      strong: { ...clean.some, threshold: 6, falsePositive: { rate: 0.005, n: 400 }, ...change },
    }),
  ).toBe(expected);
});

test('strong is not earned in-source, nor without a threshold', () => {
  expect(whyNotStrong({ ...clean, outOfSource: false })).toBe('in-source');
  expect(whyNotStrong({ ...clean, strong: null })).toBe('no-threshold');
});

test('the worked example of models/README.md holds', () => {
  const [, example = ''] = /```json\n([\s\S]*?)```/.exec(readFileSync('models/README.md', 'utf8')) ?? [];
  const card = cardSchema.parse(JSON.parse(example));
  expect(card.channels.map((channel) => whyNotStrong(channel))).toEqual([null, 'no-threshold']);
});

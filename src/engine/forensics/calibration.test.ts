import { expect, test } from 'vitest';
import { cardOf } from '../../../test/fixtures/models/card-of.ts';
import type { Card, Channel } from '../../contract/card.ts';
import { judge, sayLikelihood } from './calibration.ts';

const loudness = cardOf('toy-loudness');

function withChannels(change: (channel: Channel) => Channel): Card {
  return { ...loudness, channels: loudness.channels.map(change) };
}

// The toy's channels: clean (some 2, strong 6, earned), mp3-64k (some 3, strong 7, 3 % false positives), opus-16k (n = 120).
const rows: [string, number, string | null, object][] = [
  ['strong where it is earned', 10, 'flac', { strength: 'strong', withheld: null, channelPick: 'codec' }],
  ['exactly at the threshold', 6, 'flac', { strength: 'strong' }],
  ['some below the strong threshold', 5.9, 'flac', { strength: 'some', withheld: null }],
  ['little below both', 1.9, 'flac', { strength: 'little', withheld: null }],
  ['too many false positives', 10, 'mp3', { strength: 'some', withheld: 'too-many-false-positives' }],
  ['too few reals', 10, 'opus', { strength: 'some', withheld: 'too-few-reals' }],
  ['unknown codec: the word must hold everywhere', 10, null, { strength: 'some', channelPick: 'codec-unknown' }],
  ['unknown codec: little on one channel is little', 2.5, null, { strength: 'little' }],
  ['a codec never measured', 10, 'aac', { strength: 'some', channelPick: 'codec-never-measured' }],
];
test.each(rows)('%s', (_name, score, codec, expected) => {
  expect(judge(loudness, score, codec)).toMatchObject(expected);
});

test('a codec never measured does not get "strong" even where every channel has earned it', () => {
  const earned = withChannels((channel) => loudness.channels[0] ?? channel);
  expect(judge(earned, 10, 'flac').strength).toBe('strong');
  expect(judge(earned, 10, 'aac')).toMatchObject({ strength: 'some', withheld: 'codec-never-measured' });
});

test('figures from the sources trained on do not earn "strong"', () => {
  const inside = withChannels((channel) => ({ ...channel, outOfSource: false }));
  expect(judge(inside, 10, 'flac')).toMatchObject({ strength: 'some', withheld: 'in-source' });
});

test('a threshold that the calibration contradicts says nothing', () => {
  const contradicting = withChannels((channel) => ({ ...channel, calibration: { a: 0.4, b: -5 } }));
  expect(judge(contradicting, 10, 'flac')).toMatchObject({ strength: 'little', likelihood: 'not-supporting' });
});

test('the rates are those of the word that is said', () => {
  expect(judge(loudness, 10, 'flac').point.falsePositive.rate).toBe(0.005);
  expect(judge(loudness, 5, 'flac').point.falsePositive.rate).toBe(0.05);
});

test('counts bound the likelihood ratio', () => {
  expect(judge(loudness, 1000, 'flac').log10Lr).toBeCloseTo(Math.log10(401), 9);
  expect(judge(loudness, -1000, 'flac').log10Lr).toBeCloseTo(-Math.log10(401), 9);
});

test.each([
  [-1, 'not-supporting'],
  [0, 'no-difference'],
  [0.5, 'slightly-more'],
  [1.5, 'more'],
  [2.5, 'much-more'],
  [3.5, 'far-more'],
])('log10 LR %f is said as %s', (log10Lr, words) => {
  expect(sayLikelihood(log10Lr)).toBe(words);
});

import { beforeAll, describe, expect, test } from 'vitest';
import { type Sample, samples } from '../../../../test/fixtures/reports/samples.ts';
import { sampleSpeaker } from '../../../../test/fixtures/reports/words.ts';
import { at } from './chart.ts';
import { labelMap } from './label-map.ts';
import { type Section, signalsInOrder } from './section.ts';
import { signalList } from './signals.ts';
import { timeline } from './timeline.ts';

let all: Record<string, Sample>;

beforeAll(async () => {
  all = await samples();
});

function sectionOf(name: string, bend: (sample: Sample) => Sample = (sample) => sample): Section {
  const sample = all[name];
  if (!sample) throw new Error(`no sample ${name}`);
  const { record, exhibits } = bend(sample);
  return {
    lang: 'en',
    say: sampleSpeaker('en'),
    record,
    exhibits,
    people: null,
    id: 'f1',
    signals: signalsInOrder(record),
  };
}

/** Every number that the chart's geometry gives as a percentage. */
function percentages(markup: string): number[] {
  return [...markup.matchAll(/="(-?[\d.]+)%"/g)].map(([, figure]) => Number(figure));
}

describe('where in the file', () => {
  test('marks sit at their share of the file, a crowded stretch gets a lens', () => {
    const markup = labelMap(sectionOf('conflict'))?.markup ?? '';
    expect(markup.match(/class="lens"/g)).toHaveLength(1);
    expect(markup).toContain('x="0.068%"'); // 1,257 of 1,846,203
    expect(markup).toContain('0x8b7'); // the last mark's end, 1,945, and a sixth of the stretch
    expect(percentages(markup).every((figure) => figure >= 0 && figure <= 100)).toBe(true);
  });

  test('marks at both ends of a file get a lens each', () => {
    expect(labelMap(sectionOf('video'))?.markup.match(/class="lens"/g)).toHaveLength(2);
  });

  test.each(['plain', 'voice', 'unexaminable'])('%s has no byte position and no map', (name) => {
    expect(labelMap(sectionOf(name))).toBeNull();
  });

  test('a length beyond the end of the file stays inside the picture', () => {
    const far = sectionOf('conflict', (sample) => ({
      ...sample,
      record: {
        ...sample.record,
        signals: sample.record.signals.map((signal) => ({
          ...signal,
          place: { offset: 1_846_000, length: Number.MAX_SAFE_INTEGER },
        })),
      },
    }));
    const markup = labelMap(far)?.markup ?? '';
    expect(markup).toContain('<td class="number">203</td>');
    expect(percentages(markup).every((figure) => figure >= 0 && figure <= 100)).toBe(true);
  });
});

describe('timeline', () => {
  test('has a lane for each signal with times, on the axis of the whole medium', () => {
    const markup = timeline(sectionOf('video'))?.markup ?? '';
    expect(markup.match(/class="lane"/g)).toHaveLength(2);
    expect(markup.match(/class="still"/g)).toHaveLength(12);
    // 60 s of sound in 90.1 s of video
    expect(markup.match(/width="66.593%"/g)).toHaveLength(2);
    expect(percentages(markup).every((figure) => figure >= 0 && figure <= 100)).toBe(true);
  });

  test('shows spans of different strength in one lane, each with its word in the table', () => {
    const markup = timeline(sectionOf('voice'))?.markup ?? '';
    expect([...markup.matchAll(/class="span s-(\w+)"/g)].map(([, strength]) => strength)).toEqual([
      'strong',
      'strong',
      'some',
      'strong',
    ]);
    expect(markup).toContain('<td class="number">0:12.800</td><td class="number">0:15.000</td><td>Some evidence</td>');
  });

  test.each(['plain', 'conflict', 'unexaminable'])('%s has no time and no timeline', (name) => {
    expect(timeline(sectionOf(name))).toBeNull();
  });

  test('times beyond the end stay inside the picture', () => {
    const late = sectionOf('voice', (sample) => ({
      ...sample,
      record: { ...sample.record, media: sample.record.media && { ...sample.record.media, durationMs: 5000 } },
    }));
    expect(percentages(timeline(late)?.markup ?? '').every((figure) => figure >= 0 && figure <= 100)).toBe(true);
  });
});

test.each([
  [0, '0%'],
  [0.5, '50%'],
  [1 / 3, '33.333%'],
  [100, '100%'],
  [-1, '0%'],
  [Number.NaN, '0%'],
])('share %d is drawn at %s', (share, drawn) => {
  expect(at(share)).toBe(drawn);
});

test('a record with more signals than a page can bear shows the first and says how many are left', () => {
  const crowded = sectionOf('video', (sample) => ({
    ...sample,
    record: { ...sample.record, signals: Array.from({ length: 60 }, () => sample.record.signals).flat() },
  }));
  expect(crowded.signals).toHaveLength(200);
  expect(signalList(crowded).markup).toContain('More signals in the raw record: 100.');
  expect(timeline(crowded)?.markup.match(/class="lane"/g)?.length).toBeLessThanOrEqual(24);
});

import { expect, test } from 'vitest';
import { findSpans, maxSpans, type ScoredPiece, strongest } from './spans.ts';

function sound(scores: number[], hopMs = 500): ScoredPiece[] {
  return scores.map((score, i) => ({
    where: { fromMs: i * hopMs, toMs: i * hopMs + 1000, frame: null, box: null },
    score,
  }));
}

test('touching windows over the threshold are one span with the highest score', () => {
  const { spans } = findSpans(sound([5, 7, 6, 0, 0, 0, 9]), 5);
  expect(spans).toMatchObject([
    { fromMs: 0, toMs: 2000, score: 7 },
    { fromMs: 3000, toMs: 4000, score: 9 },
  ]);
  expect(strongest(spans)).toMatchObject({ fromMs: 3000 });
});

test('windows with a gap between them stay apart', () => {
  expect(findSpans(sound([5, 5], 2000), 5).spans).toHaveLength(2);
});

test('following pictures are one span, pointing at the strongest', () => {
  const frames = [6, 8, 1, 7].map((score, frame): ScoredPiece => {
    return { where: { fromMs: frame * 2000, toMs: frame * 2000, frame, box: null }, score };
  });
  expect(findSpans(frames, 5).spans).toMatchObject([
    { fromMs: 0, toMs: 2000, frame: 1, score: 8 },
    { fromMs: 6000, toMs: 6000, frame: 3, score: 7 },
  ]);
});

test('tiles of a still picture stay apart', () => {
  const tiles = [6, 8].map((score, i): ScoredPiece => {
    return { where: { fromMs: null, toMs: null, frame: null, box: [i * 8, 0, 8, 8] }, score };
  });
  expect(findSpans(tiles, 5).spans).toHaveLength(2);
});

test('at most twenty, the strongest, in the order of the media', () => {
  const pieces = sound(
    Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 5 + i : 0)),
    2000,
  );
  const { spans, of } = findSpans(pieces, 5);
  expect(of).toBe(50);
  expect(spans).toHaveLength(maxSpans);
  expect(spans.map(({ fromMs }) => fromMs)).toEqual(
    spans.map(({ fromMs }) => fromMs).toSorted((a, b) => (a ?? 0) - (b ?? 0)),
  );
  expect(Math.min(...spans.map(({ score }) => score))).toBe(65);
});

test('nothing over the threshold', () => {
  expect(strongest(findSpans(sound([1, 2]), 5).spans)).toBeNull();
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelFont } from './glyphs.ts';
import { type Box, type Layout, labelPositions, layOut, twoLines } from './layout.ts';
import { labelClaims, labelLanguages, labelTexts } from './texts.ts';

const font = labelFont();

function placed(request: Partial<Parameters<typeof layOut>[0]>): Layout {
  const layout = layOut(
    { width: 1280, height: 720, texts: labelTexts.generated.zh, position: 'bottom-right', avoid: [], ...request },
    font,
  );
  if (layout.status === 'refused') throw new Error(layout.code);
  return layout;
}

test('wherever it fits, a label is at least 5 % high, inside the picture, and its ink inside its plate', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 40, max: 9000 }),
      fc.integer({ min: 40, max: 9000 }),
      fc.constantFrom(...labelClaims),
      fc.constantFrom(...labelLanguages),
      fc.constantFrom(...labelPositions),
      (width, height, claim, lang, position) => {
        const layout = layOut({ width, height, texts: labelTexts[claim][lang], position, avoid: [] }, font);
        if (layout.status === 'refused') {
          expect(layout.code).toBe('picture-too-small');
          return;
        }
        const short = Math.min(width, height);
        expect(layout.heightPx).toBeGreaterThanOrEqual(short * 0.0515 - 1e-6);
        expect(layout.ratio).toBeCloseTo(layout.heightPx / short, 9);
        const { plate, ink } = layout;
        expect(plate.left).toBeGreaterThanOrEqual(0);
        expect(plate.top).toBeGreaterThanOrEqual(0);
        expect(plate.left + plate.width).toBeLessThanOrEqual(width);
        expect(plate.top + plate.height).toBeLessThanOrEqual(height);
        expect(ink.left).toBeGreaterThan(plate.left);
        expect(ink.left + ink.width).toBeLessThan(plate.left + plate.width);
        expect(ink.top).toBeGreaterThan(plate.top);
        expect(ink.top + ink.height).toBeLessThan(plate.top + plate.height);
      },
    ),
    { numRuns: 300 },
  );
});

test('Latin text counts by its capitals, so that no reading of "text height" finds less than 5 %', () => {
  const { emPx, lines } = placed({ texts: ['AI-generated'] });
  expect(((lines[0]?.outline.capHeight ?? 0) * emPx) / 720).toBeGreaterThanOrEqual(0.05);
});

test.each([
  [1280, 720, '人工智能生成', []],
  [64, 64, 'AI生成', ['text-shortened', 'enlarged-to-be-legible']],
  [44, 100, 'AI生成', ['text-in-two-lines', 'enlarged-to-be-legible']],
  [3000, 300, '人工智能生成', []],
  [300, 3000, '人工智能生成', []],
] as const)('%i × %i says %s', (width, height, text, remarks) => {
  expect(placed({ width, height })).toMatchObject({ text, remarks });
});

test.each([
  [24, 24],
  [4000, 12],
  [12, 4000],
])('%i × %i is too small for a label that can be read', (width, height) => {
  expect(
    layOut({ width, height, texts: labelTexts.generated.zh, position: 'bottom-right', avoid: [] }, font),
  ).toMatchObject({ status: 'refused', code: 'picture-too-small' });
});

test('a character that the font lacks is refused by name', () => {
  expect(layOut({ width: 640, height: 480, texts: ['AI生成 \u{1f600}'], position: 'top', avoid: [] }, font)).toEqual({
    status: 'refused',
    code: 'character-not-in-font',
    subject: '\u{1f600}',
  });
});

test('a label leaves its corner for a face, stays on its edge if it can, and says so', () => {
  const corner = placed({}).plate;
  const moved = placed({ avoid: [corner] });
  expect(moved).toMatchObject({ position: 'bottom-left', remarks: ['moved-from-face'] });
  const wholeBottom: Box = { left: 0, top: 400, width: 1280, height: 320 };
  expect(placed({ avoid: [wholeBottom] })).toMatchObject({ position: 'top-right', remarks: ['moved-from-face'] });
  const everywhere: Box = { left: 0, top: 0, width: 1280, height: 720 };
  expect(placed({ avoid: [everywhere] })).toMatchObject({ position: 'bottom-right', remarks: ['covers-face'] });
});

test('two lines break before the generation element, else nearest the middle', () => {
  expect(twoLines('AI生成')).toEqual([['AI', '生成']]);
  expect(twoLines('AI-generated')).toEqual([['AI-', 'generated']]);
  expect(twoLines('Made entirely with AI')).toEqual([['Made entirely', 'with AI']]);
  expect(twoLines('AIGC')).toEqual([]);
});

import sharp from 'sharp';
import { expect, test } from 'vitest';
import { drawnFace } from '../../../../test/drawn-face.ts';
import { faceFinder, scaled } from './faces.ts';
import { labelFont } from './glyphs.ts';
import { labelImage } from './image.ts';
import type { Box } from './layout.ts';
import { labelTexts } from './texts.ts';

const size = { width: 1280, height: 720 };
const findFaces = await faceFinder();

function picture(shapes: string) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720"><rect width="1280" height="720" fill="#7d8c93"/>${shapes}</svg>`;
  return sharp(Buffer.from(svg)).removeAlpha().blur(1.2);
}

async function found(shapes: string): Promise<Box[]> {
  return findFaces({ ...size, data: await picture(shapes).raw().toBuffer() });
}

test.each([30, 60, 100, 180, 260])('finds a face of radius %i, and only it', async (r) => {
  const faces = await found(drawnFace(900, 400, r));
  expect(faces).toHaveLength(1);
  const [face] = faces as [Box];
  // Brows to chin, whatever the net takes for the border of a face.
  expect(face.left).toBeGreaterThan(900 - 1.7 * r);
  expect(face.left).toBeLessThan(900 - 0.5 * r);
  expect(face.left + face.width).toBeGreaterThan(900 + 0.5 * r);
  expect(face.left + face.width).toBeLessThan(900 + 1.7 * r);
  expect(face.top).toBeLessThan(400 - 0.1 * r);
  expect(face.top + face.height).toBeGreaterThan(400 + 0.6 * r);
});

test('finds each of several', async () => {
  expect(await found(drawnFace(250, 300, 90) + drawnFace(640, 420, 60) + drawnFace(1050, 300, 120))).toHaveLength(3);
});

test.each([
  ['an empty picture', ''],
  ['a disc', '<circle cx="700" cy="350" r="150" fill="#d9a07c"/>'],
  ['stripes', '<path d="M0 0L1280 720M0 200L1280 920M0 -200L1280 520" stroke="#222" stroke-width="40"/>'],
])('finds none in %s', async (_what, shapes) => {
  expect(await found(shapes)).toEqual([]);
});

test.each([
  [1, 1],
  [3, 700],
  [900, 2],
])('a picture of %i × %i has none', async (width, height) => {
  expect(await findFaces({ width, height, data: new Uint8Array(width * height * 3) })).toEqual([]);
});

test.each([
  { kind: 'text', texts: labelTexts.generated.zh, position: 'bottom-right' },
  { kind: 'icon', word: 'GENERATED', arrangement: 'beside', position: 'bottom-right' },
] as const)('a label of the kind $kind moves away from a face, in the stored turn too', async (label) => {
  const upright = await picture(drawnFace(1080, 600, 110))
    .jpeg({ quality: 95 })
    .toBuffer();
  const turned = await sharp(upright).rotate(-90).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer();
  for (const bytes of [upright, turned]) {
    const drawn = await labelImage(bytes, 'jpeg', label, labelFont(), findFaces);
    expect(drawn).toMatchObject({ status: 'labelled', position: 'bottom-left', remarks: ['moved-from-face'] });
  }
  expect(await labelImage(upright, 'jpeg', label, labelFont())).toMatchObject({
    position: 'bottom-right',
    remarks: [],
  });
});

test('a box grows with its picture', () => {
  expect(scaled({ left: 1, top: 2, width: 3, height: 4 }, 2)).toEqual({ left: 2, top: 4, width: 6, height: 8 });
});

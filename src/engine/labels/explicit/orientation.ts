import type { Overlay } from './draw.ts';

interface Size {
  width: number;
  height: number;
}

/** Size of a picture as it is seen, from its stored size and its EXIF orientation 1…8 (CIPA DC-008, tag 0x0112). */
export function seenSize({ width, height }: Size, orientation: number): Size {
  return orientation >= 5 && orientation <= 8 ? { width: height, height: width } : { width, height };
}

/** Turns an overlay drawn upright for the seen picture into the stored picture's own rows and columns. */
export function toStored(overlay: Overlay, stored: Size, orientation: number): Overlay {
  const place = storedPlaces[orientation];
  if (!place) return overlay;
  const corner = place(overlay.left, overlay.top, stored);
  const opposite = place(overlay.left + overlay.width - 1, overlay.top + overlay.height - 1, stored);
  const left = Math.min(corner.x, opposite.x);
  const top = Math.min(corner.y, opposite.y);
  const width = Math.abs(corner.x - opposite.x) + 1;
  const height = Math.abs(corner.y - opposite.y) + 1;
  const from = new Uint32Array(new Uint8Array(overlay.rgba).buffer);
  const to = new Uint32Array(from.length);
  for (let y = 0; y < overlay.height; y += 1) {
    for (let x = 0; x < overlay.width; x += 1) {
      const target = place(overlay.left + x, overlay.top + y, stored);
      to[(target.y - top) * width + target.x - left] = from[y * overlay.width + x] ?? 0;
    }
  }
  return { left, top, width, height, rgba: Buffer.from(to.buffer) };
}

/** Where the pixel seen at x, y is stored. Orientation 1 needs no entry. */
const storedPlaces: {
  readonly [orientation: number]: (x: number, y: number, stored: Size) => { x: number; y: number };
} = {
  2: (x, y, { width }) => ({ x: width - 1 - x, y }),
  3: (x, y, { width, height }) => ({ x: width - 1 - x, y: height - 1 - y }),
  4: (x, y, { height }) => ({ x, y: height - 1 - y }),
  5: (x, y) => ({ x: y, y: x }),
  6: (x, y, { height }) => ({ x: y, y: height - 1 - x }),
  7: (x, y, { width, height }) => ({ x: width - 1 - y, y: height - 1 - x }),
  8: (x, y, { width }) => ({ x: width - 1 - y, y: x }),
};

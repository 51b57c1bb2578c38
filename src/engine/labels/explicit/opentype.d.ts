/** The part of opentype.js that glyphs.ts uses; the package ships no types. */
declare module 'opentype.js' {
  export interface BoundingBox {
    x1: number;
    y1: number;
    x2: number;
    y2: number;
  }
  export type Command =
    | { type: 'M' | 'L'; x: number; y: number }
    | { type: 'Q'; x1: number; y1: number; x: number; y: number }
    | { type: 'C'; x1: number; y1: number; x2: number; y2: number; x: number; y: number }
    | { type: 'Z' };
  export interface Path {
    commands: Command[];
    getBoundingBox(): BoundingBox;
  }
  export interface Font {
    unitsPerEm: number;
    charToGlyphIndex(character: string): number;
    /** Baseline at y; y grows downwards. */
    getPath(text: string, x: number, y: number, fontSize: number): Path;
  }
  // Node takes the package's UMD build, whose names are not seen one by one.
  const opentype: { parse(buffer: ArrayBuffer, options: { lowMemory: boolean }): Font };
  export default opentype;
}

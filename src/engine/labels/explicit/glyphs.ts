import { readFileSync } from 'node:fs';
import opentype, { type Command, type Font } from 'opentype.js';

/** A line of text as outlines. Lengths are in em; y grows downwards from the baseline. */
export interface Outline {
  text: string;
  /** What is really inked, without side bearings. */
  ink: { left: number; top: number; right: number; bottom: number };
  /** Height of a capital letter when the text has Latin letters; null for text without them. */
  capHeight: number | null;
  /** SVG path data with the baseline's beginning at (x, y), in pixels. */
  path(x: number, y: number, emPx: number): string;
}

export interface LabelFont {
  outline(text: string): Outline;
  /** Characters of that text that the font cannot draw. */
  missing(text: string): string[];
}

/** Opens a TrueType font. Only glyphs that are drawn are parsed. */
export function openFont(file: Uint8Array): LabelFont {
  const font = opentype.parse(withoutTables(file, unusedTables), { lowMemory: true });
  const outlines = new Map<string, Outline>();
  return {
    outline(text) {
      const known = outlines.get(text) ?? outlineOf(font, text);
      // Texts come from an operator: a server that lives for months must not keep them all.
      if (outlines.size < 200) outlines.set(text, known);
      return known;
    },
    missing: (text) => [...new Set(text)].filter((character) => font.charToGlyphIndex(character) === 0),
  };
}

/** The bold Noto Sans SC of the installed package (OFL 1.1), read once: about 0.1 s and 30 MB. No system font is used. */
export function labelFont(): LabelFont {
  shared ??= openFont(readFileSync(new URL(import.meta.resolve(fontFile))));
  return shared;
}

const fontFile = '@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf';
let shared: LabelFont | null = null;

function outlineOf(font: Font, text: string): Outline {
  const path = font.getPath(text, 0, 0, font.unitsPerEm);
  const box = path.getBoundingBox();
  const em = (units: number) => units / font.unitsPerEm;
  const capital = font.getPath('A', 0, 0, font.unitsPerEm).getBoundingBox();
  return {
    text,
    ink: { left: em(box.x1), top: em(box.y1), right: em(box.x2), bottom: em(box.y2) },
    capHeight: /[A-Za-z]/.test(text) ? em(capital.y2 - capital.y1) : null,
    path: (x, y, emPx) => pathData(path.commands, x, y, emPx / font.unitsPerEm),
  };
}

/** opentype.js has a writer of its own, which makes NaN of lengths such as 93.0000001. */
function pathData(commands: readonly Command[], x: number, y: number, scale: number): string {
  const at = (unitsX: number, unitsY: number) =>
    `${(x + unitsX * scale).toFixed(2)} ${(y + unitsY * scale).toFixed(2)}`;
  return commands
    .map((command) => {
      if (command.type === 'Z') return 'Z';
      if (command.type === 'Q') return `Q${at(command.x1, command.y1)} ${at(command.x, command.y)}`;
      if (command.type === 'C')
        return `C${at(command.x1, command.y1)} ${at(command.x2, command.y2)} ${at(command.x, command.y)}`;
      return `${command.type}${at(command.x, command.y)}`;
    })
    .join('');
}

/** Contextual forms and vertical metrics: a label needs neither, and they cost time to parse. */
const unusedTables = new Set(['GSUB', 'GDEF', 'BASE', 'vmtx', 'vhea', 'STAT']);

/** The same font file with a shorter directory (OpenType 1.9, table directory: 12 bytes, then 16 a table). */
function withoutTables(file: Uint8Array, unused: ReadonlySet<string>): ArrayBuffer {
  const out = new Uint8Array(file);
  const view = new DataView(out.buffer);
  const count = view.getUint16(4);
  let kept = 0;
  for (let index = 0; index < count; index += 1) {
    const entry = file.subarray(12 + index * 16, 28 + index * 16);
    if (unused.has(Buffer.from(entry.subarray(0, 4)).toString('latin1'))) continue;
    out.set(entry, 12 + kept * 16);
    kept += 1;
  }
  view.setUint16(4, kept);
  return out.buffer;
}

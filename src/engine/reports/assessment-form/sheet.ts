import type { Lang } from '../../../contract/lang.ts';
import type { Both } from '../../../contract/rulebook.ts';
import { visible, visibleLines } from './visible.ts';
import { say, type WordKey, words } from './words.ts';

/** The report before it is a PDF or a DOCX: both say the same because both are drawn from this. */
export interface Sheet {
  lang: Lang;
  title: string;
  /** Below the title, centred. */
  under: Line[];
  footer: { left: string; page: readonly [string, string, string] };
  blocks: Block[];
}

export type Block =
  | { kind: 'heading'; level: 1 | 2; text: string; also: string | null }
  | { kind: 'lines'; lines: Line[] }
  | { kind: 'table'; columns: readonly number[]; head: Cell[][]; rows: Cell[][]; dense: boolean; together: boolean }
  | { kind: 'rate'; rate: number; low: number; high: number; figures: Line[] };

export type Tone = 'plain' | 'strong' | 'quiet' | 'digest' | 'blank' | 'conforms' | 'fails' | 'warns';

export interface Line {
  text: string;
  tone: Tone;
  /** A box as on the paper form, or beside one: its second language. */
  box: 'ticked' | 'empty' | 'beside' | null;
}

export interface Cell {
  lines: Line[];
  span: number;
  /** The grey of a cell that names something. */
  names: boolean;
}

/** Every string of the report passes here or through `text`. */
export function line(text: string, tone: Tone = 'plain', box: Line['box'] = null): Line {
  return { text: visible(text), tone, box };
}

export function text(foreign: string, tone: Tone = 'plain'): Line[] {
  return visibleLines(foreign).map((one) => line(one, tone));
}

/** In Chinese the Chinese; in the reading copy the English with the Chinese below. */
export function both(lang: Lang, { zh, en }: Both, tone: Tone = 'plain'): Line[] {
  if (lang === 'zh' || zh === en) return text(zh, tone);
  return [...text(en, tone), ...text(zh, 'quiet')];
}

/** What a box stands before. */
export function boxed(lines: readonly Line[], ticked: boolean): Line[] {
  return lines.map((one, index) => ({ ...one, box: index > 0 ? 'beside' : ticked ? 'ticked' : 'empty' }));
}

/** An empty place, as long as the paper form would leave it. */
export function blank(lang: Lang, lines = 1): Line[] {
  return [line(say(lang, 'blank'), 'blank'), ...Array.from({ length: lines - 1 }, () => line('', 'blank'))];
}

export function cell(lines: Line[], span = 1): Cell {
  return { lines, span, names: false };
}

export function nameCell(lines: Line[], span = 1): Cell {
  return { lines, span, names: true };
}

export function heads(lang: Lang, keys: readonly WordKey[]): Cell[][] {
  return [keys.map((key) => nameCell(both(lang, words[key], 'strong')))];
}

export function heading(lang: Lang, key: WordKey): Block {
  return { kind: 'heading', level: 1, text: say(lang, key), also: lang === 'zh' ? null : words[key].zh };
}

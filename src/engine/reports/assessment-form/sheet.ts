import type { Lang } from '../../../contract/lang.ts';
import type { Both } from '../../../contract/rulebook.ts';
import { type FilledForm, officialOf } from './form.ts';
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
  | { kind: 'shares'; parts: Share[] }
  /** On an axis from 0 to 100 %. The head names the thing, the axis and the figures. */
  | { kind: 'rates'; head: Cell[][]; rows: RateRow[] }
  | { kind: 'days'; head: Cell[][]; rows: DayRow[]; ticks: Tick[]; today: number; legend: Line[] };

/** A part of a bar. Its shape and word say what its colour says. */
export interface Share {
  shape: string;
  word: string;
  tone: Tone;
  count: number;
  /** 0…1 of the bar. */
  share: number;
}

/** A dot on its interval; places 0…1. */
export interface RateRow {
  name: Line[];
  figures: Line[];
  rate: number;
  low: number;
  high: number;
}

/** Marks on a line from the first to the last of them; places 0…1 on the axis of days. */
export interface DayRow {
  name: Line[];
  from: number;
  to: number;
  marks: DayMark[];
}

export interface DayMark {
  at: number;
  shape: string;
  /** Above the line, beside one that is too close. */
  lifted: boolean;
}

export interface Tick {
  at: number;
  label: string;
}

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

/** In which language a report is, and in which one it counts. */
export type Edition = Pick<FilledForm, 'lang' | 'official'>;

/** In the official edition its language alone; in the reading copy the words of the official one below. */
export function both(edition: Edition, words: Both, tone: Tone = 'plain'): Line[] {
  const official = officialOf(edition);
  const { lang } = edition;
  if (lang === official || words.zh === words.en) return text(words[lang], tone);
  return [...text(words[lang], tone), ...text(words[official], 'quiet')];
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

export function heads(edition: Edition, keys: readonly WordKey[]): Cell[][] {
  return [keys.map((key) => nameCell(both(edition, words[key], 'strong')))];
}

export function heading(edition: Edition, key: WordKey): Block {
  const official = officialOf(edition);
  return {
    kind: 'heading',
    level: 1,
    text: say(edition.lang, key),
    also: edition.lang === official ? null : say(official, key),
  };
}

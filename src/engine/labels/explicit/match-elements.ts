import type { ReadWord } from './ocr.ts';
import type { LabelElements } from './texts.ts';

/** Elements of a label in a line that was read from a picture, and the first and last word that hold them. */
export interface MatchedElements extends LabelElements {
  from: number;
  to: number;
}

/** Looks for both elements in the words of one line; letters that readers of print confuse are taken for each other. Null without any. */
export function matchElements(words: readonly ReadWord[]): MatchedElements | null {
  const { text, wordOf } = join(words);
  const generation = firstSpan(text, generationElements) ?? nearGenerated(text);
  const sure = firstSpan(text, aiElements);
  // "Al" and "A1" are AI only beside a generation element: alone they are the beginning of many words.
  const ai = sure ?? (generation ? besides(text, generation) : null) ?? nearChinese(text);
  const spans = [ai, generation].filter((span) => span !== null);
  if (spans.length === 0) return null;
  const indices = spans.flatMap(([start, end]) => [wordOf[start] ?? 0, wordOf[end - 1] ?? 0]);
  return { ai: ai !== null, generation: generation !== null, from: Math.min(...indices), to: Math.max(...indices) };
}

type Span = readonly [number, number];

/** Words set apart by one space; Chinese characters close together, because readers put spaces between them. */
function join(words: readonly ReadWord[]): { text: string; wordOf: number[] } {
  let text = '';
  const wordOf: number[] = [];
  for (const [index, word] of words.entries()) {
    const next = word.text.normalize('NFKC').toLowerCase();
    const apart = text !== '' && !(/\p{Script=Han}$/u.test(text) || /^\p{Script=Han}/u.test(next));
    for (const character of (apart ? ' ' : '') + next) {
      text += character;
      for (let unit = 0; unit < character.length; unit += 1) wordOf.push(index);
    }
  }
  return { text, wordOf };
}

const aiElements = [/人工智能/, /(?<![a-z])a\.?i\.?(?:gc)?(?![a-z])/, /artificial\s?intelligence/];
const generationElements = [
  /[生牛][成戚咸戍]/,
  /[合台][成戚咸戍]/,
  /generat(?:ed|ion|ive)/,
  /synthesi[sz]ed|synthetic/,
];

function firstSpan(text: string, patterns: readonly RegExp[]): Span | null {
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (match) return [match.index, match.index + match[0].length];
  }
  return null;
}

/** A mistaken AI right before or after the generation element, or at the line's beginning. */
function besides(text: string, [start, end]: Span): Span | null {
  const before = /(?<![a-z])[a4][il1|!j](?=[\s\-–—.:]{0,2}$)/.exec(text.slice(0, start));
  if (before) return [before.index, before.index + 2];
  const after = /^[\s\-–—.:]{0,2}(?:by\s?)?([a4][il1|!j])(?![a-z])/.exec(text.slice(end));
  if (after) return [end + after[0].length - 2, end + after[0].length];
  return null;
}

/** 人工智能 with one character misread, or with two of them right before a generation element. */
function nearChinese(text: string): Span | null {
  for (let at = 0; at + 4 <= text.length; at += 1) {
    const window = text.slice(at, at + 4);
    const same = [...'人工智能'].filter((character, index) => window[index] === character).length;
    if (same >= 3 || (same === 2 && /^[生牛合台][成戚咸戍]/.test(text.slice(at + 4)))) return [at, at + 4];
  }
  return null;
}

/** `generated` and `synthesised` with up to two letters misread, missing or doubled; the first letter tells it from nominated and venerated. */
function nearGenerated(text: string): Span | null {
  for (const match of text.matchAll(/[a-z0-9|]{7,13}/g)) {
    for (const word of ['generated', 'synthesised', 'synthesized']) {
      if (match[0][0] === word[0] && editDistance(match[0], word) <= 2)
        return [match.index, match.index + match[0].length];
    }
  }
  return null;
}

/** Levenshtein. Both words are short. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, a] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, b] of [...other].entries())
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (a === b ? 0 : 1)));
    row = next;
  }
  return row.at(-1) ?? 0;
}

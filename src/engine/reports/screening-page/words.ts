import type { Say } from '../../../contract/words.ts';
import { cut, type Html, html, isolate, sentenceMarkup, shown, withoutIsolation } from './html.ts';

export type Lang = 'en' | 'zh';
export type Params = Readonly<Record<string, string | number>>;

/** The sentence of a code, foreign values fenced. A code without a sentence is shown as the code itself. */
export function sentence(say: Say, key: string, params: Params = {}): Html {
  const said = sayCode(say, key, params);
  return said === null ? html`<code>${shown(codeOf(key), 120)}</code>` : sentenceMarkup(said);
}

/** A signal in a few words for one line of a table; its sentence where the catalogue has none. */
export function brief(say: Say, code: string, params: Params = {}): Html {
  const said = sayCode(say, `brief.${code}`, params);
  return said === null ? sentence(say, `signal.${code}`, params) : sentenceMarkup(said);
}

/** The same for attributes and charts, which hold no markup. */
export function sentenceText(say: Say, key: string, params: Params = {}): string {
  const said = sayCode(say, key, params);
  return said === null ? cut(codeOf(key), 120) : withoutIsolation(said);
}

/** A sentence of the report's own, whose values are made here. */
export function ownWords(say: Say, key: string, params: Params = {}): string {
  return say(`report.${key}`, { ...params });
}

/** Words that exist for some values of a foreign string only; null for the others. */
export function wordsFor(say: Say, key: string): string | null {
  return sayCode(say, `report.${key}`, {});
}

/** Null without a sentence. A code that does not look like one never reaches the catalogue, whose keys have a syntax of their own. */
function sayCode(say: Say, key: string, params: Params): string | null {
  if (!/^[\w.-]{1,120}$/.test(key)) return null;
  const said = say(key, fenced(params));
  return said === key ? null : said;
}

function fenced(params: Params): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      // A plain word needs no fence, and catalogues choose sentences by some: `reason`, `likelihood`.
      typeof value === 'string' && !/^[\w.-]{1,80}$/.test(value) ? isolate(value) : value,
    ]),
  );
}

function codeOf(key: string): string {
  return key.slice(key.indexOf('.') + 1);
}

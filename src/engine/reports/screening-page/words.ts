import type { Say } from '../../../contract/words.ts';
import { type Html, html, isolate, sentenceMarkup, withoutIsolation } from './html.ts';

export type Lang = 'en' | 'zh';
export type Params = Readonly<Record<string, string | number>>;

/** The sentence of a code, foreign values fenced. A code without a sentence is shown as the code itself. */
export function sentence(say: Say, key: string, params: Params = {}): Html {
  const said = say(key, fenced(params));
  return said === key ? html`<code>${codeOf(key)}</code>` : sentenceMarkup(said);
}

/** The same for attributes and charts, which hold no markup. */
export function sentenceText(say: Say, key: string, params: Params = {}): string {
  const said = say(key, fenced(params));
  return said === key ? codeOf(key) : withoutIsolation(said);
}

/** A sentence of the report's own, whose values are made here. */
export function ownWords(say: Say, key: string, params: Params = {}): string {
  return say(`report.${key}`, { ...params });
}

function fenced(params: Params): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      // `context` chooses among sentences and never stands in one.
      typeof value === 'string' && !(name === 'context' && /^[a-z-]{1,40}$/.test(value)) ? isolate(value) : value,
    ]),
  );
}

function codeOf(key: string): string {
  return key.slice(key.indexOf('.') + 1);
}

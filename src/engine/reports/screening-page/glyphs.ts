import type { ScreeningRecord, Strength } from '../../../contract/screening.ts';
import { type Html, html } from './html.ts';

/** What a row says in one word: a strength, or that the examination did not happen. */
export const fileWords = ['strong', 'some', 'declared', 'little', 'not-applicable', 'unexaminable'] as const;
export type FileWord = (typeof fileWords)[number];

/** The word of a record, as its row, the filter and the totals show it. What was learned before an examination broke off still counts. */
export function fileWord({ verdict }: ScreeningRecord): FileWord {
  return verdict.code === 'unexaminable' ? 'unexaminable' : verdict.word;
}

/** The shape of a word. Always beside the word itself, so it is silent for a screen reader. */
export function glyph(word: FileWord | Strength): Html {
  return html`<svg class="glyph g-${word}" viewBox="0 0 16 16" aria-hidden="true"><use href="#g-${word}"/></svg>`;
}

/** The same shapes as characters, for inside charts. */
export const shapeOf: Readonly<Record<Strength, string>> = {
  strong: '◆',
  some: '▲',
  declared: '■',
  little: '○',
  'not-applicable': '–',
};

/** The drawings that `glyph` refers to; once a page. */
export const glyphSheet: Html = html`<svg class="sheet" width="0" height="0" aria-hidden="true" focusable="false">
<symbol id="g-strong" viewBox="0 0 16 16"><path d="M8 1 15 8 8 15 1 8Z" fill="currentColor"/></symbol>
<symbol id="g-some" viewBox="0 0 16 16"><path d="M8 2 15 14H1Z" fill="currentColor"/></symbol>
<symbol id="g-declared" viewBox="0 0 16 16"><path d="M2 2h12v12H2Z" fill="currentColor"/></symbol>
<symbol id="g-little" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="2"/></symbol>
<symbol id="g-not-applicable" viewBox="0 0 16 16"><path d="M3 8h10" stroke="currentColor" stroke-width="2" stroke-linecap="round"/></symbol>
<symbol id="g-unexaminable" viewBox="0 0 16 16"><path d="M2 6 6 2M2 10 10 2M2 14 14 2M6 14 14 6M10 14 14 10" stroke="currentColor" stroke-width="1.4"/><path d="M1.5 1.5h13v13h-13Z" fill="none" stroke="currentColor"/></symbol>
<symbol id="g-conflict" viewBox="0 0 16 16"><path d="M6.5 3 1.5 8l5 5M9.5 3l5 5-5 5" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/></symbol>
<symbol id="g-mirror" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="none" stroke="currentColor" stroke-width="1.6"/><circle cx="8" cy="8" r="4.2" fill="none" stroke="currentColor" stroke-width="0.9"/><circle cx="8" cy="8" r="1.7" fill="currentColor"/></symbol>
</svg>`;

/** The name of the product with its mark, a bronze mirror. */
export const mark: Html = html`<svg class="mirror" viewBox="0 0 16 16" aria-hidden="true"><use href="#g-mirror"/></svg>`;

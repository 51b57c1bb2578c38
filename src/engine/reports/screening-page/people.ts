import { glyph } from './glyphs.ts';
import { type Html, html, shown } from './html.ts';
import { maxDrawn, type PeopleSaid, type Section } from './section.ts';
import { ownWords } from './words.ts';

/** The word that a person put above the machine's, with name, time and reason. The machine's own stays before it. */
export function overrideBlock({ say, people }: Section): Html | null {
  if (!people?.override) return null;
  const { word, reason, by, at } = people.override;
  return html`<section class="override">
<h3>${ownWords(say, 'override')}</h3>
<p class="word">${glyph(word)}<span>${ownWords(say, `word.${word}`)}</span></p>
${writing(reason)}
<p class="quiet">${byline(by, at)}</p>
</section>`;
}

/** The same in one line, before why the machine said what it said. */
export function overrideInRow({ say, people }: Section): Html | null {
  if (!people?.override) return null;
  const { word } = people.override;
  return html`<b class="override">${ownWords(say, 'override.short')} ${glyph(word)}${ownWords(say, `word.${word}`)}</b> `;
}

export function noteList({ say, people }: Section): Html | null {
  if (!people || people.notes.length === 0) return null;
  return html`<section class="notes"><h3>${ownWords(say, 'notes')}</h3><ul>
${people.notes.slice(0, maxDrawn).map(({ text, by, at }) => html`<li>${writing(text)}<p class="quiet">${byline(by, at)}</p></li>`)}</ul></section>`;
}

/** As it was written, line by line. */
function writing(text: string): Html[] {
  return text.split(/\r?\n/).map((line) => html`<p class="said">${shown(line, 5000)}</p>`);
}

function byline(by: PeopleSaid['notes'][number]['by'], at: string): Html {
  return html`${by === null ? null : html`${shown(by.name, 200)} · `}<time datetime="${at}">${at.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

import type { Place, Signal } from '../../../contract/screening.ts';
import { type Html, html, shown } from './html.ts';
import { clock, count, hex } from './numbers.ts';
import type { Section } from './section.ts';
import { ownWords } from './words.ts';

/** Every way in which the record says where a signal sits, one list item each; null when it is about the whole file. */
export function whereList(section: Section, place: Place | null): Html | null {
  if (place === null) return null;
  const { lang, say } = section;
  const items: Html[] = [];
  if (place.path !== undefined) items.push(html`<li><span class="path">${shown(place.path, 200)}</span></li>`);
  if (place.location !== undefined && place.location !== place.path)
    items.push(html`<li>${ownWords(say, 'where.location')} <code>${shown(place.location, 100)}</code></li>`);
  if (place.offset !== undefined)
    items.push(
      html`<li>${ownWords(say, place.length === undefined ? 'where.byte' : 'where.bytes', {
        offset: count(lang, place.offset),
        hex: hex(place.offset),
        length: count(lang, place.length ?? 0),
      })}</li>`,
    );
  if (place.fromMs !== undefined)
    items.push(
      html`<li>${place.toMs === undefined ? ownWords(say, 'where.time', { at: clock(place.fromMs, true) }) : ownWords(say, 'where.span', { from: clock(place.fromMs, true), to: clock(place.toMs, true) })}</li>`,
    );
  if (place.frame !== undefined)
    items.push(html`<li>${ownWords(say, 'where.frame', { number: count(lang, place.frame + 1) })}</li>`);
  if (place.box !== undefined) {
    const [x, y, width, height] = place.box.map((value) => count(lang, value));
    items.push(
      html`<li>${ownWords(say, 'where.box', { x: x ?? '', y: y ?? '', width: width ?? '', height: height ?? '' })}</li>`,
    );
  }
  return items.length === 0 ? null : html`<ul class="where">${items}</ul>`;
}

/** The shortest useful answer to "where?", for tight places. */
export function whereInOneLine(signal: Signal): Html | null {
  const place = signal.place;
  if (place === null) return null;
  const name = place.path ?? place.location;
  if (name !== undefined) return html` · <span class="path">${shown(name, 80)}</span>`;
  if (place.fromMs !== undefined) return html` · ${clock(place.fromMs)}`;
  if (place.offset !== undefined) return html` · ${hex(place.offset)}`;
  return null;
}

import { type Html, html } from './html.ts';
import { clock } from './numbers.ts';
import type { Section } from './section.ts';
import { ownWords } from './words.ts';

/**
 * Stills of the media, blurred and grey until the reader asks: what is on them may be synthetic, cruel or both.
 * Stills only: the original never travels with the report.
 */
export function thumbnailStrip(section: Section): Html | null {
  const { say } = section;
  const thumbnails = (section.exhibits?.thumbnails ?? []).filter(({ jpegBase64 }) => base64.test(jpegBase64));
  if (thumbnails.length === 0) return null;
  return html`<section class="stills" aria-label="${ownWords(say, 'stills')}">
<div class="strip${thumbnails.length === 1 ? ' alone' : ''}" tabindex="0" role="region" aria-label="${ownWords(say, 'stills')}">${thumbnails.map(
    ({ atMs, width, height, jpegBase64 }, index) => {
      const name =
        atMs === null
          ? ownWords(say, 'still', { number: index + 1 })
          : ownWords(say, 'still.at', { number: index + 1, at: clock(atMs) });
      return html`<figure><span class="frame"><img loading="lazy" decoding="async" width="${side(width)}" height="${side(height)}" alt="${name}" src="data:image/jpeg;base64,${jpegBase64}"></span>${atMs === null ? null : html`<figcaption>${clock(atMs)}</figcaption>`}</figure>`;
    },
  )}</div>
<p class="reveal"><button type="button" data-reveal aria-pressed="false" data-shown="${ownWords(say, 'stills.hide')}" data-hidden="${ownWords(say, 'stills.show')}">${ownWords(say, 'stills.show')}</button> <span class="quiet">${ownWords(say, 'stills.why')}</span></p>
</section>`;
}

/** Anything else could end the attribute or name another place to load from. */
export const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

function side(pixels: number): number {
  return Number.isFinite(pixels) ? Math.min(640, Math.max(1, Math.round(pixels))) : 1;
}

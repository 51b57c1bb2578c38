import { type Html, html } from './html.ts';
import type { Section } from './section.ts';
import { ownWords } from './words.ts';

/** A picture with its name, a way to take it along as SVG, and the figures behind it. */
export function chart(
  section: Section,
  parts: { kind: 'timeline' | 'map' | 'tree'; picture: Html; about: Html | string; table: Html | null },
): Html {
  const { say } = section;
  return html`<figure class="chart chart-${parts.kind}"><figcaption><h3>${ownWords(say, `chart.${parts.kind}`)}</h3><span class="hint">${parts.about}</span><button type="button" class="small" data-svg="${parts.kind}">${ownWords(say, 'chart.export')}</button></figcaption>
${parts.picture}
${parts.table === null ? null : html`<details class="fold"><summary>${ownWords(say, 'chart.table')}</summary><div class="scroll">${parts.table}</div></details>`}
</figure>`;
}

/** A position 0…1 as the percentage that SVG geometry takes, so that pictures stretch while their lettering does not. */
export function at(share: number): string {
  return `${(Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * 100).toFixed(3).replace(/\.?0+$/, '')}%`;
}

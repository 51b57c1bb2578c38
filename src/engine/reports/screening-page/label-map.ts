import type { Signal } from '../../../contract/screening.ts';
import { at, chart } from './chart.ts';
import { shapeOf } from './glyphs.ts';
import { type Html, html, shown } from './html.ts';
import { bytes, count, hex } from './numbers.ts';
import { badge, maxDrawn, type Section } from './section.ts';
import { ownWords } from './words.ts';

interface Mark {
  signal: Signal;
  number: number;
  offset: number;
  length: number;
}

/** A run of marks that stand close together in the file. */
interface Cluster {
  from: number;
  to: number;
  marks: Mark[];
}

/**
 * The whole file as one bar with a mark where each label, manifest or trace sits, and below it a lens on every crowded stretch:
 * labels huddle in the first kilobytes of files that are a thousand times longer. Null when no signal has a byte position.
 */
export function labelMap(section: Section): Html | null {
  const { record, lang, say } = section;
  const size = record.file.bytes;
  const marks = marksOf(section);
  if (size === null || size <= 0 || marks.length === 0) return null;
  const clusters = clustersOf(marks, size);
  const lenses =
    clusters.length <= 4 ? clusters.map((cluster, index) => ({ cluster, ...lensRange(cluster, size), index })) : [];
  const gap = 0.03;
  const lensWidth = lenses.length === 0 ? 1 : (1 - gap * (lenses.length - 1)) / lenses.length;
  const picture = html`<svg class="map" width="100%" height="${lenses.length > 0 ? 148 : 54}" role="img" aria-label="${ownWords(say, 'map.label', { marks: marks.length, size: bytes(lang, size) })}">
<rect class="file-bar" x="0" y="16" width="100%" height="20" rx="2"/>
<text class="tick-name" x="0" y="10">0</text><text class="tick-name" x="100%" y="10" text-anchor="end">${bytes(lang, size)}</text>
${marks.map((mark) => html`<rect class="mark m-${mark.signal.strength}" x="${at(mark.offset / size)}" y="16" width="${at(mark.length / size)}" height="20"/>`)}
${lenses.map(({ cluster, from, to, index }) => {
  const left = index * (lensWidth + gap);
  const inside = (offset: number) => left + ((offset - from) / (to - from)) * lensWidth;
  return html`<line class="guide" x1="${at(from / size)}" y1="36" x2="${at(left)}" y2="72"/><line class="guide" x1="${at(to / size)}" y1="36" x2="${at(left + lensWidth)}" y2="72"/>
<rect class="lens" x="${at(left)}" y="72" width="${at(lensWidth)}" height="34" rx="2"/>
${cluster.marks.map((mark) => html`<rect class="mark m-${mark.signal.strength}" x="${at(inside(mark.offset))}" y="72" width="${at((mark.length / (to - from)) * lensWidth)}" height="34"><title>${mark.number} · ${hex(mark.offset)}</title></rect>`)}
${badgesOf(cluster.marks, inside).map(({ x, marks: together }) => html`<text class="mark-number" x="${at(x)}" y="122" text-anchor="middle">${together.map((mark) => html`<tspan class="shape-${mark.signal.strength}">${shapeOf[mark.signal.strength]}</tspan>${mark.number} `)}</text>`)}
<text class="tick-name" x="${at(left)}" y="142">${hex(from)}</text><text class="tick-name" x="${at(left + lensWidth)}" y="142" text-anchor="end">${hex(to)}</text>`;
})}
</svg>`;
  return chart(section, { kind: 'map', picture, about: ownWords(say, 'map.about'), table: markTable(section, marks) });
}

function marksOf(section: Section): Mark[] {
  const size = section.record.file.bytes ?? 0;
  return section.signals
    .flatMap((signal, position) => {
      const offset = signal.place?.offset;
      if (offset === undefined || offset > size) return [];
      return [{ signal, number: position + 1, offset, length: Math.min(signal.place?.length ?? 0, size - offset) }];
    })
    .slice(0, maxDrawn)
    .toSorted((a, b) => a.offset - b.offset || b.length - a.length);
}

/** Marks less than a twentieth of the file apart belong together. */
function clustersOf(marks: readonly Mark[], size: number): Cluster[] {
  const clusters: Cluster[] = [];
  for (const mark of marks) {
    const last = clusters.at(-1);
    const end = mark.offset + mark.length;
    if (last && mark.offset - last.to < size / 20) {
      last.to = Math.max(last.to, end);
      last.marks.push(mark);
    } else clusters.push({ from: mark.offset, to: end, marks: [mark] });
  }
  return clusters;
}

/** A little air on both sides of the marks, within the file. */
function lensRange(cluster: Cluster, size: number): { from: number; to: number } {
  const air = Math.max(16, Math.round((cluster.to - cluster.from) * 0.15));
  return { from: Math.max(0, cluster.from - air), to: Math.min(size, cluster.to + air) };
}

/** Shape and number under each mark; marks at the same spot share one line. */
function badgesOf(marks: readonly Mark[], inside: (offset: number) => number): Array<{ x: number; marks: Mark[] }> {
  const badges: Array<{ x: number; marks: Mark[] }> = [];
  for (const mark of marks) {
    const x = Math.min(0.97, Math.max(0.03, inside(mark.offset + mark.length / 2)));
    const last = badges.at(-1);
    if (last && x - last.x < 0.07) last.marks.push(mark);
    else badges.push({ x, marks: [mark] });
  }
  return badges;
}

function markTable(section: Section, marks: readonly Mark[]): Html {
  const { lang, say } = section;
  return html`<table><thead><tr><th scope="col">${ownWords(say, 'signal')}</th><th scope="col">${ownWords(say, 'table.place')}</th><th scope="col">${ownWords(say, 'table.offset')}</th><th scope="col">${ownWords(say, 'table.length')}</th></tr></thead><tbody>${marks.map(
    (mark) =>
      html`<tr><td>${badge(section, mark.number)}</td><td>${shown(mark.signal.place?.path ?? mark.signal.place?.location ?? '', 120)}</td><td class="number">${count(lang, mark.offset)} <code>${hex(mark.offset)}</code></td><td class="number">${count(lang, mark.length)}</td></tr>`,
  )}</tbody></table>`;
}

import type { Signal, Strength } from '../../../contract/screening.ts';
import { strengths } from '../../../contract/strengths.ts';
import { at, chart } from './chart.ts';
import { shapeOf } from './glyphs.ts';
import { cut, type Html, html, plain } from './html.ts';
import { clock, clockTick, count } from './numbers.ts';
import { badge, maxDrawn, type Section } from './section.ts';
import { base64 } from './thumbnails.ts';
import { ownWords, sentenceText } from './words.ts';

/** More would be a wall, not a picture. */
const maxLanes = 24;

interface Span {
  fromMs: number;
  /** Null: a moment. */
  toMs: number | null;
  strength: Strength;
}

interface Lane {
  signal: Signal;
  number: number;
  spans: Span[];
}

/** Sound, stills and every signal that has a time, on one axis. Null for media without time. */
export function timeline(section: Section): Html | null {
  const { record, exhibits, say } = section;
  const durationMs =
    record.media?.durationMs ?? exhibits?.waveform?.durationMs ?? exhibits?.spectrogram?.durationMs ?? 0;
  if (!(durationMs > 0)) return null;
  const lanes = lanesOf(section).slice(0, maxLanes);
  const rows: Array<{ height: number; draw: (top: number) => Html }> = [];

  const stills = (exhibits?.thumbnails ?? []).flatMap(({ atMs }) => (atMs === null ? [] : [atMs])).slice(0, maxDrawn);
  if (stills.length > 0)
    rows.push({
      height: 34,
      draw: (top) =>
        html`${laneName(ownWords(say, 'timeline.stills'), top)}${stills.map((ms) => html`<rect class="still" x="${at(ms / durationMs)}" y="${top + 17}" width="3" height="12" rx="1"/>`)}`,
    });

  const waveform = exhibits?.waveform;
  if (waveform && waveform.min.length > 0 && waveform.durationMs > 0)
    rows.push({
      height: 84,
      draw: (top) =>
        html`${laneName(ownWords(say, 'timeline.waveform'), top)}<line class="axis" x1="0" x2="100%" y1="${top + 48}" y2="${top + 48}"/><svg x="0" y="${top + 18}" width="${at(waveform.durationMs / durationMs)}" height="60" viewBox="0 -1 ${waveform.min.length} 2" preserveAspectRatio="none"><path class="wave" d="${wavePath(waveform.min, waveform.max)}"/></svg>`,
    });

  const spectrogram = exhibits?.spectrogram;
  if (spectrogram && base64.test(spectrogram.pngBase64) && spectrogram.durationMs > 0) {
    const top = `${(spectrogram.maxHz / 1000).toLocaleString('en-GB', { maximumFractionDigits: 1 })} kHz`;
    const filter = `${section.id}-colours`;
    rows.push({
      height: 126,
      draw: (y) =>
        html`${laneName(ownWords(say, 'timeline.spectrogram'), y)}<filter id="${filter}" color-interpolation-filters="sRGB" x="0" y="0" width="1" height="1">${soundColours}</filter><svg x="0" y="${y + 18}" width="${at(spectrogram.durationMs / durationMs)}" height="100"><image width="100%" height="100%" preserveAspectRatio="none" filter="url(#${filter})" href="data:image/png;base64,${spectrogram.pngBase64}"/><text class="on-dark" x="4" y="12">${top}</text><text class="on-dark" x="4" y="95">0</text></svg>`,
    });
  }

  for (const lane of lanes)
    rows.push({
      height: 38,
      draw: (top) =>
        html`${laneName(`${lane.number} · ${cut(plain(sentenceText(say, `signal.${lane.signal.code}`, lane.signal.params)), 64)}`, top)}<line class="lane" x1="0" x2="100%" y1="${top + 25}" y2="${top + 25}"/>${lane.spans.map((span) => spanMark(section, span, durationMs, top))}`,
    });
  if (rows.length === 0) return null;

  const axisHeight = 22;
  const height = rows.reduce((sum, row) => sum + row.height, axisHeight);
  const { stepMs, ticks } = ticksFor(durationMs);
  let top = axisHeight;
  const picture = html`<svg class="timeline" width="100%" height="${height}" role="img" aria-label="${ownWords(say, 'timeline.label', { duration: clock(durationMs), lanes: lanes.length })}">
${ticks.map((ms) => html`<line class="tick" x1="${at(ms / durationMs)}" x2="${at(ms / durationMs)}" y1="14" y2="${height}"/><text class="tick-name" x="${at(ms / durationMs)}" y="10" text-anchor="${ms === 0 ? 'start' : ms > durationMs * 0.96 ? 'end' : 'middle'}">${clockTick(ms, stepMs)}</text>`)}
${rows.map((row) => {
  const drawn = row.draw(top);
  top += row.height;
  return html`<g>${drawn}</g>`;
})}
</svg>`;
  return chart(section, {
    kind: 'timeline',
    picture,
    about: sampledWords(section) ?? '',
    table: spanTable(section, lanes),
  });
}

/** What was looked at, in words: an officer must not read more into a screening than was screened. */
export function sampledWords(section: Section): string | null {
  const { lang, say, record } = section;
  if (record.media === null) return null;
  const { frames, framePick, audioMs, whole } = record.media.sampled;
  const parts: string[] = [];
  if (framePick === 'whole-image') parts.push(ownWords(say, 'sampled.whole-image'));
  else if (frames > 0) {
    const what = framePick === 'key-frames' ? 'key-frame' : 'frame';
    parts.push(
      ownWords(say, frames === 1 ? `sampled.one-${what}` : `sampled.${what}s`, { number: count(lang, frames) }),
    );
  }
  if (audioMs > 0) {
    const durationMs = record.media.durationMs;
    const all = whole || (durationMs !== null && audioMs >= durationMs - 100);
    parts.push(ownWords(say, all ? 'sampled.all-audio' : 'sampled.audio', { length: lengthWords(section, audioMs) }));
  }
  if (parts.length === 0) return ownWords(say, 'sampled.nothing');
  return ownWords(say, 'sampled', { what: parts.join(ownWords(say, 'list.and')) });
}

function lengthWords({ lang, say }: Section, milliseconds: number): string {
  return milliseconds < 120_000
    ? ownWords(say, 'seconds', { number: count(lang, milliseconds / 1000) })
    : ownWords(say, 'minutes', { clock: clockTick(milliseconds, 1000) });
}

/** Grey −90…0 dB to night blue, bronze-green, straw. Same in both themes, so that two reports can be compared. */
const soundColours = html`<feComponentTransfer><feFuncR type="table" tableValues="0.06 0.09 0.15 0.45 0.86 1"/><feFuncG type="table" tableValues="0.08 0.17 0.42 0.66 0.80 0.98"/><feFuncB type="table" tableValues="0.11 0.25 0.40 0.47 0.52 0.86"/></feComponentTransfer>`;

/** A signal's own place, or the spans that its evidence lists (`spans: [{ fromMs, toMs, strength? }]`). */
function lanesOf(section: Section): Lane[] {
  return section.signals.flatMap((signal, position) => {
    const listed = spansInEvidence(signal);
    const own =
      signal.place?.fromMs === undefined
        ? []
        : [{ fromMs: signal.place.fromMs, toMs: signal.place.toMs ?? null, strength: signal.strength }];
    const spans = listed.length > 0 ? listed : own;
    return spans.length === 0 ? [] : [{ signal, number: position + 1, spans }];
  });
}

function spansInEvidence(signal: Signal): Span[] {
  const evidence = signal.evidence;
  if (typeof evidence !== 'object' || evidence === null || Array.isArray(evidence)) return [];
  const listed = evidence['spans'];
  if (!Array.isArray(listed)) return [];
  return listed.slice(0, maxDrawn).flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return [];
    const { fromMs, toMs, strength } = entry;
    if (typeof fromMs !== 'number' || !(fromMs >= 0)) return [];
    const known = strengths.find((word) => word === strength);
    return [
      { fromMs, toMs: typeof toMs === 'number' && toMs >= fromMs ? toMs : null, strength: known ?? signal.strength },
    ];
  });
}

/** Colour, shape and, on hover and in the table, the word: colour alone would not tell everyone. */
function spanMark(section: Section, span: Span, durationMs: number, top: number): Html {
  const x = at(span.fromMs / durationMs);
  const when = span.toMs === null ? clock(span.fromMs, true) : `${clock(span.fromMs, true)}–${clock(span.toMs, true)}`;
  const share = span.toMs === null ? 0 : (Math.min(span.toMs, durationMs) - span.fromMs) / durationMs;
  const shape =
    share < 0.03
      ? null
      : html`<text class="span-shape" x="${at(span.fromMs / durationMs + share / 2)}" y="${top + 28.5}" text-anchor="middle">${shapeOf[span.strength]}</text>`;
  return html`<rect class="span s-${span.strength}" x="${x}" y="${top + 19}" width="${span.toMs === null ? '2' : at(share)}" height="12" rx="1.5"><title>${when} · ${ownWords(section.say, `word.${span.strength}`)}</title></rect>${shape}`;
}

function laneName(name: string, top: number): Html {
  return html`<text class="lane-name" x="0" y="${top + 12}">${name}</text>`;
}

/** Peaks as one closed outline, one unit a span, upside up. */
export function wavePath(min: readonly number[], max: readonly number[]): string {
  const n = Math.min(min.length, max.length, 1000);
  const y = (value: number | undefined) => (-Math.min(1, Math.max(-1, value ?? 0))).toFixed(3).replace(/\.?0+$/, '');
  const upper = Array.from({ length: n }, (_, index) => `${index} ${y(max[index])}`);
  const lower = Array.from({ length: n }, (_, index) => `${n - 1 - index} ${y(min[n - 1 - index])}`);
  return `M${upper.join('L')}L${lower.join('L')}Z`;
}

function ticksFor(durationMs: number): { stepMs: number; ticks: number[] } {
  const steps = [
    100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000,
  ];
  const stepMs = steps.find((step) => durationMs / step <= 7) ?? Math.ceil(durationMs / 7 / 3_600_000) * 3_600_000;
  return { stepMs, ticks: Array.from({ length: Math.floor(durationMs / stepMs) + 1 }, (_, index) => index * stepMs) };
}

function spanTable(section: Section, lanes: readonly Lane[]): Html | null {
  const { say } = section;
  if (lanes.length === 0) return null;
  return html`<table><thead><tr><th scope="col">${ownWords(say, 'signal')}</th><th scope="col">${ownWords(say, 'table.from')}</th><th scope="col">${ownWords(say, 'table.to')}</th><th scope="col">${ownWords(say, 'strength')}</th></tr></thead><tbody>${lanes.flatMap(
    (lane) =>
      lane.spans.map(
        (span) =>
          html`<tr><td>${badge(section, lane.number)}</td><td class="number">${clock(span.fromMs, true)}</td><td class="number">${span.toMs === null ? '–' : clock(span.toMs, true)}</td><td>${ownWords(say, `word.${span.strength}`)}</td></tr>`,
      ),
  )}</tbody></table>`;
}

import { type Html, html, shown } from './html.ts';
import { bytes, clock, count } from './numbers.ts';
import { maxDrawn, type Section } from './section.ts';
import { sampledWords } from './timeline.ts';
import { ownWords, sentence } from './words.ts';

const severityGlyphs = { info: 'ℹ', warning: '⚠', error: '✗' } as const;

/** What a person must know about the examination itself; a missing sandbox is one of these things. */
export function findingList(section: Section): Html | null {
  const { say, record } = section;
  const loud = record.isolation === 'limits-only';
  if (record.findings.length === 0 && !loud) return null;
  const order = { error: 0, warning: 1, info: 2 } as const;
  const sorted = record.findings.toSorted((a, b) => order[a.severity] - order[b.severity]).slice(0, maxDrawn);
  return html`<section class="findings"><h3>${ownWords(say, 'findings')}</h3><ul>
${loud ? html`<li class="f-warning"><span class="severity">⚠ ${ownWords(say, 'severity.warning')}</span> ${ownWords(say, 'isolation.limits-only')}</li>` : null}
${sorted.map(
  (finding) =>
    html`<li class="f-${finding.severity}"><span class="severity">${severityGlyphs[finding.severity]} ${ownWords(say, `severity.${finding.severity}`)}</span> <span>${sentence(say, `finding.${finding.code}`, finding.params)} <code class="quiet">${shown(finding.stage, 40)} · ${shown(finding.code, 80)}</code></span></li>`,
)}</ul></section>`;
}

/** Name, hash, size, format, streams, and with what all this was found. */
export function factList(section: Section): Html {
  const { say, lang, record } = section;
  const { file, media, versions } = record;
  const row = (key: string, value: Html | string | null) =>
    value === null ? null : html`<dt>${ownWords(say, key)}</dt><dd>${value}</dd>`;
  const sampled = sampledWords(section);
  return html`<section class="facts"><h3>${ownWords(say, 'facts')}</h3><dl class="points">
${row('facts.name', html`<span class="path">${shown(file.name, 1000)}</span>`)}
${row('facts.sha256', file.sha256 === null ? ownWords(say, 'facts.no-hash') : html`<code class="hash">${file.sha256}</code> <button type="button" class="small" data-copy="previous">${ownWords(say, 'copy')}</button>`)}
${row('facts.size', file.bytes === null ? ownWords(say, 'unknown') : `${bytes(lang, file.bytes)} (${ownWords(say, 'bytes', { number: count(lang, file.bytes) })})`)}
${row('facts.format', file.format === null ? ownWords(say, 'facts.no-format') : html`${ownWords(say, `kind.${file.kind ?? 'document'}`)} · <code>${file.format}</code>`)}
${row('facts.duration', media?.durationMs == null ? null : clock(media.durationMs, true))}
${row('facts.picture', media?.width == null || media.height === null ? null : `${media.width} × ${media.height}`)}
${row('facts.streams', media === null || media.streams.length === 0 ? null : html`<ul class="plain">${media.streams.slice(0, 32).map((stream) => html`<li>${streamWords(section, stream)}</li>`)}</ul>`)}
${row('facts.sampled', sampled)}
${row('facts.fingerprint', media?.audioFingerprint == null ? null : html`<code class="hash">${shown(media.audioFingerprint, 64)}</code>`)}
${row('facts.isolation', ownWords(say, `isolation.${record.isolation}`))}
</dl>
<details class="fold"><summary>${ownWords(say, 'versions')}</summary><dl class="points">
${row('versions.clearmirror', html`<code>${shown(versions.clearmirror, 60)}</code>`)}
${row('versions.rule', html`<code>${shown(versions.verdictRule, 60)}</code>`)}
${row(
  'versions.tools',
  pinned(
    section,
    Object.entries(versions.tools).map(([id, version]) => ({ id, version, sha256: null })),
  ),
)}
${row('versions.models', pinned(section, versions.models))}
${row('versions.trust-lists', pinned(section, versions.trustLists))}
</dl></details>
<details class="fold raw" data-raw><summary>${ownWords(say, 'raw')}</summary><p><button type="button" class="small" data-copy="record">${ownWords(say, 'copy')}</button> <button type="button" class="small" data-download>${ownWords(say, 'raw.download')}</button></p><pre tabindex="0"></pre></details>
</section>`;
}

function streamWords(section: Section, stream: NonNullable<Section['record']['media']>['streams'][number]): Html {
  const { say, lang } = section;
  const figures = [
    stream.width === undefined || stream.height === undefined ? null : `${stream.width} × ${stream.height}`,
    stream.frameRate === undefined
      ? null
      : ownWords(say, 'stream.frames', { rate: stream.frameRate.toFixed(2).replace(/\.?0+$/, '') }),
    stream.sampleRateHz === undefined ? null : `${count(lang, stream.sampleRateHz)} Hz`,
    stream.channels === undefined ? null : ownWords(say, 'stream.channels', { number: stream.channels }),
  ].filter((figure) => figure !== null);
  return html`${ownWords(say, `stream.${stream.kind}`)} · <code>${shown(stream.codec, 60)}</code>${figures.map((figure) => ` · ${figure}`)}`;
}

function pinned(
  section: Section,
  parts: ReadonlyArray<{ id: string; version: string; sha256: string | null }>,
): Html | string {
  if (parts.length === 0) return ownWords(section.say, 'versions.none');
  return html`<ul class="plain">${parts
    .slice(0, maxDrawn)
    .map(
      ({ id, version, sha256 }) =>
        html`<li>${shown(id, 80)} <code>${shown(version, 80)}</code>${sha256 === null ? null : html` <code class="hash quiet" title="${sha256}">${shown(sha256, 16)}</code>`}</li>`,
    )}</ul>`;
}

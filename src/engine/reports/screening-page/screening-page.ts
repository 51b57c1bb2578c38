import { createHash } from 'node:crypto';
import type { Exhibits, ScreeningRecord } from '../../../contract/screening.ts';
import english from '../../../contract/words/report.en.json' with { type: 'json' };
import chinese from '../../../contract/words/report.zh.json' with { type: 'json' };
import type { Say } from '../../../contract/words.ts';
import { factList, findingList } from './facts.ts';
import { type FileWord, fileWord, fileWords, glyph, glyphSheet, mark } from './glyphs.ts';
import { embeddedJson, Html, html, plain, shown } from './html.ts';
import { labelMap } from './label-map.ts';
import { bytes, count } from './numbers.ts';
import { noteList, overrideBlock, overrideInRow } from './people.ts';
import { provenanceTrees } from './provenance-tree.ts';
import { script } from './script.ts';
import { type PeopleSaid, type Section, signalsInOrder } from './section.ts';
import { signalList } from './signals.ts';
import { style } from './style.ts';
import { thumbnailStrip } from './thumbnails.ts';
import { timeline } from './timeline.ts';
import { verdictBlock } from './verdict.ts';
import { brief, type Lang, ownWords, sentence } from './words.ts';

/**
 * The report as one file that loads nothing: `pageHead`, then one `fileSection` a record as it comes, then `pageFoot`.
 * Each part stands alone, so a writer can stream a folder of any size; a page whose foot never came still works and says so.
 * Everything in a record comes from strangers: it is escaped, and the policy in the head lets only our own style and script run.
 */
export function pageHead({ lang, generatedBy }: { lang: Lang; generatedBy: string }): string {
  const words: Readonly<Record<string, string>> = lang === 'zh' ? chinese : english;
  const say = (key: string) => words[`report.${key}`] ?? key;
  const uiWords = Object.fromEntries(
    Object.entries(words)
      .filter(([key]) => key.startsWith('report.ui.'))
      .map(([key, text]) => [key.slice('report.ui.'.length), text]),
  );
  const policy = `default-src 'none'; img-src data:; style-src '${hashOf(style)}'; script-src '${hashOf(script)}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' fill='none' stroke='%232f6f62'%3E%3Ccircle cx='8' cy='8' r='7' stroke-width='1.6'/%3E%3Ccircle cx='8' cy='8' r='4.2' stroke-width='.9'/%3E%3Ccircle cx='8' cy='8' r='1.7' fill='%232f6f62' stroke='none'/%3E%3C/svg%3E">
<title>${say('title')} · Clearmirror 明鉴</title>
<style>${new Html(style)}</style>
<script type="application/json" id="ui-words">${embeddedJson(uiWords)}</script>
<script>${new Html(script)}</script>
</head>
<body>
${glyphSheet}
<a class="skip" href="#files">${say('skip')}</a>
<header class="masthead"><p class="name">${mark}<b>Clearmirror 明鉴</b></p><h1>${say('title')}</h1><p class="quiet">${say('made-with')} ${shown(generatedBy)}</p></header>
<div class="bar" id="bar" role="search" hidden>
<div class="chips" id="chips" role="group" aria-label="${say('bar.filter')}">${fileWords.map(
    (word) =>
      html`<button type="button" class="chip" data-filter="${word}" aria-pressed="false" hidden>${glyph(word)}<span>${say(`word.${word}`)}</span> <b></b></button>`,
  )}<button type="button" class="chip" data-filter="conflict" aria-pressed="false" hidden><svg class="glyph" viewBox="0 0 16 16" aria-hidden="true"><use href="#g-conflict"/></svg><span>${say('conflict.short')}</span> <b></b></button></div>
<div class="tools"><input type="search" id="search" autocomplete="off" spellcheck="false" placeholder="${say('bar.search')}" aria-label="${say('bar.search')}">
<label>${say('bar.sort')} <select id="sort"><option value="order">${say('sort.order')}</option><option value="rank">${say('sort.rank')}</option><option value="conflicts">${say('sort.conflicts')}</option><option value="name">${say('sort.name')}</option><option value="bytes">${say('sort.bytes')}</option></select></label>
<output id="count" aria-live="polite"></output>
<span class="keys" aria-hidden="true"><kbd>J</kbd> <kbd>K</kbd> ${say('keys.move')} <kbd>↵</kbd> ${say('keys.open')} <kbd>/</kbd> ${say('keys.search')}</span></div>
<div class="heads" aria-hidden="true"><span>${say('verdict')}</span><span>${say('head.file')}</span><span class="c-why">${say('head.why')}</span><span></span><span>${say('propagation')}</span><span>${say('facts.format')}</span><span>${say('facts.size')}</span></div>
</div>
<main id="files">
`.markup;
}

/**
 * One file: a row that opens. `index` is the file's position in the report and makes its ids unique. `exhibits` may be null; `people`
 * says what they decided and noted.
 * `say` knows `report.*` and the codes of signals, checks, findings, conflicts and verdicts; a code it does not know is shown as the code.
 */
export function fileSection({
  lang,
  record,
  exhibits,
  people = null,
  index,
  say,
}: {
  lang: Lang;
  record: ScreeningRecord;
  exhibits: Exhibits | null;
  people?: PeopleSaid | null;
  index: number;
  say: Say;
}): string {
  const section: Section = { lang, say, record, exhibits, people, id: `f${index}`, signals: signalsInOrder(record) };
  const word = fileWord(record);
  const body = bodyOf(section);
  return html`<details class="file" id="f${index}" data-word="${word}" data-rank="${fileWords.indexOf(word)}" data-bytes="${record.file.bytes ?? -1}" data-conflicts="${record.conflicts.length}" data-name="${plain(record.file.name)}" data-text="${searchText(section)}">
${row(section, word)}
${
  index < drawnAtOnce
    ? body
    : html`<script type="text/plain" class="later">${body}</script><noscript><p>${ownWords(say, 'later')}</p></noscript>`
}
<script type="application/json" class="record">${embeddedJson(record)}</script>
</details>
`.markup;
}

/** `counts`: files by `fileWord`. */
export function pageFoot({
  lang,
  counts,
  say,
}: {
  lang: Lang;
  counts: Readonly<Record<string, number>>;
  say: Say;
}): string {
  const total = Object.values(counts).reduce((sum, number) => sum + number, 0);
  return html`</main>
<footer id="end">
<p class="totals">${ownWords(say, 'foot.total', { number: count(lang, total) })}${fileWords
    .filter((word) => (counts[word] ?? 0) > 0)
    .map(
      (word) =>
        html` <span class="total">${glyph(word)}${ownWords(say, `word.${word}`)} <b>${count(lang, counts[word] ?? 0)}</b></span>`,
    )}</p>
<h2>${ownWords(say, 'foot.words')}</h2>
<dl class="legend">${fileWords.map((word) => html`<dt>${glyph(word)}${ownWords(say, `word.${word}`)}</dt><dd>${ownWords(say, `word.${word}.about`)}</dd>`)}</dl>
<p class="quiet">${ownWords(say, 'foot.never')}</p>
</footer>
</body>
</html>
`.markup;
}

/**
 * Sections beyond these lie in the page as text that the script turns into elements when the row is opened: a browser takes
 * seconds for 10,000 rows and minutes for 10,000 bodies. Nothing foreign in a body is unescaped, so no `</script` can end that text.
 */
const drawnAtOnce = 200;

function bodyOf(section: Section): Html {
  const pictures = [thumbnailStrip(section), timeline(section), labelMap(section), ...provenanceTrees(section)].filter(
    (picture) => picture !== null,
  );
  return html`<div class="body">
<h2 class="sr">${shown(section.record.file.name)}</h2>
<div class="lead">${verdictBlock(section)}${overrideBlock(section)}${noteList(section)}</div>
<div class="columns${pictures.length === 0 ? ' single' : ''}">${pictures.length === 0 ? null : html`<div class="pictures">${pictures}</div>`}
<div class="words">${findingList(section)}${signalList(section)}</div></div>
${factList(section)}
</div>`;
}

function row(section: Section, word: FileWord): Html {
  const { say, lang, record } = section;
  const { file, propagation, conflicts } = record;
  return html`<summary class="row"><span class="c-word">${glyph(word)}<span>${ownWords(say, `word.${word}`)}</span></span><span class="c-name">${nameParts(file.name)}</span><span class="c-why">${overrideInRow(section)}${reason(section)}</span><span class="c-flag">${conflicts.length === 0 ? null : html`<svg class="glyph" viewBox="0 0 16 16" aria-hidden="true"><use href="#g-conflict"/></svg><span>${ownWords(say, 'conflict.short')}</span>`}</span><span class="c-status">${propagation.status === 'none' ? null : html`<span class="sr">${ownWords(say, 'propagation')} </span>${sentence(say, `propagation.${propagation.status}`)}`}</span><span class="c-format">${file.format ?? '–'}</span><span class="c-size">${file.bytes === null ? '–' : bytes(lang, file.bytes)}</span></summary>`;
}

/** The file's own name first: in a narrow column the folders before it would hide it. */
function nameParts(name: string): Html {
  const slash = name.lastIndexOf('/');
  const own = name.slice(slash + 1);
  if (slash < 0 || own === '') return shown(name, 200);
  return html`${shown(own, 200)} <span class="folder">${shown(name.slice(0, slash + 1), 200)}</span>`;
}

/** What carried the verdict; else the first thing that went wrong; else what was found; else the verdict's own sentence. */
function reason({ record, say }: Section): Html {
  const carrier = record.signals.find((signal) => record.verdict.because.includes(signal.id));
  const wrong =
    record.findings.find(({ severity }) => severity === 'error') ??
    (record.signals.length === 0 ? record.findings.find(({ severity }) => severity === 'warning') : undefined);
  const signal = carrier ?? (wrong === undefined ? record.signals[0] : undefined);
  if (signal !== undefined) return brief(say, signal.code, signal.params);
  if (wrong !== undefined) return sentence(say, `finding.${wrong.code}`, wrong.params);
  return sentence(say, `verdict.${record.verdict.code}`);
}

/** What the search box looks through: name, hash and codes, without case. */
function searchText({ record }: Section): string {
  const parts = [
    record.file.name,
    record.file.sha256 ?? '',
    record.file.format ?? '',
    record.verdict.code,
    ...record.conflicts.map(({ code }) => code),
    ...record.signals.slice(0, 40).flatMap(({ method, code }) => [method, code]),
    ...record.findings.slice(0, 40).map(({ code }) => code),
  ];
  return plain([...new Set(parts)].join(' ').toLowerCase()).slice(0, 2000);
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

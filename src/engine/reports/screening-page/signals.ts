import type { Check, ErrorRate, Signal } from '../../../contract/screening.ts';
import { layers } from '../../../contract/screening.ts';
import type { Say } from '../../../contract/words.ts';
import { glyph } from './glyphs.ts';
import { type Html, html, prettyJson, shown } from './html.ts';
import { count, interval, percent } from './numbers.ts';
import { maxDrawn, type Section } from './section.ts';
import { whereList } from './where.ts';
import { ownWords, sentence } from './words.ts';

/** Every signal, grouped by layer; layers that said nothing are named at the end, because silence is not an acquittal. */
export function signalList(section: Section): Html {
  const { say } = section;
  const silent = layers.filter((layer) => !section.signals.some((signal) => signal.layer === layer));
  return html`<section class="signals" aria-label="${ownWords(say, 'signals')}">
${layers
  .filter((layer) => !silent.includes(layer))
  .map(
    (
      layer,
    ) => html`<section class="layer"><h3>${ownWords(say, `layer.${layer}`)} <span class="hint">${ownWords(say, `layer.${layer}.about`)}</span></h3>
${section.signals.map((signal, position) => (signal.layer === layer ? signalCard(section, signal, position + 1) : null))}
</section>`,
  )}
${section.record.signals.length > section.signals.length ? html`<p>${ownWords(say, 'signals.more', { number: count(section.lang, section.record.signals.length - section.signals.length) })}</p>` : null}
${
  silent.length === 0
    ? null
    : html`<p class="silent">${ownWords(say, silent.length === layers.length ? 'silent.all' : 'silent', {
        layers: silent.map((layer) => ownWords(say, `layer.${layer}`)).join(ownWords(say, 'list.separator')),
      })}</p>`
}
</section>`;
}

function signalCard(section: Section, signal: Signal, number: number): Html {
  const { say } = section;
  return html`<article class="signal" id="${section.id}-s${number}" tabindex="-1">
<h4><span class="badge">${number}</span>${glyph(signal.strength)}<span class="strength">${ownWords(say, `word.${signal.strength}`)}</span><span class="claim">${ownWords(say, `claim.${signal.claim}`)}</span><code class="method">${shown(signal.method, 80)}</code></h4>
<p class="what">${sentence(say, `signal.${signal.code}`, signal.params)}</p>
<dl class="points">
<dt>${ownWords(say, 'where')}</dt><dd>${whereList(section, signal.place) ?? ownWords(say, 'where.whole')}</dd>
<dt>${ownWords(say, 'wrong')}</dt><dd>${howOftenWrong(section, signal.errorRate)}</dd>
${signal.checks.length === 0 ? null : html`<dt>${ownWords(say, 'checks')}</dt><dd>${checkTotals(section, signal.checks)}${amiss(section, signal.checks)}</dd>`}
</dl>
<details class="fold"><summary>${ownWords(say, 'evidence')}</summary>
${signal.checks.length === 0 ? null : checkTable(section, signal.checks)}
<div class="with-copy"><button type="button" class="small" data-copy="next">${ownWords(say, 'copy')}</button><pre tabindex="0">${prettyJson(signal.evidence)}</pre></div>
</details>
</article>`;
}

function howOftenWrong(section: Section, rate: ErrorRate | null): Html {
  const { say } = section;
  if (rate === null) return html`${ownWords(say, 'wrong.unmeasurable')}`;
  return html`${rateLine(section, 'wrong.false-positive', rate.falsePositive)}${rateLine(section, 'wrong.false-negative', rate.falseNegative)}
<span class="quiet">${ownWords(say, 'wrong.source')} ${shown(rate.source, 1000)}</span>`;
}

function rateLine(section: Section, key: string, rate: ErrorRate['falsePositive']): Html {
  const { lang, say } = section;
  const what = ownWords(say, key);
  if (rate === null)
    return html`<p class="rate"><span>${what}</span> <span class="quiet">${ownWords(say, 'wrong.unknown')}</span></p>`;
  const span = rate.n === null ? null : interval(rate.rate, rate.n);
  const basis =
    span === null || rate.n === null
      ? ownWords(say, 'wrong.bound')
      : ownWords(say, 'wrong.basis', {
          low: percent(lang, span.low),
          high: percent(lang, span.high),
          n: count(lang, rate.n),
        });
  return html`<p class="rate"><span>${what}</span> <b>${percent(lang, rate.rate)}</b> ${dotAndBar(rate.rate, span)} <span class="quiet">${basis}</span></p>`;
}

/** The rate as a dot and its interval as a bar on a scale of 0…100 %. */
function dotAndBar(rate: number, span: { low: number; high: number } | null): Html {
  const x = (share: number) => (2 + share * 96).toFixed(1);
  return html`<svg class="dot-and-bar" viewBox="0 0 100 10" aria-hidden="true"><path class="scale" d="M2 5H98M2 2V8M50 3V7M98 2V8"/>${
    span === null ? null : html`<path class="interval" d="M${x(span.low)} 5H${x(span.high)}"/>`
  }<circle cx="${x(rate)}" cy="5" r="2.6"/></svg>`;
}

const outcomeGlyphs = { pass: '✓', fail: '✗', warn: '⚠' } as const;

function checkTotals(section: Section, checks: readonly Check[]): Html {
  const totals = (['pass', 'fail', 'warn'] as const)
    .map((outcome) => ({ outcome, number: checks.filter((check) => check.outcome === outcome).length }))
    .filter(({ number }) => number > 0);
  return html`${totals.map(
    ({ outcome, number }) =>
      html`<span class="outcome o-${outcome}">${outcomeGlyphs[outcome]} ${count(section.lang, number)} ${ownWords(section.say, `outcome.${outcome}`)}</span> `,
  )}`;
}

/** What did not pass, in sentences: a person who must mend it should not have to open the table. */
function amiss({ say }: Section, checks: readonly Check[]): Html | null {
  const shownChecks = gravestFirst(checks)
    .filter(({ outcome }) => outcome !== 'pass')
    .slice(0, maxAmiss);
  if (shownChecks.length === 0) return null;
  return html`<ul class="plain amiss">${shownChecks.map(
    (check) =>
      html`<li><span class="o-${check.outcome}" aria-hidden="true">${outcomeGlyphs[check.outcome]}</span> ${sentence(say, `check.${check.code}`, { subject: check.subject ?? '' })}${subjectOf(say, check)}</li>`,
  )}</ul>`;
}

const maxAmiss = 6;

function gravestFirst(checks: readonly Check[]): Check[] {
  const order = { fail: 0, warn: 1, pass: 2 } as const;
  return checks.toSorted((a, b) => order[a.outcome] - order[b.outcome]);
}

/** The value in question, unless the sentence holds it already. */
function subjectOf(say: Say, { subject, code }: Check): Html | null {
  if (subject === undefined || mentionsSubject(say, code)) return null;
  return html` <code class="subject">${shown(subject, 200)}</code>`;
}

function checkTable(section: Section, checks: readonly Check[]): Html {
  const { say } = section;
  const sorted = gravestFirst(checks).slice(0, maxDrawn);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${ownWords(say, 'checks')}"><table class="checks"><thead><tr><th scope="col">${ownWords(say, 'check.outcome')}</th><th scope="col">${ownWords(say, 'check.id')}</th><th scope="col">${ownWords(say, 'check.seen')}</th><th scope="col">${ownWords(say, 'check.clause')}</th></tr></thead><tbody>${sorted.map(
    (check) =>
      html`<tr><td class="outcome o-${check.outcome}">${outcomeGlyphs[check.outcome]} ${ownWords(say, `outcome.${check.outcome}`)}</td><td><code>${shown(check.id, 60)}</code></td><td>${sentence(say, `check.${check.code}`, { subject: check.subject ?? '' })}${subjectOf(say, check)}</td><td>${shown(check.clause, 200)}${check.verified ? null : html` <span class="unverified" title="${ownWords(say, 'unverified.about')}">${ownWords(say, 'unverified')}</span>`}</td></tr>`,
  )}</tbody></table></div>`;
}

/** True when the sentence of the check already holds the value in question. */
function mentionsSubject(say: Say, code: string): boolean {
  return say(`check.${code}`, { subject: '1' }) !== say(`check.${code}`, { subject: '2' });
}

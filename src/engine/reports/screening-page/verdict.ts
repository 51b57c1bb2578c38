import type { Conflict } from '../../../contract/screening.ts';
import { fileWord, glyph } from './glyphs.ts';
import { type Html, html, shown } from './html.ts';
import { badge, numberOf, type Section } from './section.ts';
import { whereInOneLine } from './where.ts';
import { ownWords, sentence, wordsFor } from './words.ts';

/** What a person reads first: the verdict in one sentence, what disagrees, what label follows. */
export function verdictBlock(section: Section): Html {
  const { record, say } = section;
  const word = fileWord(record);
  return html`<section class="verdict v-${word}" aria-label="${ownWords(say, 'verdict')}">
<p class="word">${glyph(word)}<span>${ownWords(say, `word.${word}`)}</span></p>
<p class="sentence">${sentence(say, `verdict.${record.verdict.code}`)}</p>
${carriedBy(section, record.verdict.because)}
${propagation(section)}
</section>
${record.conflicts.map((conflict) => conflictBox(section, conflict))}`;
}

function carriedBy(section: Section, ids: readonly string[]): Html | null {
  const numbers = ids.map((id) => numberOf(section, id)).filter((number) => number !== null);
  if (numbers.length === 0) return null;
  return html`<p class="because">${ownWords(section.say, 'because')} ${numbers.map((number) => html`${badge(section, number)} `)}</p>`;
}

function propagation(section: Section): Html {
  const { say } = section;
  const { status, rule, because } = section.record.propagation;
  const numbers = because.map((id) => numberOf(section, id)).filter((number) => number !== null);
  const clause = rule === null ? null : wordsFor(say, `rule.${rule}`);
  return html`<p class="propagation"><span class="term">${ownWords(say, 'propagation')}</span>
<b>${sentence(say, `propagation.${status}`)}</b>
${rule === null ? null : html`<code>${shown(rule, 40)}</code>`} ${clause} ${numbers.map((number) => html`${badge(section, number)} `)}</p>`;
}

/** Both statements side by side, so that the reader sees the contradiction and not our summary of it. */
function conflictBox(section: Section, conflict: Conflict): Html {
  const { say } = section;
  const statements = conflict.signals.flatMap((id) => {
    const number = numberOf(section, id);
    const signal = number === null ? undefined : section.signals[number - 1];
    return number === null || signal === undefined ? [] : [{ number, signal }];
  });
  return html`<section class="conflict">
<h3><svg class="glyph" viewBox="0 0 16 16" aria-hidden="true"><use href="#g-conflict"/></svg>${ownWords(say, 'conflict')}</h3>
<p>${sentence(say, `conflict.${conflict.code}`)}</p>
<div class="statements">${statements.map(
    ({ number, signal }) => html`<div class="statement">
<p class="says">${badge(section, number)} <span>${ownWords(say, `claim.${signal.claim}`)}</span></p>
<p>${sentence(say, `signal.${signal.code}`, signal.params)}</p>
<p class="quiet">${glyph(signal.strength)} ${ownWords(say, `word.${signal.strength}`)}${whereInOneLine(signal)}</p>
</div>`,
  )}</div>
</section>`;
}

import { styleText } from 'node:util';
import stringWidth from 'string-width';
import type { Check, Finding, ScreeningRecord, Signal } from '../contract/screening.ts';
import type { Say } from '../contract/words.ts';

export interface Totals {
  files: number;
  unknown: number;
  words: Record<string, number>;
}

type Style = Parameters<typeof styleText>[0];

/** Colour always comes with a word and a shape (docs: interface). */
const marks: Record<string, { glyph: string; style: Style }> = {
  declared: { glyph: '■', style: ['blueBright', 'bold'] },
  strong: { glyph: '◆', style: ['redBright', 'bold'] },
  some: { glyph: '▲', style: ['yellow', 'bold'] },
  little: { glyph: '○', style: 'cyan' },
  'not-applicable': { glyph: '–', style: 'gray' },
  unexaminable: { glyph: '▨', style: 'magenta' },
};

/** The whole answer for one file, for a person at a terminal. */
export function describeFile(record: ScreeningRecord, say: Say): string {
  const lines = [
    `${mark(record, say)}  ${styleText('bold', plain(record.file.name, 'text'))}`,
    `  ${say(`verdict.${record.verdict.code}`)}`,
    `  ${styleText('gray', facts(record, say))}`,
  ];
  for (const conflict of record.conflicts) {
    lines.push('', `  ${styleText(['red', 'bold'], '⇄')} ${styleText('bold', say(`conflict.${conflict.code}`))}`);
    for (const id of conflict.signals) {
      const signal = record.signals.find((other) => other.id === id);
      if (signal) lines.push(`      · ${sentence(signal, say)}`);
    }
  }
  for (const layer of ['provenance', 'label', 'match', 'forensic'] as const) {
    const signals = record.signals.filter((signal) => signal.layer === layer);
    if (signals.length === 0) continue;
    lines.push('', `  ${styleText('underline', say(`layer.${layer}`))}`);
    for (const signal of signals) lines.push(...describeSignal(signal, say));
  }
  lines.push(
    '',
    `  ${say('cli.screen.propagation')}: ${say(`propagation.${record.propagation.status}`)}${record.propagation.rule ? ` (${record.propagation.rule})` : ''}`,
  );
  const notes = record.findings.map((finding) => describeFinding(finding, say));
  if (notes.length > 0) lines.push('', ...notes);
  return `${lines.join('\n')}\n\n`;
}

/** One line of the table for folders. */
export function describeRow(record: ScreeningRecord, say: Say): string {
  const width = Math.max(60, process.stdout.columns ?? 120);
  const head = `${mark(record, say, 18)} ${pad(record.file.format ?? '?', 8)} `;
  const name = plain(record.file.name, 'text');
  const reason = record.conflicts.length > 0 ? `⇄ ${reasonOf(record, say)}` : reasonOf(record, say);
  const room = width - 29;
  const nameRoom = Math.max(24, Math.floor(room * 0.42));
  return `${head}${pad(cutFront(name, nameRoom), nameRoom)}  ${cut(reason, Math.max(20, room - nameRoom - 2))}\n`;
}

export function describeTotals(
  totals: Totals,
  say: Say,
  shown: { detailed: boolean; all: boolean; report: string | null },
): string {
  const lines: string[] = [];
  if (!shown.detailed || totals.files > 1) {
    const parts = Object.keys(marks)
      .filter((word) => totals.words[word])
      .map(
        (word) =>
          `${styleText(marks[word]?.style ?? 'gray', `${marks[word]?.glyph} ${say(`word.${word}`)}`)} ${totals.words[word]}`,
      );
    lines.push(
      '',
      `${say('cli.screen.total', { count: totals.files })}${parts.length > 0 ? `: ${parts.join('   ')}` : ''}`,
    );
    if (totals.unknown > 0)
      lines.push(
        styleText('gray', say(shown.all ? 'cli.screen.others-listed' : 'cli.screen.others', { count: totals.unknown })),
      );
    if (totals.files === 0) lines.push(say('cli.screen.empty'));
  }
  if (shown.report) lines.push(say('cli.screen.report-written', { file: shown.report }));
  return lines.length > 0 ? `${lines.join('\n')}\n` : '';
}

/**
 * Makes hostile names harmless on a terminal: control characters, escapes and direction overrides become visible escapes.
 * In JSON the same characters become `\uXXXX`, which leaves the value unchanged.
 */
export function plain(text: string, into: 'text' | 'json'): string {
  return text.replace(
    /[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Cs}/gu,
    (character) => {
      const code = character.codePointAt(0) ?? 0;
      return into === 'text' && code < 0x100
        ? `\\x${code.toString(16).padStart(2, '0')}`
        : `\\u${code.toString(16).padStart(4, '0')}`;
    },
  );
}

function mark(record: ScreeningRecord, say: Say, width = 0): string {
  const word = record.verdict.code === 'unexaminable' ? 'unexaminable' : record.verdict.word;
  const { glyph, style } = marks[word] ?? { glyph: '?', style: 'gray' };
  return styleText(style, pad(`${glyph} ${say(`word.${word}`)}`, width));
}

function facts({ file, media }: ScreeningRecord, say: Say): string {
  const parts = [file.format ?? say('cli.screen.unknown-format')];
  if (media?.width && media.height) parts.push(`${media.width}×${media.height}`);
  if (media?.durationMs) parts.push(`${(media.durationMs / 1000).toFixed(1)} s`);
  if (file.bytes !== null) parts.push(`${file.bytes.toLocaleString('en').replaceAll(',', ' ')} B`);
  if (media && (media.sampled.frames > 0 || media.sampled.audioMs > 0)) parts.push(sampled(media.sampled, say));
  if (file.sha256) parts.push(`sha256 ${file.sha256.slice(0, 16)}…`);
  return parts.join(' · ');
}

function sampled(looked: NonNullable<ScreeningRecord['media']>['sampled'], say: Say): string {
  const parts: string[] = [];
  if (looked.framePick === 'key-frames') parts.push(say('sampled.key-frames', { count: looked.frames }));
  else if (looked.framePick) parts.push(say(`sampled.${looked.framePick}`));
  if (looked.audioMs > 0) parts.push(say('sampled.audio', { seconds: (looked.audioMs / 1000).toFixed(1) }));
  return say('sampled.looked-at', { what: parts.join(' + ') });
}

function describeSignal(signal: Signal, say: Say): string[] {
  const { glyph, style } = marks[signal.strength] ?? { glyph: '?', style: 'gray' };
  const lines = [`    ${styleText(style, glyph)} ${sentence(signal, say)}`];
  const where = whereOf(signal, say);
  if (where) lines.push(`      ${styleText('gray', where)}`);
  for (const check of signal.checks.filter(({ outcome }) => outcome !== 'pass'))
    lines.push(`      ${describeCheck(check, say)}`);
  const passed = signal.checks.filter(({ outcome }) => outcome === 'pass').length;
  if (signal.checks.length > 0)
    lines.push(`      ${styleText('gray', say('cli.screen.checks', { passed, of: signal.checks.length }))}`);
  if (signal.errorRate) lines.push(`      ${styleText('gray', rates(signal.errorRate, say))}`);
  return lines;
}

function describeCheck(check: Check, say: Say): string {
  const sign = check.outcome === 'fail' ? styleText('red', '✗') : styleText('yellow', '!');
  const subject = check.subject ? `: ${plain(check.subject, 'text').slice(0, 80)}` : '';
  return `${sign} ${check.id} ${say(`check.${check.code}`)}${subject}${check.verified ? '' : ` ${styleText('gray', say('cli.screen.unverified'))}`}`;
}

function rates(errorRate: NonNullable<Signal['errorRate']>, say: Say): string {
  const show = (rate: { rate: number; n: number | null } | null) =>
    rate === null
      ? say('rate.unknown')
      : `${rate.rate < 0.001 && rate.rate > 0 ? rate.rate.toExponential(1) : `${Math.round(rate.rate * 1000) / 10} %`}${rate.n === null ? '' : ` (n = ${rate.n})`}`;
  return say('rate.line', {
    falsePositive: show(errorRate.falsePositive),
    falseNegative: show(errorRate.falseNegative),
  });
}

function whereOf({ place }: Signal, say: Say): string {
  if (!place) return '';
  const parts: string[] = [];
  if (place.path) parts.push(plain(place.path, 'text'));
  if (place.offset !== undefined) parts.push(say('place.bytes', { from: place.offset, length: place.length ?? 0 }));
  if (place.fromMs !== undefined)
    parts.push(`${(place.fromMs / 1000).toFixed(1)}–${((place.toMs ?? place.fromMs) / 1000).toFixed(1)} s`);
  return parts.join(', ');
}

function describeFinding(finding: Finding, say: Say): string {
  const sign = { info: styleText('gray', 'i'), warning: styleText('yellow', '!'), error: styleText('red', '✗') }[
    finding.severity
  ];
  return `  ${sign} ${plain(say(`finding.${finding.code}`, finding.params), 'text')}`;
}

function sentence(signal: Signal, say: Say): string {
  return plain(say(`signal.${signal.code}`, signal.params), 'text');
}

/** The shortest honest reason: what carried the verdict, or the first thing a person should know. */
function reasonOf(record: ScreeningRecord, say: Say): string {
  const carrier = record.signals.find((signal) => record.verdict.because.includes(signal.id));
  if (carrier) return sentence(carrier, say);
  const shown =
    record.findings.find(({ severity }) => severity === 'error') ??
    record.findings.find(({ severity }) => severity === 'warning');
  if (shown) return plain(say(`finding.${shown.code}`, shown.params), 'text');
  const first = record.signals[0];
  return first ? sentence(first, say) : say('cli.screen.nothing');
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (stringWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Names differ at their end: cut the front. */
function cutFront(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  const characters = [...text];
  while (characters.length > 0 && stringWidth(characters.join('')) > width - 1) characters.shift();
  return `…${characters.join('')}`;
}

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
    ...paragraph('  ', say(`verdict.${record.verdict.code}`)),
    ...paragraph('  ', facts(record, say), 'gray'),
  ];
  for (const conflict of record.conflicts) {
    lines.push('', ...item(2, styleText(['red', 'bold'], '⇄'), say(`conflict.${conflict.code}`), 'bold'));
    for (const id of conflict.signals) {
      const signal = record.signals.find((other) => other.id === id);
      if (signal) lines.push(...item(4, '·', sentence(signal, say)));
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
    ...flow(
      `  ${say('cli.screen.propagation')}${say('cli.colon')}${styleText('bold', say(`propagation.${record.propagation.status}`))}`,
      record.propagation.rule ? [styleText('gray', `· ${say(`report.rule.${record.propagation.rule}`)}`)] : [],
    ),
  );
  const notes = record.findings.flatMap((finding) => describeFinding(finding, say));
  if (notes.length > 0) lines.push('', ...notes);
  return `${lines.join('\n')}\n\n`;
}

/** One line of the table for folders: word, name, and the reason in a few words. */
export function describeRow(record: ScreeningRecord, say: Say): string {
  const width = Math.max(60, process.stdout.columns ?? 120);
  // On a narrow terminal the reason is worth more than the format, which most names tell anyway.
  const format = width < 100 ? '' : `${styleText('gray', pad(record.file.format ?? '?', 8))} `;
  const room = width - markRoom - 1 - (width < 100 ? 0 : 9);
  const nameRoom = Math.max(20, Math.floor(room * (width < 100 ? 0.35 : 0.42)));
  const name = cutFront(plain(record.file.name, 'text'), nameRoom);
  const reason = cut(`${record.conflicts.length > 0 ? '⇄ ' : ''}${reasonOf(record, say)}`, room - nameRoom - 2);
  return `${mark(record, say, markRoom)} ${format}${paleFolder(name)}${' '.repeat(nameRoom - stringWidth(name))}  ${reason}\n`;
}

/** The longest word with its shape, `– not applicable`, and a blank. */
const markRoom = 17;

function paleFolder(name: string): string {
  const end = name.lastIndexOf('/') + 1;
  return end === 0 ? name : `${styleText('gray', name.slice(0, end))}${name.slice(end)}`;
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
      ...flow(say('cli.screen.total', { count: totals.files }) + (parts.length > 0 ? say('cli.colon') : ''), parts),
    );
    if (totals.unknown > 0)
      lines.push(
        styleText('gray', say(shown.all ? 'cli.screen.others-listed' : 'cli.screen.others', { count: totals.unknown })),
      );
    if (totals.words['not-applicable']) lines.push(...paragraph('', say('cli.screen.no-sign'), 'gray'));
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
  const lines = item(4, styleText(style, glyph), sentence(signal, say));
  const where = whereOf(signal, say);
  if (where) lines.push(...paragraph('      ', where, 'gray'));
  for (const check of signal.checks.filter(({ outcome }) => outcome !== 'pass'))
    lines.push(...describeCheck(check, say));
  const passed = signal.checks.filter(({ outcome }) => outcome === 'pass').length;
  if (passed > 0)
    lines.push(`      ${styleText('gray', say('cli.screen.checks', { passed, of: signal.checks.length }))}`);
  if (signal.errorRate) lines.push(...paragraph('      ', rates(signal.errorRate, say), 'gray'));
  return lines;
}

/** What was seen first, its number last: people read the sentence, and look up the number. */
function describeCheck(check: Check, say: Say): string[] {
  const sign = check.outcome === 'fail' ? styleText('red', '✗') : styleText('yellow', '!');
  const seen = plain(say(`check.${check.code}`), 'text');
  const gap = seen.endsWith('。') ? '' : ' ';
  const subject = check.subject ? `${gap}${plain(check.subject, 'text').slice(0, 80)}` : '';
  const unread = check.verified ? '' : ` ${say('cli.screen.unverified')}`;
  return item(6, sign, `${seen}${subject} [${check.id}]${unread}`);
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

function describeFinding(finding: Finding, say: Say): string[] {
  const sign = { info: styleText('gray', 'i'), warning: styleText('yellow', '!'), error: styleText('red', '✗') }[
    finding.severity
  ];
  return item(2, sign, plain(say(`finding.${finding.code}`, finding.params), 'text'));
}

function sentence(signal: Signal, say: Say): string {
  return plain(say(`signal.${signal.code}`, signal.params), 'text');
}

/** The shortest honest reason: what carried the verdict, or the first thing a person should know. */
function reasonOf(record: ScreeningRecord, say: Say): string {
  const conflict = record.conflicts[0];
  if (conflict) return plain(brief('conflict', conflict.code, {}, say), 'text');
  const carrier = record.signals.find((signal) => record.verdict.because.includes(signal.id));
  if (carrier) return plain(brief('signal', carrier.code, carrier.params, say), 'text');
  const shown =
    record.findings.find(({ severity }) => severity === 'error') ??
    record.findings.find(({ severity }) => severity === 'warning');
  if (shown) return plain(say(`finding.${shown.code}`, shown.params), 'text');
  const first = record.signals[0];
  return first ? plain(brief('signal', first.code, first.params, say), 'text') : say('cli.screen.nothing');
}

/** A few words where the catalogue has them, else the whole sentence. */
function brief(kind: 'signal' | 'conflict', code: string, params: Signal['params'], say: Say): string {
  const words = say(`brief.${code}`, params);
  return words === `brief.${code}` ? say(`${kind}.${code}`, params) : words;
}

/** Parts behind a heading, as many on a line as fit. */
function flow(heading: string, parts: readonly string[]): string[] {
  const columns = process.stdout.columns ?? Number.POSITIVE_INFINITY;
  const lines = [heading.trimEnd()];
  for (const part of parts) {
    const last = lines.at(-1) ?? '';
    const gap = lines.length > 1 || last !== heading.trimEnd() ? '   ' : last.endsWith('：') ? '' : ' ';
    if (stringWidth(last + gap + part) <= columns) lines[lines.length - 1] = last + gap + part;
    else lines.push(`  ${part}`);
  }
  return lines;
}

/** Text behind a sign, its further lines aligned with the first. */
function item(indent: number, sign: string, text: string, style?: Style): string[] {
  const [first = '', ...rest] = paragraph(' '.repeat(indent + 2), text, style);
  return [`${' '.repeat(indent)}${sign} ${first.slice(indent + 2)}`, ...rest];
}

/** Lines that fit the terminal; one line where there is none, so that `grep` finds whole sentences. */
function paragraph(indent: string, text: string, style?: Style): string[] {
  const columns = process.stdout.columns;
  const lines = columns === undefined ? [text] : wrap(text, Math.max(40, Math.min(columns, 110) - indent.length - 1));
  return lines.map((line) => `${indent}${style === undefined ? line : styleText(style, line)}`);
}

/** Breaks at blanks, and between Chinese characters except before punctuation. A longer word is broken where it must be. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(/ +|[（“《]*\p{Script=Han}[，。；：、）”》！？]*|[^\p{Script=Han} ]+/gu) ?? []) {
    for (const part of breakable(piece, width)) {
      if (line !== '' && stringWidth(line + part.trimEnd()) > width) {
        lines.push(line.trimEnd());
        line = '';
      }
      if (line !== '' || part.trim() !== '') line += part;
    }
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  return lines;
}

/** A hash or a path may be wider than the terminal. */
function breakable(piece: string, width: number): string[] {
  if (stringWidth(piece) <= width) return [piece];
  const characters = [...piece];
  const parts: string[] = [];
  for (let at = 0; at < characters.length; at += width) parts.push(characters.slice(at, at + width).join(''));
  return parts;
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

import { styleText } from 'node:util';
import { DateTime } from 'luxon';
import type { Lang } from '../contract/lang.ts';
import type {
  Answer,
  By,
  Derivation,
  DueAnswer,
  FactValue,
  Reason,
  RulebookAnswer,
  TriggerAnswer,
} from '../contract/question.ts';
import { say } from '../contract/words.ts';

/** The answer for a person at a terminal: what is due first, then why, then how the date was counted. */
export function describeAnswer(answer: Answer, lang: Lang, { all }: { all: boolean }): string {
  const shown = answer.rulebooks.filter(({ verdict }) => all || verdict !== 'does-not-apply');
  const others = answer.rulebooks.filter((rulebook) => !shown.includes(rulebook));
  const summary = say(lang, `rulebook.summary.${answer.summary}`);
  const names = listWords(
    others.map(({ shortTitle }) => shortTitle[lang]),
    lang,
  );
  return [
    say(lang, 'cli.rulebook.ask.head', { now: answer.now.slice(0, 10), summary }),
    ...shown.flatMap((rulebook) => ['', ...describeRulebook(rulebook, lang, all)]),
    ...(others.length > 0 ? ['', say(lang, 'cli.rulebook.ask.others', { names })] : []),
    ...(answer.ask.length > 0 ? ['', say(lang, 'cli.rulebook.ask.next')] : []),
    ...answer.ask.slice(0, 5).map(({ fact, rules }) => {
      const question = say(lang, `fact.${fact}.ask`);
      return `  ? ${say(lang, 'cli.rulebook.ask.next-line', { question, fact, count: rules.length })}`;
    }),
    '',
  ].join('\n');
}

function describeRulebook(rulebook: RulebookAnswer, lang: Lang, all: boolean): string[] {
  const { id, title, verdict, scope, triggers, due } = rulebook;
  // While it is open whether the rulebook applies at all, its rules are not worth the reader's time.
  const isOpen = verdict === 'cannot-say' && !all;
  const shown = triggers.filter(({ state }) => all || (state !== 'not-fired' && !isOpen));
  return [
    `${styleText('bold', title[lang])}  ${id}`,
    `  ${say(lang, `rulebook.verdict.${verdict}`)}  ${scope.clause[lang]}`,
    ...detail(scope, lang).map((line) => `    ${line}`),
    ...(isOpen ? [] : due).flatMap((item) => describeDue(item, triggers, lang)),
    ...shown.flatMap((trigger) => describeTrigger(trigger, lang)),
  ];
}

const dueGlyphs = { blocks: '■', due: '▲', 'may-be-due': '○' } as const;

function describeDue(due: DueAnswer, triggers: TriggerAnswer[], lang: Lang): string[] {
  const { kind, title, state, by, clock, blocks, verified } = due;
  const isTriggerRead = triggers.some((trigger) => due.triggers.includes(trigger.id) && trigger.verified);
  const notes = [
    ...(blocks ? [say(lang, 'rulebook.blocks')] : []),
    ...(verified ? [] : [say(lang, isTriggerRead ? 'rulebook.unverified-clock' : 'rulebook.unverified')]),
  ];
  const note =
    notes.length > 0
      ? ` ${say(lang, 'rulebook.noted', { note: notes.join(say(lang, 'rulebook.between-notes')) })}`
      : '';
  const glyph = blocks ? dueGlyphs.blocks : dueGlyphs[state];
  const line = say(lang, 'rulebook.due-line', {
    state: say(lang, `rulebook.due.${state}`),
    kind: say(lang, `rulebook.due-kind.${kind}`),
    title: styleText('bold', title[lang]),
  });
  const when = {
    by: sayBy(by, lang),
    clock: clock.id,
    clause: clock.clause[lang],
    triggers: listWords(due.triggers, lang),
  };
  return [
    `  ${glyph} ${line}${note}`,
    `      ${say(lang, 'rulebook.by-line', when)}`,
    ...(by.kind === 'date' && by.derivation ? describeCount(by.derivation, lang).map((text) => `      ${text}`) : []),
    ...(by.kind === 'date' && by.projected ? [`      ${sayProjected(by, lang)}`] : []),
  ];
}

function describeTrigger(trigger: TriggerAnswer, lang: Lang): string[] {
  const { id, clause, text, state } = trigger;
  const note = say(lang, 'rulebook.our-wording');
  const wording = trigger.quotes.includes(lang)
    ? text[lang]
    : say(lang, 'rulebook.wording', { text: text[lang], note });
  return [
    `  · ${id} ${say(lang, `rulebook.trigger.${state}`)}  ${clause[lang]}`,
    `      ${wording}`,
    ...detail(trigger, lang).map((line) => `      ${line}`),
  ];
}

type Judged = Pick<TriggerAnswer, 'because' | 'missing' | 'notInForce' | 'verified'>;

function detail({ because, missing, notInForce, verified }: Judged, lang: Lang): string[] {
  const facts = listWords(
    missing.map((fact) => say(lang, `fact.${fact}`)),
    lang,
  );
  return [
    ...because.map((reason) => sayReason(reason, lang)),
    ...(notInForce ? [sayForce(notInForce, lang)] : []),
    ...(missing.length > 0 ? [say(lang, 'rulebook.missing', { facts })] : []),
    ...(verified ? [] : [say(lang, 'rulebook.unverified')]),
  ];
}

function sayForce({ on, from, to }: NonNullable<Judged['notInForce']>, lang: Lang): string {
  const isOver = to !== null && on > to;
  return isOver
    ? say(lang, 'rulebook.no-longer-in-force', { on, to })
    : say(lang, 'rulebook.not-in-force', { on, from });
}

/** By when, in words: `before the launch on 2026-12-20`, `by 2027-01-04 (Mon, Asia/Shanghai)`. */
function sayBy(by: By, lang: Lang): string {
  switch (by.kind) {
    case 'before-launch':
      return by.launch === null
        ? say(lang, 'rulebook.by.before-launch')
        : say(lang, 'rulebook.by.before-launch-on', { date: by.launch });
    case 'date':
      return sayDate(by, lang);
    case 'start-unknown': {
      const facts = listWords(
        by.waitsFor.map((fact) => say(lang, `fact.${fact}`)),
        lang,
      );
      return say(lang, 'rulebook.by.start-unknown', { length: by.length, unit: unit(by.unit, by.length, lang), facts });
    }
    case 'recurring': {
      const params = { every: by.every, unit: unit(by.unit, by.every, lang) };
      return by.next === null
        ? say(lang, 'rulebook.by.recurring', params)
        : say(lang, 'rulebook.by.recurring-next', { ...params, next: by.next });
    }
    case 'standing':
      return by.from === null
        ? say(lang, 'rulebook.by.standing')
        : say(lang, 'rulebook.by.standing-from', { from: by.from });
    case 'without-delay':
      return by.since === null
        ? say(lang, 'rulebook.by.without-delay')
        : say(lang, 'rulebook.by.without-delay-since', { since: by.since });
  }
}

function sayDate(by: Extract<By, { kind: 'date' }>, lang: Lang): string {
  const { date, at, derivation, overdue } = by;
  const zone = derivation?.timeZone ?? DateTime.fromISO(at, { setZone: true }).zoneName ?? '';
  const weekday = say(lang, `rulebook.weekday.${DateTime.fromISO(date).weekday}`);
  const time = `${at.slice(0, 10)} ${at.slice(11, 16)}`;
  const text =
    derivation?.unit === 'hour'
      ? say(lang, 'rulebook.by.moment', { at: time, weekday, zone })
      : say(lang, 'rulebook.by.date', { date, weekday, zone });
  return overdue ? `${text} ${styleText('bold', say(lang, 'rulebook.by.overdue'))}` : text;
}

function sayProjected(by: Extract<By, { kind: 'date' }>, lang: Lang): string {
  return say(lang, 'rulebook.by.projected', { years: by.derivation?.projectedYears.join(', ') ?? '' });
}

/** Enough to count again by hand: `30 working days, counted from …; not counted: 8 weekend days, National Day 2026-10-01–07`. */
function describeCount(derivation: Derivation, lang: Lang): string[] {
  const { startFact, start, firstCounted, length, unit: name, skipped, worked } = derivation;
  const fact = startFact === null ? '' : say(lang, `fact.${startFact}`);
  const from =
    firstCounted === null
      ? say(lang, 'rulebook.count.start-hours', { start, fact })
      : say(lang, 'rulebook.count.start', { start, fact, first: firstCounted });
  const weekends = skipped.filter(({ why }) => why === 'weekend').length;
  const days = listWords(
    [
      ...(weekends > 0 ? [say(lang, 'rulebook.count.weekends', { count: weekends })] : []),
      ...runs(skipped.flatMap(({ date, name: holiday }) => (holiday ? [{ date, name: holiday[lang] }] : []))),
    ],
    lang,
  );
  const exchanged = listWords(
    worked.map(({ date }) => date),
    lang,
  );
  return [
    say(lang, 'rulebook.count.length', { length, unit: unit(name, length, lang), from }),
    ...(derivation.startWasOnlyADay ? [say(lang, 'rulebook.count.only-a-day')] : []),
    ...(days === '' ? [] : [say(lang, 'rulebook.count.skipped', { days })]),
    ...(exchanged === '' ? [] : [say(lang, 'rulebook.count.worked', { days: exchanged })]),
  ];
}

/** Days of one holiday as one range. */
function runs(days: { date: string; name: string }[]): string[] {
  const found: { name: string; from: string; to: string }[] = [];
  for (const { date, name } of days) {
    const last = found.at(-1);
    if (last?.name === name && DateTime.fromISO(last.to).plus({ days: 1 }).toISODate() === date) last.to = date;
    else found.push({ name, from: date, to: date });
  }
  return found.map(({ name, from, to }) => (from === to ? `${name} ${from}` : `${name} ${from}–${to.slice(5)}`));
}

function sayReason(reason: Reason, lang: Lang): string {
  const { fact, value, asks, holds, rule, clause } = reason;
  const params = {
    fact: say(lang, `fact.${fact}`),
    value: sayValue(value, lang),
    asks: say(lang, `rulebook.asks.${asks.how}`, { of: sayValue(shorten(reason), lang) }),
    rule,
    clause: clause[lang],
  };
  return `${holds ? '✓' : '✗'} ${say(lang, 'rulebook.reason', params)}`;
}

/** Of a long list of alternatives those that were met, then the first others. */
function shorten({ value, asks: { of } }: Reason): Reason['asks']['of'] {
  if (!Array.isArray(of) || of.length <= 6) return of;
  const met = Array.isArray(value) ? of.filter((word) => value.includes(word)) : [];
  return [...[...met, ...of.filter((word) => !met.includes(word))].slice(0, Math.max(4, met.length)), '…'];
}

function sayValue(value: FactValue | number, lang: Lang): string {
  if (Array.isArray(value))
    return listWords(
      value.map((word) => sayWord(word, lang)),
      lang,
    );
  if (typeof value === 'object') {
    return say(lang, 'rulebook.figure', { value: value.value.toLocaleString('en-US'), asOf: value.asOf });
  }
  return typeof value === 'number' ? value.toLocaleString('en-US') : sayWord(String(value), lang);
}

/** Days and other values have no word of their own and stand as they are. */
function sayWord(word: string, lang: Lang): string {
  const key = `fact-word.${word}`;
  const said = say(lang, key);
  return said === key ? word : said;
}

function listWords(words: string[], lang: Lang): string {
  return words.join(say(lang, 'rulebook.between-words'));
}

function unit(name: string, count: number, lang: Lang): string {
  return say(lang, `rulebook.unit.${name}`, { count });
}

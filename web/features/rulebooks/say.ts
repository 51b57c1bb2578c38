import type { FactName } from '../../../src/contract/facts.ts';
import type { Lang } from '../../../src/contract/lang.ts';
import type { By, DueAnswer, FactValue, Reason } from '../../../src/contract/question.ts';
import { type Say, words } from '../../words/words.ts';
import { sayDate, sayDayOrMoment } from './days.tsx';
import type { MarkKind } from './mark.tsx';

/** Facts, their values and units in words. */

export function sayUnit(unit: string, count: number, say: Say): string {
  return say(`rulebook.unit.${unit}`, { count });
}

export function sayFact(fact: FactName, say: Say): string {
  return say(`fact.${fact}`);
}

export function sayFacts(facts: readonly FactName[], say: Say, lang: Lang): string {
  return list(
    facts.map((fact) => sayFact(fact, say)),
    lang,
  );
}

export function sayValue(value: FactValue | number, say: Say, lang: Lang): string {
  if (Array.isArray(value)) {
    return value.length === 0
      ? say('question.none-of-these')
      : list(
          value.map((word) => sayWord(word, say, lang)),
          lang,
        );
  }
  if (typeof value === 'object') {
    return say('question.figure', { value: sayNumber(value.value, lang), date: sayDate(value.asOf, lang) });
  }
  return typeof value === 'number' ? sayNumber(value, lang) : sayWord(String(value), say, lang);
}

/** Days stand as days; other values without a word of their own stand as they are. */
export function sayWord(word: string, say: Say, lang: Lang): string {
  const key = `fact-word.${word}`;
  if (words.exists(key)) return say(key);
  return /^\d{4}-\d{2}-\d{2}/.test(word) ? sayDayOrMoment(word, lang) : word;
}

export function sayNumber(value: number, lang: Lang): string {
  return value.toLocaleString(lang === 'zh' ? 'zh-CN' : 'en-GB');
}

export function list(parts: readonly string[], lang: Lang): string {
  return parts.join(lang === 'zh' ? '、' : ', ');
}

export function markOf({ blocks, state }: Pick<DueAnswer, 'blocks' | 'state'>): MarkKind {
  if (blocks) return 'waits';
  return state === 'due' ? 'due' : 'open';
}

/** "due before the launch on Sun 20 Dec 2026" */
export function sayBy(by: By, say: Say, lang: Lang): string {
  switch (by.kind) {
    case 'before-launch':
      return by.launch === null
        ? say('question.by.before-launch')
        : say('question.by.before-launch-on', { date: sayDayOrMoment(by.launch, lang) });
    case 'date': {
      const hours = by.derivation?.unit === 'hour';
      const date = hours ? sayDayOrMoment(by.at, lang) : sayDate(by.date, lang);
      return say(by.overdue ? 'question.by.overdue' : 'question.by.date', { date });
    }
    case 'start-unknown':
      return say('question.by.start-unknown', { length: by.length, unit: sayUnit(by.unit, by.length, say) });
    case 'recurring': {
      const params = { every: by.every, unit: sayUnit(by.unit, by.every, say) };
      return by.next === null
        ? say('question.by.recurring', params)
        : say('question.by.recurring-next', { ...params, date: sayDate(by.next, lang) });
    }
    case 'standing':
      return by.from === null
        ? say('question.by.standing')
        : say('question.by.standing-from', { date: sayDayOrMoment(by.from, lang) });
    case 'without-delay':
      return say('question.by.without-delay');
  }
}

/** "Features: voice room". Of a list, what the clause asks for; what happens speaks for itself. */
export function sayReason(reason: Pick<Reason, 'fact' | 'value'> & Partial<Reason>, say: Say, lang: Lang): string {
  const { fact, value, asks, holds } = reason;
  if (fact === 'event') return sayValue(value, say, lang);
  const wanted = asks && Array.isArray(asks.of) ? asks.of : [asks?.of];
  const told = Array.isArray(value) && holds ? value.filter((word) => wanted.includes(word)) : value;
  const shown = Array.isArray(told) && told.length === 0 ? value : told;
  return say('question.fact', { fact: sayFact(fact, say), value: sayValue(shown, say, lang) });
}

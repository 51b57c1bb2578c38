import type { Lang } from '../../../src/contract/lang.ts';
import type { Reason, TriggerAnswer } from '../../../src/contract/question.ts';
import type { Say } from '../../words/words.ts';
import { sayReason, sayValue } from '../rulebooks/say.ts';

/** What the clause asks of the fact: "asked: any of forum, blog, … " */
export function sayAsks({ asks }: Pick<Reason, 'asks'>, say: Say, lang: Lang): string {
  return say(`rulebook.asks.${asks.how}`, { of: sayValue(asks.of, say, lang) });
}

/** The reasons that tell most, at most three. */
export function sayBecause(
  triggers: readonly Pick<TriggerAnswer, 'because' | 'clause'>[],
  say: Say,
  lang: Lang,
): string {
  const all = triggers.flatMap(({ because, clause }) => because.map((reason) => ({ ...reason, clause })));
  // That it is offered where the rulebook holds goes without saying.
  const told = all.filter(({ fact }) => fact !== 'jurisdictions');
  const texts = told.map((reason) =>
    say('question.because.one', { reason: sayReason(reason, say, lang), clause: reason.clause[lang] }),
  );
  return [...new Set(texts)].slice(0, 3).join(lang === 'zh' ? '；' : '; ');
}

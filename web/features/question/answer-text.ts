import type { Lang } from '../../../src/contract/lang.ts';
import type { Answer, RulebookAnswer } from '../../../src/contract/question.ts';
import type { Say } from '../../words/words.ts';
import { sayDate } from '../rulebooks/days.tsx';
import { sayBy, sayFacts, sayReason } from '../rulebooks/say.ts';
import { dueInOrder, inOrder, missingIn, standingOf } from './answer-order.ts';
import { sayBecause } from './say.ts';

/** The answer as plain text, for an e-mail or a ticket. */
export function answerText(answer: Answer, say: Say, lang: Lang): string {
  const rulebooks = inOrder(answer.rulebooks);
  return [
    say(`question.summary.${answer.summary}`),
    say('question.text.asked', { date: sayDate(answer.now, lang) }),
    ...rulebooks.flatMap((rulebook) => ['', ...linesOf(rulebook, say, lang)]),
    '',
  ].join('\n');
}

function linesOf(rulebook: RulebookAnswer, say: Say, lang: Lang): string[] {
  const { shortTitle, id, scope, triggers } = rulebook;
  const standing = standingOf(rulebook);
  const head = `${shortTitle[lang]} (${id}): ${say(`question.standing.${standing}`)}`;
  if (standing === 'not') {
    const because = scope.because.slice(0, 2).map((reason) => sayReason(reason, say, lang));
    return because.length === 0 ? [head] : [head, `  ${because.join('; ')} (${scope.clause[lang]})`];
  }
  const missing = missingIn(rulebook);
  return [
    head,
    ...dueInOrder(rulebook.due.filter(({ state }) => state === 'due')).flatMap((due) => {
      const fired = triggers.filter((trigger) => due.triggers.includes(trigger.id));
      const notes = [
        ...(due.blocks ? [say('rulebook.blocks')] : []),
        ...(due.verified ? [] : [say('rulebook.unverified')]),
      ];
      const because = sayBecause([...fired, scope], say, lang);
      return [
        `  - ${due.title[lang]}: ${sayBy(due.by, say, lang)}${notes.length > 0 ? ` [${notes.join('; ')}]` : ''}`,
        ...(because === '' ? [] : [`    ${say('question.because', { because })}`]),
      ];
    }),
    ...(missing.length > 0 ? [`  ${say('question.missing')} ${sayFacts(missing, say, lang)}`] : []),
  ];
}

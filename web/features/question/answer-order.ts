import type { FactName } from '../../../src/contract/facts.ts';
import type { Answer, DueAnswer, RulebookAnswer } from '../../../src/contract/question.ts';

/** What a rulebook says, in the order of what a person must know first. */
export type Standing = 'waits' | 'due' | 'open' | 'quiet' | 'not';

export function standingOf({ verdict, due }: Pick<RulebookAnswer, 'verdict' | 'due'>): Standing {
  if (verdict === 'does-not-apply') return 'not';
  if (due.some(({ blocks }) => blocks)) return 'waits';
  if (due.some(({ state }) => state === 'due')) return 'due';
  return verdict === 'cannot-say' || due.length > 0 ? 'open' : 'quiet';
}

const order: readonly Standing[] = ['waits', 'due', 'open', 'quiet', 'not'];

export function inOrder(rulebooks: readonly RulebookAnswer[]): RulebookAnswer[] {
  return rulebooks.toSorted((one, other) => order.indexOf(standingOf(one)) - order.indexOf(standingOf(other)));
}

/** What waits first, then what has a day, the nearest first, then what stands as long as the service runs. */
export function dueInOrder(due: readonly DueAnswer[]): DueAnswer[] {
  const rank = ({ blocks, state, by }: DueAnswer): string =>
    `${state === 'due' ? 0 : 1}${blocks ? 0 : 1}${by.kind === 'date' ? `0${by.date}` : by.kind === 'before-launch' ? '1' : by.kind === 'standing' ? '9' : '5'}`;
  return due.toSorted((one, other) => rank(one).localeCompare(rank(other)));
}

/** What a rulebook still needs to be told, without repetition. */
export function missingIn({ scope, triggers }: Pick<RulebookAnswer, 'scope' | 'triggers'>): FactName[] {
  return [...new Set([...scope.missing, ...triggers.flatMap(({ missing }) => missing)])];
}

export function countDue({ rulebooks }: Pick<Answer, 'rulebooks'>): { waits: number; due: number; open: number } {
  const all = rulebooks.flatMap(({ due }) => due);
  return {
    waits: all.filter(({ blocks }) => blocks).length,
    due: all.filter(({ blocks, state }) => state === 'due' && !blocks).length,
    open: rulebooks.filter((rulebook) => standingOf(rulebook) === 'open').length,
  };
}

import { expect, test } from 'vitest';
import { Problem } from '../../contract/problem.ts';
import { functionStates, serviceStates } from '../../contract/register.ts';
import { functionMoves, refuseMove, serviceMoves } from './states.ts';

function isAllowed<State extends string>(moves: Record<State, readonly State[]>, from: State, to: State): boolean {
  try {
    refuseMove(moves, from, to);
    return true;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect([error.code, error.status]).toEqual(['move-not-allowed', 409]);
    return false;
  }
}

function table<State extends string>(moves: Record<State, readonly State[]>, states: readonly State[]): string[] {
  return states.map((from) => `${from} → ${states.filter((to) => isAllowed(moves, from, to)).join(', ')}`);
}

test('the moves of a service', () => {
  expect(table(serviceMoves, serviceStates)).toEqual([
    'planned → launched, withdrawn',
    'launched → withdrawn',
    'withdrawn → ',
  ]);
});

test('the moves of a function', () => {
  expect(table(functionMoves, functionStates)).toEqual([
    'planned → launched, withdrawn',
    'launched → changed, withdrawn',
    'changed → launched, changed, withdrawn',
    'withdrawn → ',
  ]);
});

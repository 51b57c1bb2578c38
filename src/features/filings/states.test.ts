import { expect, test } from 'vitest';
import { filingStates } from '../../contract/filings.ts';
import { Problem } from '../../contract/problem.ts';
import { refuseFilingMove } from './states.ts';

test('the moves of a filing', () => {
  const allowed = filingStates.map((from) => {
    const reach = filingStates.filter((to) => {
      try {
        refuseFilingMove(from, to);
        return true;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        expect([error.code, error.status]).toEqual(['filing-move-not-allowed', 409]);
        return false;
      }
    });
    return `${from} → ${reach.join(', ')}`;
  });
  expect(allowed).toEqual([
    'filed → accepted, returned, withdrawn',
    'accepted → returned, withdrawn',
    'returned → filed, withdrawn',
    'withdrawn → ',
  ]);
});

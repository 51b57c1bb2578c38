import { expect, test } from 'vitest';
import { type Attempt, type Hunt, hunt } from './search.ts';

const held: Attempt = { published: true, clear: true, failures: [], grows: true };
const lost: Attempt = { ...held, failures: ['gone'], grows: false };

/** A service that is defeated by chains for which `fails` is true, and what it was given. */
async function search(fails: (chain: readonly string[]) => Attempt, more: Partial<Hunt> = {}) {
  const tried: string[] = [];
  const edits = ['a', 'b', 'c'];
  const hunted = await hunt({
    ...{ edits, sought: ['gone'], budget: 1_000, longest: 3 },
    attempt: async (chain) => {
      tried.push(chain.join(''));
      return fails(chain);
    },
    ...more,
  });
  return { ...hunted, tried };
}

const isPair = (chain: readonly string[], one: string, other: string) =>
  chain.length === 2 && chain.includes(one) && chain.includes(other);

test('the shortest chain is found: every single edit before any pair, and no longer one after it', async () => {
  const { shortest, tried, length, publications, outcome } = await search((chain) =>
    isPair(chain, 'b', 'c') ? lost : held,
  );
  expect(tried.slice(0, 3)).toEqual(['a', 'b', 'c']);
  expect(tried.slice(3).sort()).toEqual(['ab', 'ac', 'ba', 'bc', 'ca', 'cb']);
  expect(shortest.map(({ chain, defeated, tried: of }) => [chain.toSorted().join(''), defeated, of])).toEqual([
    ['bc', 2, 6],
  ]);
  expect([outcome, length, publications]).toEqual(['defeated', 2, 9]);
});

test('the share of a failure is that of its length, whatever the order of the edits', async () => {
  const fails = (chain: readonly string[]) => (chain.includes('a') ? lost : held);
  for (const edits of [
    ['a', 'b', 'c'],
    ['c', 'b', 'a'],
  ])
    expect((await search(fails, { edits })).shortest).toEqual([
      { failure: 'gone', chain: ['a'], defeated: 1, tried: 3 },
    ]);
});

test('what cannot grow is not made longer, nor what failed, and an edit is not repeated at once', async () => {
  const { tried, outcome, length } = await search((chain) => (chain[0] === 'a' ? { ...held, grows: false } : held), {
    longest: 2,
  });
  expect(tried.slice(3).sort()).toEqual(['ba', 'bc', 'ca', 'cb']);
  expect([outcome, length]).toEqual(['held', 2]);
});

test('each failure that is sought gets its own shortest chain', async () => {
  const { shortest } = await search(
    (chain) => (chain.join('') === 'a' ? { ...lost, failures: ['stripped'] } : isPair(chain, 'b', 'c') ? lost : held),
    { sought: ['stripped', 'gone'] },
  );
  expect(shortest.map(({ failure, chain }) => [failure, chain.length])).toEqual([
    ['stripped', 1],
    ['gone', 2],
  ]);
});

test('a budget ends it, and it says so; what was known costs nothing', async () => {
  const spent = await search(() => held, { budget: 5 });
  expect([spent.publications, spent.outcome, spent.length]).toEqual([5, 'budget-spent', 2]);
  const known = await search((chain) => ({ ...held, published: chain.length > 1 }), { budget: 5 });
  expect([known.publications, known.tried.length]).toEqual([5, 8]);
  const nothing = await search(() => held, { budget: 0 });
  expect([nothing.tried, nothing.outcome]).toEqual([[], 'untested']);
});

test('a budget that ends within a length has seen something of every beginning', async () => {
  const { tried } = await search(() => held, { edits: ['a', 'b', 'c', 'd', 'e'], budget: 5 + 8 });
  expect(new Set(tried.slice(5).map(([first]) => first)).size).toBe(5);
});

test('where no answer is clear nothing was tested, and where no edit exists neither', async () => {
  const unclear = await search(() => ({ ...held, clear: false }));
  expect([unclear.outcome, unclear.length]).toEqual(['untested', 0]);
  const none = await search(() => ({ published: false, clear: false, failures: [], grows: false }));
  expect([none.outcome, none.publications]).toEqual(['untested', 0]);
});

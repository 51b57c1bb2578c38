import { expect, test } from 'vitest';
import { type Attempt, type Hunt, hunt } from './search.ts';

const held: Attempt = { published: true, clear: ['gone'], unclear: [], failures: [], grows: true };
const unclear: Attempt = { ...held, clear: [], unclear: ['gone'] };
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

/** The same where two ways of failing are sought. */
const both = (attempt: Attempt): Attempt => ({ ...attempt, clear: ['stripped', 'gone'] });

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
    (chain) =>
      both(chain.join('') === 'a' ? { ...lost, failures: ['stripped'] } : isPair(chain, 'b', 'c') ? lost : held),
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
  const dark = await search(() => unclear);
  expect([dark.outcome, dark.length, dark.chains.length]).toEqual(['untested', 0, 3]);
  const none = await search(() => ({ ...held, published: false, clear: [], grows: false }));
  expect([none.outcome, none.publications, none.chains]).toEqual(['untested', 0, []]);
});

test('of each failure it is told up to which length it is known not to happen', async () => {
  const sound = await search(() => held);
  expect(sound.sought).toEqual([{ failure: 'gone', held: 3, unclear: 0 }]);
  const found = await search((chain) => (isPair(chain, 'b', 'c') ? lost : held));
  expect(found.sought).toEqual([{ failure: 'gone', held: 1, unclear: 0 }]);
  const spent = await search(() => held, { budget: 5 });
  expect(spent.sought).toEqual([{ failure: 'gone', held: 1, unclear: 0 }]);
  expect(spent.chains.length).toBe(5);
});

test('one chain that is unclear ends what is known, though longer ones are tried', async () => {
  const { outcome, length, sought } = await search((chain) => (isPair(chain, 'a', 'b') ? unclear : held));
  expect([outcome, length, sought]).toEqual(['unclear', 3, [{ failure: 'gone', held: 1, unclear: 2 }]]);
});

test('unclear is told of each failure on its own, and is not among what was tried for it', async () => {
  const sought = ['stripped', 'gone'];
  const { shortest, sought: ways } = await search(
    (chain) =>
      chain[0] === 'a'
        ? { ...held, clear: ['gone'], unclear: ['stripped'] }
        : both(chain[0] === 'b' ? { ...lost, failures: ['stripped'] } : held),
    { sought, longest: 1 },
  );
  expect(shortest).toEqual([{ failure: 'stripped', chain: ['b'], defeated: 1, tried: 2 }]);
  expect(ways).toEqual([
    { failure: 'stripped', held: 0, unclear: 1 },
    { failure: 'gone', held: 1, unclear: 0 },
  ]);
});

test('where a chain failed in one way, longer ones no longer tell of every other way', async () => {
  const sought = ['stripped', 'gone'];
  const fails = (grows: boolean) => (chain: readonly string[]) =>
    both(chain.join('') === 'a' ? { ...held, grows, failures: ['stripped'] } : held);
  const heldFor = async (grows: boolean) =>
    (await search(fails(grows), { sought })).sought.map(({ failure, held: edits }) => [failure, edits]);
  expect(await heldFor(true)).toEqual([
    ['stripped', 0],
    ['gone', 1],
  ]);
  // Nothing is left that a longer chain could lose.
  expect(await heldFor(false)).toEqual([
    ['stripped', 0],
    ['gone', 3],
  ]);
});

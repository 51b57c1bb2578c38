/** What one chain of edits showed. */
export interface Attempt {
  /** It was given to the service; else there was nothing to give, or it was known. */
  published: boolean;
  /** Ways of failing of which it says whether the safeguard fails so; none where there was nothing to give. */
  clear: readonly string[];
  /** Ways of failing of which it says nothing: the service did not let itself be tested. */
  unclear: readonly string[];
  /** Of those that are clear, the ways in which the safeguard failed; none where it held. */
  failures: readonly string[];
  /** More edits may follow: nothing is lost yet that a longer chain would lose only once more. */
  grows: boolean;
}

export interface Hunt {
  edits: readonly string[];
  /** Ways of failing that are looked for. It ends when each was found. */
  sought: readonly string[];
  /** Publications, at most. */
  budget: number;
  /** Edits in one chain, at most. */
  longest: number;
  attempt(chain: readonly string[]): Promise<Attempt>;
}

/** The shortest chain that shows one failure, and how often chains of that length did. */
export interface Shortest {
  failure: string;
  chain: readonly string[];
  defeated: number;
  tried: number;
}

/** How far it is known that the safeguard does not fail in one way. */
export interface Sought {
  failure: string;
  /** Edits: of the chains of up to so many none failed so, and none was unclear. */
  held: number;
  /** Chains that were unclear, until it was found. */
  unclear: number;
}

export interface Hunted {
  outcome: 'defeated' | 'held' | 'unclear' | 'budget-spent' | 'untested';
  /** Edits in the longest chain that was tried. */
  length: number;
  publications: number;
  shortest: Shortest[];
  /** One for each way that was looked for. */
  sought: Sought[];
  /** What was tried; chains that do not exist for the file are not in it. */
  chains: (readonly string[])[];
}

/**
 * Breadth first: every chain of one edit, then of two, so that what is found is as short as can be. A chain whose beginning failed, or cannot
 * grow, is not tried: it would only show the same again. A length that was begun is tried to its end while the budget lasts, so that a failure is
 * told with its share and does not depend on the order of the edits.
 */
export async function hunt({ edits, sought, budget, longest, attempt }: Hunt): Promise<Hunted> {
  const shortest: Shortest[] = [];
  const ways: Sought[] = sought.map((failure) => ({ failure, held: 0, unclear: 0 }));
  const tried: (readonly string[])[] = [];
  let [length, publications, isClear, isWhole] = [0, 0, false, true];
  let growing: readonly (readonly string[])[] = [[]];
  const isMissing = (failure: string) => !shortest.some((one) => one.failure === failure);
  const hasUnclear = () => ways.some(({ unclear }) => unclear > 0);
  const told = (outcome: 'held' | 'unclear' | 'budget-spent'): Hunted => ({
    outcome: shortest.length > 0 ? 'defeated' : isClear ? outcome : 'untested',
    ...{ length, publications, shortest, sought: ways, chains: tried },
  });

  while (length < longest && sought.some(isMissing)) {
    const longer = growing.flatMap((chain) =>
      edits.filter((edit) => edit !== chain.at(-1)).map((edit) => [...chain, edit]),
    );
    const chains = length === 0 ? longer : spread(longer);
    const seen: { chain: readonly string[]; attempt: Attempt }[] = [];
    for (const group of groupsOf(chains)) {
      const room = Math.max(0, budget - publications);
      const attempts = await Promise.all(
        group.slice(0, room).map(async (chain) => ({ chain, attempt: await attempt(chain) })),
      );
      publications += attempts.filter((one) => one.attempt.published).length;
      seen.push(...attempts);
      if (room < group.length) break;
    }
    tried.push(...seen.filter(({ attempt }) => attempt.clear.length + attempt.unclear.length > 0).map(chainOf));
    const saysSomething = seen.some(({ attempt }) => attempt.clear.length > 0);
    isClear ||= saysSomething;
    if (saysSomething) length += 1;
    const isSpent = seen.length < chains.length;
    for (const way of ways.filter(({ failure }) => isMissing(failure))) {
      const { failure } = way;
      const clear = seen.filter(({ attempt }) => attempt.clear.includes(failure));
      const [first, ...others] = clear.filter(({ attempt }) => attempt.failures.includes(failure));
      way.unclear += seen.filter(({ attempt }) => attempt.unclear.includes(failure)).length;
      if (first) shortest.push({ failure, chain: first.chain, defeated: others.length + 1, tried: clear.length });
      else if (isWhole && !isSpent && way.unclear === 0 && clear.length > 0) way.held = length;
    }
    if (isSpent) return told(hasUnclear() ? 'unclear' : 'budget-spent');
    // What failed in one way is not made longer, so longer chains do not tell of every other way any more.
    isWhole &&= !seen.some(({ attempt }) => attempt.grows && attempt.failures.length > 0);
    growing = seen.filter(({ attempt }) => attempt.grows && attempt.failures.length === 0).map(chainOf);
    if (growing.length === 0 || !saysSomething) break;
  }
  return told(hasUnclear() ? 'unclear' : 'held');
}

function chainOf({ chain }: { chain: readonly string[] }): readonly string[] {
  return chain;
}

/** The same in an order in which neighbours have little in common: a budget that ends early has then seen something of everything. */
function spread<T>(some: readonly T[]): T[] {
  let stride = Math.max(1, Math.round(some.length * 0.618));
  while (greatestCommonDivisor(stride, some.length) > 1) stride += 1;
  return some.map((one, index) => some[(index * stride) % some.length] ?? one);
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}

/** Chains that are tried at once. */
const sideBySide = 3;

function groupsOf<T>(some: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(some.length / sideBySide) }, (_, index) =>
    some.slice(index * sideBySide, (index + 1) * sideBySide),
  );
}

/** What one chain of edits showed. */
export interface Attempt {
  /** It was given to the service; else there was nothing to give, or it was known. */
  published: boolean;
  /** The service let itself be tested. */
  clear: boolean;
  /** Ways in which the safeguard failed; none where it held. */
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

export interface Hunted {
  outcome: 'defeated' | 'held' | 'budget-spent' | 'untested';
  /** Edits in the longest chain that was tried. */
  length: number;
  publications: number;
  shortest: Shortest[];
}

/**
 * Breadth first: every chain of one edit, then of two, so that what is found is as short as can be. A chain whose beginning failed, or cannot
 * grow, is not tried: it would only show the same again. A length that was begun is tried to its end while the budget lasts, so that a failure is
 * told with its share and does not depend on the order of the edits.
 */
export async function hunt({ edits, sought, budget, longest, attempt }: Hunt): Promise<Hunted> {
  const shortest: Shortest[] = [];
  let [length, publications, isClear] = [0, 0, false];
  let growing: readonly (readonly string[])[] = [[]];
  const isMissing = (failure: string) => !shortest.some((one) => one.failure === failure);
  const told = (outcome: Hunted['outcome']): Hunted => ({
    outcome: shortest.length > 0 ? 'defeated' : isClear ? outcome : 'untested',
    ...{ length, publications, shortest },
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
    const clear = seen.filter((one) => one.attempt.clear);
    isClear ||= clear.length > 0;
    if (clear.length > 0) length += 1;
    for (const failure of sought.filter(isMissing)) {
      const failed = clear.filter((one) => one.attempt.failures.includes(failure));
      const [first] = failed;
      if (first) shortest.push({ failure, chain: first.chain, defeated: failed.length, tried: clear.length });
    }
    if (seen.length < chains.length) return told('budget-spent');
    growing = seen.filter((one) => one.attempt.grows && one.attempt.failures.length === 0).map(({ chain }) => chain);
    if (growing.length === 0 || clear.length === 0) break;
  }
  return told('held');
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

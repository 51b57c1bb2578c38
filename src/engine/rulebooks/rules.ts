import type { Rulebook } from '../../contract/rulebook.ts';

/** Everything in a rulebook that cites a clause. */
export function rulesOf({ scope, definitions, triggers, clocks, requirements }: Rulebook) {
  return [scope, ...definitions, ...triggers, ...clocks, ...requirements];
}

/** How many there are, and how many of them somebody has read. */
export function countRules(rulebook: Rulebook): { all: number; verified: number } {
  const rules = rulesOf(rulebook);
  return { all: rules.length, verified: rules.filter(({ verified }) => verified).length };
}

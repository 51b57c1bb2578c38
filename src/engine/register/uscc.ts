/** GB 32100-2015, 5: digits and capital letters without I, O, S, V, Z. */
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
/** GB 32100-2015, 5.5: powers of three modulo 31. */
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/** GB 11714-1997: the organisation code within (characters 9 to 16) has a check character of its own, the 17th. */
const innerAlphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const innerWeights = [3, 7, 9, 10, 5, 8, 4, 2];

/** What is wrong with a code; positions count from 1. */
export type UsccFault =
  | { reason: 'length'; length: number }
  /** This character never occurs there. `instead`: the one it is often mistaken for. */
  | { reason: 'character'; at: number; character: string; instead: string | null }
  /** Characters 3 to 8 are the administrative division: digits. */
  | { reason: 'division'; at: number; character: string }
  /** The check characters do not agree: one of these positions holds a wrong character, or two were swapped. */
  | { reason: 'check-inner'; from: number; to: number }
  /** As above, most likely at 1 to 8 or 18: the inner sum sees nothing wrong (it is blind to one substitution in some thirty). */
  | { reason: 'check-outer'; expected: string; found: string };

/** Checks a 统一社会信用代码 (capital letters) and says which character is wrong. Null when it is sound. */
export function findUsccFault(code: string): UsccFault | null {
  if (code.length !== 18) return { reason: 'length', length: code.length };
  for (const [index, character] of [...code].entries()) {
    if (!alphabet.includes(character)) {
      return { reason: 'character', at: index + 1, character, instead: lookAlikes[character] ?? null };
    }
    if (index >= 2 && index < 8 && !/\d/.test(character)) return { reason: 'division', at: index + 1, character };
  }
  const expected = usccCheckCharacter(code.slice(0, 17));
  const found = code.charAt(17);
  if (expected === found) return null;
  // Both sums fail: the mistake is where both look. Only the outer one fails: it is elsewhere.
  return innerHolds(code) ? { reason: 'check-outer', expected, found } : { reason: 'check-inner', from: 9, to: 17 };
}

/** The 18th character for the first 17 (GB 32100-2015, 5.5). */
export function usccCheckCharacter(first17: string): string {
  const sum = weights.reduce((total, weight, index) => total + weight * alphabet.indexOf(first17.charAt(index)), 0);
  return alphabet.charAt((31 - (sum % 31)) % 31);
}

function innerHolds(code: string): boolean {
  const sum = innerWeights.reduce(
    (total, weight, at) => total + weight * innerAlphabet.indexOf(code.charAt(8 + at)),
    0,
  );
  const check = (11 - (sum % 11)) % 11;
  return code.charAt(16) === (check === 10 ? 'X' : String(check));
}

const lookAlikes: Record<string, string> = { I: '1', O: '0', S: '5', Z: '2', V: 'U' };

/**
 * What is wrong with a 统一社会信用代码 while it is typed; the server decides. The same reckoning as src/engine/register/uscc.ts, which
 * pages cannot import; uscc.test.ts holds the two together.
 */
export type UsccFault =
  | { reason: 'length'; length: number }
  | { reason: 'character'; at: number; character: string; instead: string | null }
  | { reason: 'division'; at: number; character: string }
  | { reason: 'check-inner'; from: number; to: number }
  | { reason: 'check-outer'; expected: string; found: string };

/** GB 32100-2015, 5: digits and capital letters without I, O, S, V, Z; weights are powers of three modulo 31. */
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/** GB 11714-1997: characters 9 to 17 are a code of their own with a check character. */
const innerAlphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const innerWeights = [3, 7, 9, 10, 5, 8, 4, 2];
const lookAlikes: Record<string, string> = { I: '1', O: '0', S: '5', Z: '2', V: 'U' };

/** Wrong characters are named before the code is whole; the rest can only be said of all 18. */
export function findUsccFault(code: string): UsccFault | null {
  for (const [index, character] of [...code].entries()) {
    if (!alphabet.includes(character)) {
      return { reason: 'character', at: index + 1, character, instead: lookAlikes[character] ?? null };
    }
    if (index >= 2 && index < 8 && !/\d/.test(character)) return { reason: 'division', at: index + 1, character };
  }
  if (code.length !== 18) return { reason: 'length', length: code.length };
  const sum = weights.reduce((total, weight, at) => total + weight * alphabet.indexOf(code.charAt(at)), 0);
  const expected = alphabet.charAt((31 - (sum % 31)) % 31);
  const found = code.charAt(17);
  if (expected === found) return null;
  return innerHolds(code) ? { reason: 'check-outer', expected, found } : { reason: 'check-inner', from: 9, to: 17 };
}

function innerHolds(code: string): boolean {
  const sum = innerWeights.reduce(
    (total, weight, at) => total + weight * innerAlphabet.indexOf(code.charAt(8 + at)),
    0,
  );
  const check = (11 - (sum % 11)) % 11;
  return code.charAt(16) === (check === 10 ? 'X' : String(check));
}

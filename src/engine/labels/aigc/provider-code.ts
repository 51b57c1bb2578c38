/** A provider code taken apart (practice guide "service provider coding rules", 网安秘字〔2025〕29号): 27 characters. */
export interface ProviderCode {
  code: string;
  /** True when the whole code has the published form. */
  wellFormed: boolean;
  /** Positions 1–2; `00` is the only one published. */
  format: string;
  /** Position 3: `1` is an organisation. */
  subject: 'organisation' | 'other';
  /** Position 4: `1` means that positions 5–22 are a Unified Social Credit Code. */
  boundBy: 'uscc' | 'other';
  uscc: Uscc;
  /** Position 23. `unused` when positions 23–27 are `00000`. */
  service: 'generation' | 'propagation' | 'unused' | 'other';
  /** Positions 24–27: the provider's own number for the model or application. */
  serviceNumber: string;
}

export interface Uscc {
  code: string;
  /** Right length and alphabet, and the check digit agrees. */
  valid: boolean;
  /** Position 1: who registered the subject. */
  registrar: string;
  /** Position 2: kind of subject at that registrar. */
  kind: string;
  /** Positions 3–8: administrative division, GB/T 2260. */
  division: string;
  /** Positions 9–17: organisation code, GB 11714. */
  organisation: string;
  checkCharacter: string;
  /** The check character it should have; null when other characters are wrong already. */
  expectedCheckCharacter: string | null;
}

/** The parts of a provider code, or null when the text does not mean to be one but is a name. */
export function decodeProviderCode(text: string): ProviderCode | null {
  if (!/^0[0-9A-Za-z]{17,39}$/.test(text)) return null;
  const extension = text.slice(22, 27);
  const kind = extension[0];
  return {
    code: text,
    wellFormed: codeForm.test(text),
    format: text.slice(0, 2),
    subject: text[2] === '1' ? 'organisation' : 'other',
    boundBy: text[3] === '1' ? 'uscc' : 'other',
    uscc: validateUscc(text.slice(4, 22)),
    service: extension === '00000' ? 'unused' : kind === '1' ? 'generation' : kind === '2' ? 'propagation' : 'other',
    serviceNumber: extension.slice(1),
  };
}

/** Checks a Unified Social Credit Code by its alphabet and its check character: GB 32100-2015, modulus 31, weights 3^i. */
export function validateUscc(code: string): Uscc {
  const expected = expectedCheckCharacter(code);
  return {
    code,
    valid: code.length === 18 && expected !== null && expected === code[17],
    registrar: code.slice(0, 1),
    kind: code.slice(1, 2),
    division: code.slice(2, 8),
    organisation: code.slice(8, 17),
    checkCharacter: code.slice(17, 18),
    expectedCheckCharacter: expected,
  };
}

const codeForm = /^00[0-9A-Z]{20}(00000|[12][0-9A-Z]{4})$/;
/** No I, O, S, V, Z: they are read as digits too easily. */
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

function expectedCheckCharacter(code: string): string | null {
  if (code.length < 17) return null;
  let sum = 0;
  let weight = 1;
  for (let index = 0; index < 17; index += 1) {
    const value = alphabet.indexOf(code[index] ?? '');
    if (value < 0) return null;
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return alphabet[(31 - (sum % 31)) % 31] ?? null;
}

import type { PublicSign, Target } from '../../../../contract/target.ts';
import type { Treatment } from '../../samples/sample.ts';
import type { Seeing } from '../probe.ts';

/** CNLB-4, -5 and -6: what the public must be told of each kind of upload. */
export const due = {
  labelled: { sign: 'confirmed', requirement: 'CNLB-4' },
  declared: { sign: 'possible', requirement: 'CNLB-5' },
  traces: { sign: 'suspected', requirement: 'CNLB-6' },
  genuine: { sign: 'none', requirement: 'CNLB-6' },
} as const satisfies Partial<Record<Treatment, { sign: PublicSign; requirement: string }>>;

/** Samples of which the rules say what the public must be told. */
export type SignedTreatment = keyof typeof due;

/** A sign as it was told, against the one that is due. */
export function judgeSign(treatment: SignedTreatment, place: 'state' | 'page', told: PublicSign): Seeing {
  const { sign, requirement } = due[treatment];
  const about = { subject: `${place}/${treatment}`, requirements: [requirement], params: { due: sign, told } };
  if (told === sign) return { ...about, outcome: 'kept', code: 'sign-right' };
  if (sign === 'none') return { ...about, outcome: 'lost', code: 'genuine-flagged' };
  return { ...about, outcome: 'lost', code: told === 'none' ? 'sign-missing' : 'sign-wrong' };
}

type Says = NonNullable<Target['page']>['says'];

/** The sign in the words that a page shows. The longest text wins: "possibly AI-generated" contains "AI-generated". Null: no words to speak of. */
export function signOnPage(shown: string, says: Says): PublicSign | null {
  const words = tidy(shown);
  if (words.length < fewestWords) return null;
  const found = (['confirmed', 'possible', 'suspected'] as const).flatMap((sign) =>
    says[sign].filter((text) => words.includes(tidy(text))).map((text) => ({ sign, length: text.length })),
  );
  return found.toSorted((one, other) => other.length - one.length)[0]?.sign ?? 'none';
}

/** Characters: with fewer the page has not drawn itself, or is not the page. */
const fewestWords = 10;

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

import type { PublicSign, Target } from '../../../../contract/target.ts';
import type { Treatment } from '../../samples/sample.ts';
import type { Seeing } from '../probe.ts';
import { tidy, type UntoldReason, untoldReason } from './page-words.ts';

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

/** The sign in the words that a page shows. The longest text wins: "possibly AI-generated" contains "AI-generated". */
export function signOnPage(
  shown: { words: string; missing: readonly string[] },
  says: Says,
): { told: PublicSign | null; unread: UntoldReason | null } {
  const words = tidy(shown.words);
  const found = (['confirmed', 'possible', 'suspected'] as const).flatMap((sign) =>
    says[sign].map(tidy).flatMap((text) => (words.includes(text) ? [{ sign, length: text.length }] : [])),
  );
  const [longest] = found.toSorted((one, other) => other.length - one.length);
  const unread = untoldReason(shown);
  return { told: longest?.sign ?? (unread === null ? 'none' : null), unread };
}

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

/** The sign in a page's words. The longest text wins: "possibly AI-generated" contains "AI-generated". Null: a page without words. */
export function signOnPage(html: string, says: Says): PublicSign | null {
  const words = visibleWords(html);
  // Drawn by its script alone: somebody would have to run it.
  if (words.length < 40) return null;
  const found = (['confirmed', 'possible', 'suspected'] as const).flatMap((sign) =>
    says[sign].filter((text) => words.includes(tidy(text))).map((text) => ({ sign, length: text.length })),
  );
  return found.toSorted((one, other) => other.length - one.length)[0]?.sign ?? 'none';
}

/** Rough, and enough to find a sentence: what a browser would show, without comments, scripts, styles and tags. */
function visibleWords(html: string): string {
  return tidy(
    html
      .replace(/<!--[\s\S]*?(-->|$)/g, ' ')
      .replace(/<(script|style|template|noscript|head)\b[\s\S]*?(<\/\1\s*>|$)/gi, ' ')
      .replace(/<[^>]*>/g, ' ')
      .replace(/&middot;/g, '·')
      .replace(/&nbsp;/g, ' ')
      .replace(/&amp;/g, '&'),
  );
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

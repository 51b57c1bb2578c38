import { resultShape } from './findings.ts';
import type { FilledForm, ResultCode } from './form.ts';
import type { Block } from './sheet.ts';
import { resultWords } from './words.ts';

/** How many requirements came to which result: parts of one bar, each with its shape, its word and its number. */
export function sharesOfResults({ lang, results }: FilledForm): Block {
  const parts = order.flatMap((code) => {
    const count = results.filter(({ result }) => result === code).length;
    if (count === 0) return [];
    return [{ ...resultShape(code), word: resultWords[code][lang], count, share: count / results.length }];
  });
  return { kind: 'shares', parts };
}

const order: readonly ResultCode[] = ['conforms', 'fails', 'open', 'not-applicable'];

import { createHash } from 'node:crypto';
import type { Screening } from './screening.ts';

/** Tells whether the same bytes would be examined by the same program, models and trust lists, inside the same walls. */
export function versionsDigest({ versions, isolation }: Pick<Screening, 'versions' | 'isolation'>): string {
  const { clearmirror, verdictRule, models, trustLists } = versions;
  return createHash('sha256')
    .update(JSON.stringify([clearmirror, verdictRule, models, trustLists, isolation]))
    .digest('hex');
}

/** Of the query for who is asking; apart, because `queries.ts` and `me.ts` both need it. */
export const meKey = ['me'] as const;

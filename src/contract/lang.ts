/** The languages that Clearmirror speaks. */
export const langs = ['en', 'zh'] as const;
export type Lang = (typeof langs)[number];

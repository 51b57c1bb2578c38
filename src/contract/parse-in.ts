import { z } from 'zod';
import type { Lang } from './lang.ts';
import { say } from './words.ts';

export type Parsed<T> = { success: true; data: T } | { success: false; issues: z.core.$ZodIssue[] };

/**
 * Parses by a schema, and says what is wrong in the reader's language. What a schema has to say of its own is a key `field.…` of the
 * catalogues; the rest is said by the library.
 */
export function parseIn<T>(schema: z.ZodType<T>, value: unknown, lang: Lang): Parsed<T> {
  const parsed = schema.safeParse(value, { error: sentences[lang] });
  if (parsed.success) return parsed;
  return { success: false, issues: parsed.error.issues.map((issue) => sayIssue(issue, lang)) };
}

const sentences = { en: z.locales.en().localeError, zh: z.locales.zhCN().localeError };

function sayIssue(issue: z.core.$ZodIssue, lang: Lang): z.core.$ZodIssue {
  const message = issue.message.startsWith('field.') ? say(lang, issue.message) : issue.message;
  if (issue.code !== 'invalid_union' || issue.inclusive === false) return { ...issue, message };
  return { ...issue, message, errors: issue.errors.map((branch) => branch.map((inner) => sayIssue(inner, lang))) };
}

import { z } from 'zod';

/** What the schemas of several features are made of. What they have to say of their own is a key `field.…` of the catalogues. */

/** Names end in forms and on terminals: no control characters but a line feed, no direction overrides. */
export const clean = /^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/;
/** The same in one text, for lists. */
export const cleanLine = /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/;
export const text = (max: number) => z.string().trim().min(1).max(max).regex(clean, 'field.no-control-characters');
export const maybe = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);

/** A name or a text in Chinese, in English, or in both. */
const inWords = (max: number) =>
  z
    .strictObject({ zh: maybe(text(max)), en: maybe(text(max)) })
    .refine(({ zh, en }) => zh !== null || en !== null, 'field.one-language-at-least');
export const nameInSchema = inWords(200);
export type NameIn = z.output<typeof nameInSchema>;
export const textInSchema = inWords(4000);

export const slugSchema = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'field.short-name');
/** The id or the slug of a service or, within its service, of a function. */
export const refSchema = z.union([z.uuid(), slugSchema]);
export const daySchema = z.iso.date();
/** Part of a name. */
export const searchSchema = z.string().trim().max(100).regex(clean, 'field.no-control-characters');
export const reasonSchema = text(1000);
export const revisionSchema = z.number().int().min(0);

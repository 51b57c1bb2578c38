import { z } from 'zod';
import { daySchema, maybe, nameInSchema, revisionSchema, text } from './fields.ts';

export const companyKinds = ['unit', 'person'] as const;

export const contactSchema = z.strictObject({
  name: text(100),
  phone: maybe(z.string().regex(/^[+()0-9 -]{5,30}$/, 'field.phone')),
  email: maybe(z.email().max(254)),
});
export type Contact = z.output<typeof contactSchema>;

export const licenceSchema = z.strictObject({
  /** As it is called, such as 增值电信业务经营许可证. */
  name: text(200),
  number: text(100),
  validUntil: maybe(daySchema),
});
export type Licence = z.output<typeof licenceSchema>;

/** 统一社会信用代码, GB 32100-2015. Its check characters are verified, and `uscc-wrong` says which character cannot be right. */
export const usccSchema = z.string().trim().toUpperCase().min(1).max(40);

/**
 * As the form of 2018 asks: a unit (单位) or a natural person (个人). The identity number that it asks of a person is not kept here: it
 * is written into the form when one is made.
 */
const companyFields = {
  kind: z.enum(companyKinds),
  /** The legal name; of a person, the name on the identity card. */
  name: nameInSchema,
  /** Only of a unit. */
  uscc: maybe(usccSchema),
  /** Of a unit the place of registration, of a person the residence. */
  placeOfRegistration: maybe(text(300)),
  operationsPlace: maybe(text(300)),
  contacts: z.array(contactSchema).max(20).default([]),
  licences: z.array(licenceSchema).max(50).default([]),
};
const withoutForeignUscc = ({ kind, uscc }: { kind: string; uscc: string | null }) => kind === 'unit' || uscc === null;
export const foreignUscc = { path: ['uscc'], message: 'field.only-of-a-unit' };

export const companyFieldsSchema = z.strictObject(companyFields).refine(withoutForeignUscc, foreignUscc);
export type CompanyFields = z.output<typeof companyFieldsSchema>;
/** `revision`: the one that was seen; 0, or left out, before there is any. */
export const companyInputSchema = z
  .strictObject({ revision: revisionSchema.optional(), ...companyFields })
  .refine(withoutForeignUscc, foreignUscc);

export const companySchema = z
  .object({ revision: z.number().int(), ...companyFields, updatedAt: z.iso.datetime() })
  .meta({ id: 'Company' });
export type Company = z.output<typeof companySchema>;
/** `null` until it is written for the first time. */
export const companyAnswerSchema = z.object({ company: companySchema.nullable() });

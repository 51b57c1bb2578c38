import { z } from 'zod';
import { companyKinds, contactSchema, foreignUscc, licenceSchema, usccSchema } from './company.ts';
import { jurisdictionIds } from './facts.ts';
import { daySchema, nameInSchema, reasonSchema, slugSchema, text, textInSchema } from './fields.ts';
import {
  addressSchema,
  featuresSchema,
  functionFactsSchema,
  newFigureSchema,
  serviceFactsSchema,
  serviceTypes,
} from './register.ts';
import { targetSchema } from './target.ts';

/** `clearmirror.yaml`, and what it would change in the register. */

export const registerDocumentName = 'clearmirror.register/1';

// What a document leaves out stays as it is; `null` says that it is not known or not there; a list that is given is the whole list.
const companyDocumentSchema = z
  .strictObject({
    kind: z.enum(companyKinds).describe('unit 单位 or person 个人'),
    name: nameInSchema.describe('The legal name.'),
    uscc: usccSchema.nullable().optional().describe('统一社会信用代码, 18 characters. Only of a unit.'),
    placeOfRegistration: text(300).nullable().optional(),
    operationsPlace: text(300).nullable().optional().describe('Where the operations team is.'),
    contacts: z.array(contactSchema).max(20).optional(),
    licences: z.array(licenceSchema).max(50).optional(),
  })
  .refine(({ kind, uscc }) => kind === 'unit' || !uscc, foreignUscc);

const functionDocumentSchema = z.strictObject({
  slug: slugSchema,
  name: nameInSchema,
  description: textInSchema.nullable().optional(),
  features: featuresSchema.describe('All that it offers; an empty list says: none of these.'),
  facts: functionFactsSchema.optional().describe('Facts of this version. What is left out of them is unknown.'),
  plannedLaunch: daySchema.nullable().optional(),
  version: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('Raise it by one for a material change, with `reason` and `facts`.'),
  reason: reasonSchema.optional().describe('Why this version was made.'),
  launchedOn: daySchema
    .optional()
    .describe('The day on which this version was launched. Without it the version is planned.'),
});
export type FunctionDocument = z.output<typeof functionDocumentSchema>;

const serviceDocumentSchema = z.strictObject({
  slug: slugSchema,
  name: nameInSchema,
  type: z.enum(serviceTypes),
  addresses: z.array(addressSchema).max(50).optional(),
  description: textInSchema.nullable().optional(),
  jurisdictions: z
    .array(z.enum(jurisdictionIds))
    .max(jurisdictionIds.length)
    .nullable()
    .optional()
    .describe('Where it is offered to the public.'),
  features: featuresSchema.nullable().optional().describe('What it offers besides its functions.'),
  facts: serviceFactsSchema.optional(),
  plannedLaunch: daySchema.nullable().optional(),
  launchedOn: daySchema
    .optional()
    .describe('The day on which the service went online. Without it the service is planned.'),
  figures: z.array(newFigureSchema).max(500).optional(),
  functions: z.array(functionDocumentSchema).max(500).optional(),
  target: targetSchema
    .optional()
    .describe('How `clearmirror assess` reaches it (docs/target.md). The register does not keep it.'),
});
export type ServiceDocument = z.output<typeof serviceDocumentSchema>;

/** `clearmirror.yaml`: what a company keeps about its services in its own repository. docs/register.md. */
export const registerDocumentSchema = z.strictObject({
  schema: z.literal(registerDocumentName),
  company: companyDocumentSchema.optional(),
  services: z.array(serviceDocumentSchema).max(200).optional(),
});
export type RegisterDocument = z.output<typeof registerDocumentSchema>;

/** A field before and after, by its path, such as `facts.isGenerator`. */
export const fieldChangeSchema = z.object({ field: z.string(), before: z.unknown(), after: z.unknown() });
export type FieldChange = z.output<typeof fieldChangeSchema>;

export const planActions = ['add', 'change', 'launch', 'new-version', 'note-figure', 'withdraw'] as const;
export const planItemSchema = z
  .object({
    action: z.enum(planActions),
    subject: z.object({
      type: z.enum(['company', 'service', 'function']),
      service: z.string().nullable(),
      function: z.string().nullable(),
    }),
    changes: z.array(fieldChangeSchema),
  })
  .meta({ id: 'PlanItem' });
export type PlanItem = z.output<typeof planItemSchema>;

/** Something in the document that cannot be applied, by its path in the document. */
export const planObstacleSchema = z
  .object({ code: z.string(), path: z.array(z.union([z.string(), z.number()])), message: z.string() })
  .meta({ id: 'PlanObstacle' });

export const registerPlanSchema = z
  .object({
    items: z.array(planItemSchema),
    obstacles: z.array(planObstacleSchema),
    /** Of what was planned upon what: `apply` with it does exactly this or nothing. */
    hash: z.string(),
  })
  .meta({ id: 'RegisterPlan' });
export type RegisterPlan = z.output<typeof registerPlanSchema>;

/** `prune`: withdraw what the document does not name. */
export const askPlanSchema = z.strictObject({ document: registerDocumentSchema, prune: z.boolean().default(false) });
export const applyPlanSchema = askPlanSchema.extend({ hash: z.string().max(100) });

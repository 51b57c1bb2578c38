import { z } from 'zod';
import { factsSchema, featureTags, figureSchema, jurisdictionIds } from './facts.ts';
import {
  clean,
  daySchema,
  maybe,
  nameInSchema,
  reasonSchema,
  refSchema,
  revisionSchema,
  searchSchema,
  slugSchema,
  textInSchema,
} from './fields.ts';
import { pageOf, pageQuerySchema } from './paging.ts';

/**
 * What a company registers: itself, its services, their functions, figures and happenings. `revision` counts the edits of a row: who
 * edits says which revision they saw, in the body or as `If-Match`. The `version` of a function counts its material changes.
 */

// ── services 服务

export const serviceTypes = ['site', 'app'] as const;
/** `planned → launched → withdrawn`; a planned service may be withdrawn too. */
export const serviceStates = ['planned', 'launched', 'withdrawn'] as const;
export type ServiceState = (typeof serviceStates)[number];
/** `planned → launched → changed → launched … → withdrawn`. `changed`: a material change is planned, a new version. */
export const functionStates = ['planned', 'launched', 'changed', 'withdrawn'] as const;
export type FunctionState = (typeof functionStates)[number];

export const figureKinds = ['registeredUsers', 'mau', 'dau', 'euAmar', 'caMonthlyUsers'] as const;
export type FigureKind = (typeof figureKinds)[number];

/** Facts that belong to a service. What is left out is unknown, never "no". */
export const serviceFactsSchema = factsSchema.pick({
  opinionOrMobilisation: true,
  offeredToPublic: true,
  hostsUserContent: true,
  isGenerator: true,
  isPropagator: true,
  isNewsService: true,
  isAppStore: true,
  isApiProvider: true,
  euDesignation: true,
});
export type ServiceFacts = z.output<typeof serviceFactsSchema>;

/** Facts that belong to a function, or to the change that makes its current version. */
export const functionFactsSchema = factsSchema.pick({
  opinionOrMobilisation: true,
  isGenerator: true,
  usesNewTech: true,
  materialChange: true,
  criticalImpact: true,
  editsBiometrics: true,
  touchesNationalSecurityScene: true,
  realisticOutput: true,
});
export type FunctionFacts = z.output<typeof functionFactsSchema>;

export const featuresSchema = z.array(z.enum(featureTags)).max(featureTags.length);
export const addressSchema = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .regex(clean, 'field.no-control-characters');

export const serviceFields = {
  slug: slugSchema,
  name: nameInSchema,
  type: z.enum(serviceTypes),
  /** Web addresses; of an app also its pages in the app stores. */
  addresses: z.array(addressSchema).max(50).default([]),
  description: maybe(textInSchema),
  /** Where it is offered to the public. `null`: not stated, which keeps the gate shut. */
  jurisdictions: maybe(z.array(z.enum(jurisdictionIds)).max(jurisdictionIds.length)),
  /** What it offers besides its registered functions. `null`: only those. */
  features: maybe(featuresSchema),
  facts: serviceFactsSchema.default({}),
  plannedLaunch: maybe(daySchema),
};
export const newServiceSchema = z.strictObject(serviceFields);
export type NewService = z.output<typeof newServiceSchema>;
/** What is left out stays. */
export const serviceChangesSchema = z.strictObject({
  revision: revisionSchema.optional(),
  slug: slugSchema.optional(),
  name: nameInSchema.optional(),
  type: z.enum(serviceTypes).optional(),
  addresses: z.array(addressSchema).max(50).optional(),
  description: textInSchema.nullable().optional(),
  jurisdictions: z.array(z.enum(jurisdictionIds)).max(jurisdictionIds.length).nullable().optional(),
  features: featuresSchema.nullable().optional(),
  facts: serviceFactsSchema.optional(),
  plannedLaunch: daySchema.nullable().optional(),
});
export type ServiceChanges = z.output<typeof serviceChangesSchema>;

export const serviceMoveSchema = z.strictObject({
  revision: revisionSchema.optional(),
  to: z.enum(['launched', 'withdrawn']),
  on: daySchema,
  /** Needed to withdraw. */
  reason: maybe(reasonSchema),
});

/** A figure as it was noted. Figures are added, never overwritten; of two for the same day the later one counts. */
export const notedFigureSchema = z
  .object({
    id: z.uuid(),
    kind: z.enum(figureKinds),
    value: z.number().int().nonnegative(),
    asOf: daySchema,
    notedAt: z.iso.datetime(),
    notedBy: z.string().nullable(),
  })
  .meta({ id: 'NotedFigure' });
export type NotedFigure = z.output<typeof notedFigureSchema>;
export const newFigureSchema = figureSchema.extend({ kind: z.enum(figureKinds) });
export type NewFigure = z.output<typeof newFigureSchema>;

const lifeFields = {
  plannedLaunch: daySchema.nullable(),
  launchedOn: daySchema.nullable(),
  withdrawnOn: daySchema.nullable(),
  withdrawnReason: z.string().nullable(),
};

export const serviceSchema = z
  .object({
    id: z.uuid(),
    revision: z.number().int(),
    ...serviceFields,
    state: z.enum(serviceStates),
    ...lifeFields,
    /** The newest figure of each kind. */
    figures: z.partialRecord(z.enum(figureKinds), figureSchema),
    /** Functions that are not withdrawn. */
    functions: z.number().int(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Service' });
export type Service = z.output<typeof serviceSchema>;

export const serviceQuerySchema = pageQuerySchema.extend({
  search: searchSchema.optional().describe('Part of a name or slug.'),
  state: z
    .enum([...serviceStates, 'live'])
    .optional()
    .describe('`live`: not withdrawn.'),
  type: z.enum(serviceTypes).optional(),
  jurisdiction: z.enum(jurisdictionIds).optional(),
  feature: z
    .enum(featureTags)
    .optional()
    .describe('It, or one of its functions that are not withdrawn, has this feature.'),
});
export const servicesSchema = pageOf(serviceSchema);
export const figureQuerySchema = pageQuerySchema.extend({ kind: z.enum(figureKinds).optional() });
export const figuresSchema = pageOf(notedFigureSchema);

// ── functions 功能

export const functionFields = {
  slug: slugSchema,
  name: nameInSchema,
  description: maybe(textInSchema),
  /** All that it offers; an empty list says: none of these. */
  features: featuresSchema,
  facts: functionFactsSchema.default({}),
  plannedLaunch: maybe(daySchema),
};
export const newFunctionSchema = z.strictObject(functionFields);
export type NewFunction = z.output<typeof newFunctionSchema>;

/**
 * What is left out stays. `features` and `facts` may be edited while the version is planned and nothing was filed about it; afterwards a
 * material change makes a new version (`facts-fixed`).
 */
export const functionChangesSchema = z.strictObject({
  revision: revisionSchema.optional(),
  slug: slugSchema.optional(),
  name: nameInSchema.optional(),
  description: textInSchema.nullable().optional(),
  features: featuresSchema.optional(),
  facts: functionFactsSchema.optional(),
  plannedLaunch: daySchema.nullable().optional(),
});
export type FunctionChanges = z.output<typeof functionChangesSchema>;

export const functionMoveSchema = z.discriminatedUnion('to', [
  z.strictObject({ to: z.literal('launched'), revision: revisionSchema.optional(), on: daySchema }),
  /** Plans a material change: a new version with features and facts of its own (both whole). */
  z.strictObject({
    to: z.literal('changed'),
    revision: revisionSchema.optional(),
    reason: reasonSchema,
    features: featuresSchema,
    facts: functionFactsSchema,
    plannedLaunch: maybe(daySchema),
  }),
  z.strictObject({
    to: z.literal('withdrawn'),
    revision: revisionSchema.optional(),
    on: daySchema,
    reason: reasonSchema,
  }),
]);
export type FunctionMove = z.output<typeof functionMoveSchema>;

export const serviceFunctionSchema = z
  .object({
    id: z.uuid(),
    revision: z.number().int(),
    service: z.object({ id: z.uuid(), slug: slugSchema, name: nameInSchema }),
    ...functionFields,
    /** Counts material changes, from 1. Features, facts and dates are those of this version. */
    version: z.number().int().min(1),
    state: z.enum(functionStates),
    ...lifeFields,
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'ServiceFunction' });
export type ServiceFunction = z.output<typeof serviceFunctionSchema>;

export const functionVersionSchema = z
  .object({
    version: z.number().int().min(1),
    features: featuresSchema,
    facts: functionFactsSchema,
    /** Why it was changed; `null` for the first. */
    reason: z.string().nullable(),
    plannedLaunch: daySchema.nullable(),
    launchedOn: daySchema.nullable(),
    madeAt: z.iso.datetime(),
    madeBy: z.string().nullable(),
  })
  .meta({ id: 'FunctionVersion' });
export type FunctionVersion = z.output<typeof functionVersionSchema>;

export const functionQuerySchema = pageQuerySchema.extend({
  service: refSchema.optional(),
  search: searchSchema.optional().describe('Part of a name or slug.'),
  state: z
    .enum([...functionStates, 'live'])
    .optional()
    .describe('`live`: not withdrawn.'),
  feature: z.enum(featureTags).optional(),
});
export const functionsSchema = pageOf(serviceFunctionSchema);
export const functionVersionsSchema = pageOf(functionVersionSchema);

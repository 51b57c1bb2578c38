import { z } from 'zod';
import { dayOrMomentSchema, factsSchema, featureTags, figureSchema, jurisdictionIds } from './facts.ts';
import { pageOf, pageQuerySchema } from './paging.ts';

/**
 * What a company registers: itself, its services, their functions, figures and happenings. `revision` counts the edits of a row: who
 * edits says which revision they saw, in the body or as `If-Match`. The `version` of a function counts its material changes.
 */

// Names end in forms and on terminals: no control characters, no direction overrides.
const clean = /^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/;
const line = (max: number) => z.string().trim().min(1).max(max).regex(clean, 'field.no-control-characters');
const maybe = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);

/** A name or a text in Chinese, in English, or in both. */
const inWords = (max: number) =>
  z
    .strictObject({ zh: maybe(line(max)), en: maybe(line(max)) })
    .refine(({ zh, en }) => zh !== null || en !== null, 'field.one-language-at-least');
export const nameInSchema = inWords(200);
export type NameIn = z.output<typeof nameInSchema>;
const textInSchema = inWords(4000);

export const slugSchema = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'field.short-name');
/** The id or the slug of a service or, within its service, of a function. */
export const refSchema = z.union([z.uuid(), slugSchema]);
const daySchema = z.iso.date();
/** Part of a name. */
export const searchSchema = z.string().trim().max(100).regex(clean, 'field.no-control-characters');
const reasonSchema = line(1000);
const revisionSchema = z.number().int().min(0);

// ── the company 主体

export const companyKinds = ['unit', 'person'] as const;

export const contactSchema = z.strictObject({
  name: line(100),
  phone: maybe(z.string().regex(/^[+()0-9 -]{5,30}$/, 'field.phone')),
  email: maybe(z.email().max(254)),
});
export type Contact = z.output<typeof contactSchema>;

export const licenceSchema = z.strictObject({
  /** As it is called, such as 增值电信业务经营许可证. */
  name: line(200),
  number: line(100),
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
  placeOfRegistration: maybe(line(300)),
  operationsPlace: maybe(line(300)),
  contacts: z.array(contactSchema).max(20).default([]),
  licences: z.array(licenceSchema).max(50).default([]),
};
const withoutForeignUscc = ({ kind, uscc }: { kind: string; uscc: string | null }) => kind === 'unit' || uscc === null;
const foreignUscc = { path: ['uscc'], message: 'field.only-of-a-unit' };

export const companyFieldsSchema = z.strictObject(companyFields).refine(withoutForeignUscc, foreignUscc);
export type CompanyFields = z.output<typeof companyFieldsSchema>;
/** `revision`: the one that was seen, 0 before there is any. */
export const companyInputSchema = z
  .strictObject({ revision: revisionSchema.optional(), ...companyFields })
  .refine(withoutForeignUscc, foreignUscc);

export const companySchema = z
  .object({ revision: z.number().int(), ...companyFields, updatedAt: z.iso.datetime() })
  .meta({ id: 'Company' });
export type Company = z.output<typeof companySchema>;
/** `null` until it is written for the first time. */
export const companyAnswerSchema = z.object({ company: companySchema.nullable() });

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

const featuresSchema = z.array(z.enum(featureTags)).max(featureTags.length);
const addressSchema = z
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

// ── happenings 情形: what befalls a service and may make an assessment due

export const happeningKinds = ['incident', 'authority-notice', 'user-growth'] as const;
export type HappeningKind = (typeof happeningKinds)[number];

const incident = factsSchema.shape.incident.unwrap().omit({ on: true });
const notice = factsSchema.shape.authorityNotice
  .unwrap()
  .omit({ date: true })
  .extend({ name: line(200).optional() });
const note = maybe(line(2000));

export const newHappeningSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('incident'), on: dayOrMomentSchema, ...incident.shape, note }),
  /** `on`: the date on the notice. */
  z.strictObject({ kind: z.literal('authority-notice'), on: dayOrMomentSchema, ...notice.shape, note }),
  z.strictObject({ kind: z.literal('user-growth'), on: daySchema, note }),
]);
export type NewHappening = z.output<typeof newHappeningSchema>;

export const happeningSchema = z
  .object({
    id: z.uuid(),
    service: z.object({ id: z.uuid(), slug: slugSchema, name: nameInSchema }),
    kind: z.enum(happeningKinds),
    on: z.string(),
    incident: incident.nullable(),
    notice: notice.nullable(),
    note: z.string().nullable(),
    recordedAt: z.iso.datetime(),
    recordedBy: z.string().nullable(),
    /** Nothing more follows from it; said with a reason. */
    settledAt: z.iso.datetime().nullable(),
    settledReason: z.string().nullable(),
  })
  .meta({ id: 'Happening' });
export type Happening = z.output<typeof happeningSchema>;
export const happeningsSchema = pageOf(happeningSchema);
export const happeningQuerySchema = pageQuerySchema.extend({ open: z.stringbool().optional() });
export const settleSchema = z.strictObject({ reason: reasonSchema });

// ── clearmirror.yaml

export const registerDocumentName = 'clearmirror.register/1';

// What a document leaves out stays as it is; `null` says that it is not known or not there; a list that is given is the whole list.
const companyDocumentSchema = z
  .strictObject({
    kind: z.enum(companyKinds).describe('unit 单位 or person 个人'),
    name: nameInSchema.describe('The legal name.'),
    uscc: usccSchema.nullable().optional().describe('统一社会信用代码, 18 characters. Only of a unit.'),
    placeOfRegistration: line(300).nullable().optional(),
    operationsPlace: line(300).nullable().optional().describe('Where the operations team is.'),
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

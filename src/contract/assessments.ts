import { z } from 'zod';
import { assessmentRecordSchema, probeIds, requirementResults, severities } from './assessment.ts';
import {
  clean,
  cleanLine,
  daySchema,
  nameInSchema,
  reasonSchema,
  refSchema,
  revisionSchema,
  slugSchema,
} from './fields.ts';
import { storedDocumentSchema } from './filings.ts';
import { pageOf, pageQuerySchema } from './paging.ts';
import { bothSchema, methods, provenances, rulebookIdSchema, ruleIdSchema } from './rulebook.ts';
import { doerSchema } from './screenings.ts';
import { targetSchema } from './target.ts';

/** The assessment workspace: what the server keeps of one assessment. docs/workflows/assessment-workspace.md draws its life. */

export const assessmentStates = [
  'draft',
  'assessing',
  'rectifying',
  'concluding',
  'signed',
  'filed',
  'abandoned',
] as const;
export type AssessmentState = (typeof assessmentStates)[number];

const line = (max: number) => z.string().trim().min(1).max(max).regex(cleanLine, 'field.no-control-characters');
const words = (max: number) => z.string().trim().min(1).max(max).regex(clean, 'field.no-control-characters');
const moment = z.iso.datetime({ offset: true });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A member of the organisation. */
const personSchema = z.object({ id: z.string(), name: z.string() });
const personId = z.string().min(1).max(100);

export const ruleRefSchema = z.strictObject({ rulebook: rulebookIdSchema, id: ruleIdSchema });
export type RuleRef = z.output<typeof ruleRefSchema>;

// ── targets 被测服务

/** A target as it is kept here: values of secrets come apart from it, and never go out again. */
export const keptTargetSchema = targetSchema.safeExtend({ secrets: z.strictObject({}).default({}) });

const secretChangesSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'field.short-name'),
  z
    .string()
    .min(1)
    .max(4_000)
    // A header would break on anything else, and a request could be smuggled.
    .regex(/^[\x21-\x7e]+( [\x21-\x7e]+)*$/, 'field.secret')
    .nullable(),
);

export const newServiceTargetSchema = z.strictObject({
  revision: revisionSchema.describe('The one that was seen; 0: none was there.'),
  target: keptTargetSchema,
  /** Null forgets one; what is left out stays. */
  secrets: secretChangesSchema.default({}),
});

export const serviceTargetSchema = z
  .object({
    revision: revisionSchema,
    /** As it was written; null: nobody said yet how the service is reached. */
    target: z.record(z.string(), z.unknown()).nullable(),
    /** Names of the secrets that are kept. */
    secrets: z.array(z.string()),
    changedAt: z.iso.datetime().nullable(),
    by: doerSchema.nullable(),
  })
  .meta({ id: 'ServiceTarget' });
export type ServiceTarget = z.output<typeof serviceTargetSchema>;

// ── the assessment 安全评估

export const newAssessmentSchema = z.strictObject({
  service: refSchema,
  function: refSchema.nullable().default(null),
  rulebooks: z.array(rulebookIdSchema).min(1).max(20),
  /** A re-assessment: starts from that one and shows what changed. */
  previous: z.uuid().nullable().default(null),
});
export type NewAssessment = z.output<typeof newAssessmentSchema>;

const signatorySchema = z.strictObject({ person: personId, role: line(200) });
/** By `<section>.<field>` of the rulebook's form, before it the rulebook: `cn-2018/unit.name`. */
const answersSchema = z.record(z.string().regex(/^[a-z0-9-]+\/[a-z0-9_]+\.[a-z0-9_]+$/), words(20_000).nullable());

export const assessmentChangesSchema = z.strictObject({
  revision: revisionSchema.optional(),
  conclusion: words(20_000).nullable().optional(),
  /** What only people can say in the official form. What is left out stays; null takes an answer back. */
  answers: answersSchema.optional(),
  signatories: z.array(signatorySchema).max(20).optional(),
});
export type AssessmentChanges = z.output<typeof assessmentChangesSchema>;

const seen = { revision: revisionSchema.optional() };
export const assessmentMoveSchema = z.discriminatedUnion('to', [
  z.strictObject({ to: z.literal('assessing'), ...seen, reason: reasonSchema.nullable().default(null) }),
  z.strictObject({ to: z.literal('rectifying'), ...seen }),
  /** The report that was recorded under Filings. */
  z.strictObject({ to: z.literal('filed'), ...seen, filing: z.uuid() }),
  z.strictObject({ to: z.literal('abandoned'), ...seen, reason: reasonSchema }),
]);
export type AssessmentMove = z.output<typeof assessmentMoveSchema>;

/** What stands in the way of the conclusion. */
export const blockCodes = [
  'requirement-open',
  'no-evidence',
  'evidence-lapsed',
  'hazard-open',
  'run-under-way',
  'conclusion-missing',
  'signatory-missing',
] as const;
export const blockSchema = z
  .object({
    code: z.enum(blockCodes),
    requirement: ruleRefSchema.nullable(),
    hazard: z.uuid().nullable(),
    evidence: z.uuid().nullable(),
  })
  .meta({ id: 'AssessmentBlock' });
export type Block = z.output<typeof blockSchema>;

export const changeKinds = ['added', 'text', 'result'] as const;

export const requirementItemSchema = z
  .object({
    rulebook: z.string(),
    id: ruleIdSchema,
    clause: bothSchema,
    title: bothSchema,
    text: bothSchema,
    verified: z.boolean(),
    provenance: z.enum(provenances),
    method: z.array(z.enum(methods)),
    result: z.enum(requirementResults),
    /** In the words of whoever answered. */
    reason: z.string().nullable(),
    /** What the probes said last. */
    tested: z
      .object({
        run: z.uuid(),
        at: z.iso.datetime(),
        result: z.enum(requirementResults),
        code: z.string(),
        probes: z.array(z.enum(probeIds)),
        kept: z.number().int(),
        lost: z.number().int(),
        unclear: z.number().int(),
      })
      .nullable(),
    answeredBy: z.enum(['probe', 'person']).nullable(),
    answeredAt: z.iso.datetime().nullable(),
    by: doerSchema.nullable(),
    assignee: personSchema.nullable(),
    dueOn: daySchema.nullable(),
    /** Ids of evidence that is not withdrawn. */
    evidence: z.array(z.uuid()),
    hazards: z.array(z.uuid()),
    comments: z.number().int(),
    /** In the assessment before. */
    before: z.object({ result: z.enum(requirementResults), reason: z.string().nullable() }).nullable(),
    changed: z.array(z.enum(changeKinds)),
  })
  .meta({ id: 'RequirementItem' });
export type RequirementItem = z.output<typeof requirementItemSchema>;

export const answerChangesSchema = z
  .strictObject({
    result: z.enum(requirementResults).optional(),
    reason: words(8_000).nullable().optional(),
    assignee: personId.nullable().optional(),
    dueOn: daySchema.nullable().optional(),
    /** The result that was seen: an answer over one that changed meanwhile is refused. */
    seen: z.enum(requirementResults).optional(),
  })
  .refine(
    ({ result, reason }) => result === undefined || result === 'open' || (reason ?? null) !== null,
    'field.answer-reason',
  );
export type AnswerChanges = z.output<typeof answerChangesSchema>;

// ── evidence 证据

export const evidenceKinds = ['file', 'probe-run', 'screening', 'link', 'attestation'] as const;
const evidenceFields = {
  title: line(300),
  /** When what it shows was so. */
  observedAt: moment,
  /** From then on it supports nothing. */
  validUntil: moment.nullable().default(null),
  requirements: z.array(ruleRefSchema).min(1).max(200),
};
export const newEvidenceSchema = z.discriminatedUnion('kind', [
  /** Handed in before, `POST /api/v1/filing-documents`. */
  z.strictObject({ kind: z.literal('file'), ...evidenceFields, sha256 }),
  z.strictObject({
    kind: z.literal('link'),
    ...evidenceFields,
    url: z
      .url({ protocol: /^https?$/ })
      .max(1_000)
      .regex(cleanLine, 'field.no-control-characters'),
  }),
  z.strictObject({ kind: z.literal('attestation'), ...evidenceFields, statement: words(8_000) }),
  z.strictObject({ kind: z.literal('screening'), ...evidenceFields, screening: z.uuid() }),
]);
export type NewEvidence = z.output<typeof newEvidenceSchema>;

export const evidenceSchema = z
  .object({
    id: z.uuid(),
    no: z.number().int(),
    kind: z.enum(evidenceKinds),
    title: z.string(),
    observedAt: z.iso.datetime(),
    receivedAt: z.iso.datetime(),
    validUntil: z.iso.datetime().nullable(),
    lapsed: z.boolean(),
    /** Of the file, of the run of the probe, of the examined media, or of the words of an attestation. */
    sha256: z.string().nullable(),
    file: storedDocumentSchema.nullable(),
    url: z.string().nullable(),
    statement: z.string().nullable(),
    screening: z.uuid().nullable(),
    run: z.object({ id: z.uuid(), probe: z.enum(probeIds) }).nullable(),
    requirements: z.array(ruleRefSchema),
    by: doerSchema.nullable(),
    /** Taken over from the assessment before. */
    carriedFrom: z.uuid().nullable(),
    withdrawn: z.object({ at: z.iso.datetime(), reason: z.string() }).nullable(),
  })
  .meta({ id: 'Evidence' });
export type Evidence = z.output<typeof evidenceSchema>;
export const withdrawEvidenceSchema = z.strictObject({ reason: reasonSchema });

// ── runs of probes 探针运行

export const runStates = ['queued', 'working', 'done', 'failed', 'stopped'] as const;
export type RunState = (typeof runStates)[number];
export const newRunSchema = z.strictObject({
  /** How many in all. */
  samples: z.number().int().min(1).max(2_000).default(200),
  /** Those that the requirements ask for when left out. */
  probes: z.array(z.enum(probeIds)).min(1).max(probeIds.length).optional(),
  /** Publications that a search for the shortest chain of edits may take besides; 0 makes none. */
  search: z.number().int().min(0).max(2_000).default(0),
});
/** One letter for each step that is done, in order: everything kept, something lost, something unclear. */
export const probeProgressSchema = z.object({
  probe: z.enum(probeIds),
  samples: z.number().int(),
  marks: z.string().regex(/^[klu]*$/),
  done: z.boolean(),
});
export type ProbeProgress = z.output<typeof probeProgressSchema>;
export const runSchema = z
  .object({
    id: z.uuid(),
    state: z.enum(runStates),
    samples: z.number().int(),
    probes: z.array(z.enum(probeIds)).nullable(),
    search: z.number().int(),
    step: z.enum(['samples', 'probes', 'search', 'clean-up']).nullable(),
    progress: z.array(probeProgressSchema),
    failure: z
      .object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) })
      .nullable(),
    /** How often work on it began: more than once, and it went on where another process died. */
    starts: z.number().int(),
    requests: z.number().int().nullable(),
    leftBehind: z.number().int().nullable(),
    recordSha256: z.string().nullable(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    endedAt: z.iso.datetime().nullable(),
    by: doerSchema.nullable(),
  })
  .meta({ id: 'AssessmentRun' });
export type Run = z.output<typeof runSchema>;
export const runDetailSchema = runSchema
  .extend({ assessment: z.uuid(), record: assessmentRecordSchema.nullable() })
  .meta({ id: 'AssessmentRunDetail' });

// ── hazards 隐患, and their rectification 整改

export const hazardStates = ['open', 'planned', 'done', 'verified'] as const;
export type HazardState = (typeof hazardStates)[number];
export const impacts = ['misleads', 'hinders', 'weakens'] as const;
export const frequencies = ['usual', 'frequent', 'occasional'] as const;

export const newHazardSchema = z.strictObject({
  title: line(500),
  impact: z.enum(impacts),
  frequency: z.enum(frequencies),
  requirements: z.array(ruleRefSchema).min(1).max(50),
  reproduce: z.array(words(2_000)).max(20).default([]),
});
export type NewHazard = z.output<typeof newHazardSchema>;

export const hazardMoveSchema = z.discriminatedUnion('to', [
  /** Who, and by when. */
  z.strictObject({ to: z.literal('planned'), ...seen, owner: personId, dueOn: daySchema, plan: words(4_000) }),
  z.strictObject({ to: z.literal('extended'), ...seen, dueOn: daySchema, reason: reasonSchema }),
  z.strictObject({ to: z.literal('done'), ...seen, note: words(4_000) }),
  z.strictObject({ to: z.literal('open'), ...seen, reason: reasonSchema }),
  /** Only of what no probe found: by evidence of this assessment. */
  z.strictObject({ to: z.literal('verified'), ...seen, evidence: z.uuid() }),
]);
export type HazardMove = z.output<typeof hazardMoveSchema>;

export const hazardStepSchema = z.object({
  to: z.enum(['found', 'planned', 'extended', 'done', 'open', 'verified', 'found-again', 'not-verified']),
  at: z.iso.datetime(),
  by: doerSchema.nullable(),
  dueOn: daySchema.nullable(),
  note: z.string().nullable(),
  run: z.uuid().nullable(),
});
export const hazardSchema = z
  .object({
    id: z.uuid(),
    no: z.number().int(),
    revision: revisionSchema,
    assessment: z.object({ id: z.uuid(), state: z.enum(assessmentStates) }),
    service: z.object({ id: z.uuid(), slug: slugSchema, name: nameInSchema }),
    function: z.object({ id: z.uuid(), slug: slugSchema, name: nameInSchema }).nullable(),
    /** Written by a person; null where a probe found it, and `seen` says what. */
    title: z.string().nullable(),
    seen: z
      .object({
        probe: z.enum(probeIds),
        subject: z.string(),
        code: z.string(),
        params: z.record(z.string(), z.union([z.string(), z.number()])),
        lost: z.number().int(),
        tried: z.number().int(),
        reproduce: z.array(
          z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) }),
        ),
        run: z.uuid(),
        /** Found by a search over chains of edits: another search verifies it. */
        search: z.boolean(),
      })
      .nullable(),
    reproduce: z.array(z.string()),
    requirements: z.array(ruleRefSchema),
    severity: z.enum(severities),
    /** False: it breaks only rules whose text nobody has read, so it warns and holds nothing up. */
    verifiedRule: z.boolean(),
    state: z.enum(hazardStates),
    owner: personSchema.nullable(),
    plan: z.string().nullable(),
    foundAt: z.iso.datetime(),
    plannedAt: z.iso.datetime().nullable(),
    /** The one that stands, after extensions. */
    dueOn: daySchema.nullable(),
    firstDueOn: daySchema.nullable(),
    doneAt: z.iso.datetime().nullable(),
    verifiedAt: z.iso.datetime().nullable(),
    steps: z.array(hazardStepSchema),
  })
  .meta({ id: 'Hazard' });
export type Hazard = z.output<typeof hazardSchema>;
export const hazardsSchema = pageOf(hazardSchema);
export const hazardQuerySchema = pageQuerySchema.extend({
  assessment: z.uuid().optional(),
  service: refSchema.optional(),
  state: z.enum(hazardStates).optional(),
  owner: personId.optional(),
  /** Not verified yet. */
  open: z.stringbool().optional(),
});

// ── comments 意见

export const newCommentSchema = z.strictObject({
  text: words(4_000),
  requirement: ruleRefSchema.nullable().default(null),
  hazard: z.uuid().nullable().default(null),
});
export const commentSchema = z
  .object({
    id: z.uuid(),
    text: z.string(),
    requirement: ruleRefSchema.nullable(),
    hazard: z.uuid().nullable(),
    at: z.iso.datetime(),
    by: doerSchema.nullable(),
  })
  .meta({ id: 'AssessmentComment' });
export type Comment = z.output<typeof commentSchema>;

// ── the report and its signatures 评估报告、签署

export const reportFileSchema = z.object({
  name: z.string(),
  mediaType: z.string(),
  bytes: z.number().int(),
  sha256,
});
/** Fixed when it was concluded. `sha256` is that of the manifest, which names every file with its own: it is what is signed. */
export const reportSchema = z
  .object({
    sha256,
    at: z.iso.datetime(),
    files: z.array(reportFileSchema),
    /** Those that the asking person opened. */
    read: z.array(z.string()),
  })
  .meta({ id: 'AssessmentReport' });

export const signatureSchema = z
  .object({
    id: z.uuid(),
    person: personSchema,
    role: z.string(),
    reportSha256: sha256,
    algorithm: z.literal('Ed25519'),
    /** Base64url of the 32 bytes of the key, and of the 64 of the signature over the 32 bytes of `reportSha256`. */
    publicKey: z.string(),
    signature: z.string(),
    at: z.iso.datetime(),
    voided: z.object({ at: z.iso.datetime(), reason: z.string() }).nullable(),
  })
  .meta({ id: 'AssessmentSignature' });
export type Signature = z.output<typeof signatureSchema>;

export const signSchema = z.strictObject({
  /** Which report was read. */
  reportSha256: sha256,
  key: z.uuid(),
  signature: z.base64url().length(86),
});
export const newSigningKeySchema = z.strictObject({
  name: line(100),
  publicKey: z.base64url().length(43),
  /** Over the UTF-8 of `clearmirror signing key <person id>`: whoever registers it holds it. */
  proof: z.base64url().length(86),
});
export const signingKeySchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    publicKey: z.string(),
    /** The first 16 hex digits of the SHA-256 of the key, in fours. */
    fingerprint: z.string(),
    madeAt: z.iso.datetime(),
    revokedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'SigningKey' });
export const signingKeysSchema = pageOf(signingKeySchema);

// ── the whole

export const assessmentItemSchema = z
  .object({
    id: z.uuid(),
    revision: revisionSchema,
    state: z.enum(assessmentStates),
    service: z.object({ id: z.uuid(), slug: slugSchema, name: nameInSchema }),
    function: z.object({ id: z.uuid(), slug: slugSchema, name: nameInSchema, version: z.number().int() }).nullable(),
    /** As they were when it began. `form`: the report has a sheet in its name. */
    rulebooks: z.array(z.object({ id: z.string(), version: z.string(), shortTitle: bothSchema, form: z.boolean() })),
    previous: z.uuid().nullable(),
    requirements: z.number().int(),
    settled: z.number().int(),
    fails: z.number().int(),
    openHazards: z.number().int(),
    running: z.boolean(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    by: doerSchema.nullable(),
  })
  .meta({ id: 'AssessmentItem' });
export type AssessmentItem = z.output<typeof assessmentItemSchema>;
export const assessmentsSchema = pageOf(assessmentItemSchema);
export const assessmentQuerySchema = pageQuerySchema.extend({
  service: refSchema.optional(),
  function: z.uuid().optional(),
  state: z.enum(assessmentStates).optional(),
});

export const assessmentSchema = assessmentItemSchema
  .omit({ requirements: true })
  .extend({
    hasTarget: z.boolean(),
    requirements: z.array(requirementItemSchema),
    evidence: z.array(evidenceSchema),
    hazards: z.array(hazardSchema),
    /** Newest first, without their records. */
    runs: z.array(runSchema),
    comments: z.array(commentSchema),
    conclusion: z.string().nullable(),
    answers: z.record(z.string(), z.string()),
    signatories: z.array(z.object({ person: personSchema, role: z.string() })),
    report: reportSchema.nullable(),
    signatures: z.array(signatureSchema),
    filing: z.uuid().nullable(),
    /** Why it cannot be concluded; empty when it can. */
    blocks: z.array(blockSchema),
    /** States that it may be moved to by hand. */
    moves: z.array(z.enum(assessmentStates)),
  })
  .meta({ id: 'Assessment' });
export type Assessment = z.output<typeof assessmentSchema>;

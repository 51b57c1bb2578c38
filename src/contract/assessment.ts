import { z } from 'zod';
import { probeIds } from './probe-ids.ts';
import { bothSchema, methods, provenances, ruleIdSchema } from './rulebook.ts';

/** One run of a rulebook over a service or function, as `clearmirror assess` and `docs/schema/assessment-1.json` have it. */

export { type ProbeId, probeIds } from './probe-ids.ts';

export const requirementResults = ['conforms', 'fails', 'not-applicable', 'open'] as const;

/** `kept`: as the requirement asks. `lost`: not so. `unclear`: the service did not let itself be tested here. */
export const trialOutcomes = ['kept', 'lost', 'unclear'] as const;

const params = z.record(z.string(), z.union([z.string(), z.number()]));

/** One thing that was looked at, once. */
export const trialSchema = z.object({
  /** Number of the sample; null where none was published. */
  sample: z.string().nullable(),
  /** What was looked at: the name of a rendition, an export, a field of a log. */
  subject: z.string(),
  /** Requirements that it speaks about. */
  requirements: z.array(ruleIdSchema).min(1),
  outcome: z.enum(trialOutcomes),
  /** `trial.<code>` in the catalogues. */
  code: z.string(),
  params,
  at: z.iso.datetime(),
  /** Where it was seen, and the SHA-256 of the bytes that were seen there. */
  url: z.string().nullable(),
  sha256: z.string().nullable(),
});
export type Trial = z.output<typeof trialSchema>;

/** A share with its Wilson interval at 95 %. Unclear trials are not in it. */
export const rateSchema = z.object({
  subject: z.string(),
  kept: z.number().int(),
  tried: z.number().int(),
  unclear: z.number().int(),
  low: z.number().min(0).max(1),
  high: z.number().min(0).max(1),
});
export type Rate = z.output<typeof rateSchema>;

export const probeRunSchema = z.object({
  probe: z.enum(probeIds),
  requirements: z.array(ruleIdSchema),
  state: z.enum(['ran', 'not-run']),
  /** Why it could not run, or not to its end. */
  reason: z.object({ code: z.string(), params }).nullable(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  rates: z.array(rateSchema),
  /** What was lost first. */
  trials: z.array(trialSchema),
});
export type ProbeRun = z.output<typeof probeRunSchema>;

export const severities = ['low', 'moderate', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

export const foundHazardSchema = z.object({
  id: z.string(),
  probe: z.enum(probeIds),
  subject: z.string(),
  code: z.string(),
  requirements: z.array(ruleIdSchema),
  severity: z.enum(severities),
  /** Somebody read the text of a rule that it breaks; else it is a warning. */
  verified: z.boolean(),
  lost: z.number().int(),
  tried: z.number().int(),
  /** The steps that show it, from a sample on. */
  reproduce: z.array(z.object({ code: z.string(), params })),
});
export type FoundHazard = z.output<typeof foundHazardSchema>;

export const searchOutcomes = ['defeated', 'held', 'unclear', 'budget-spent', 'untested'] as const;

/** A search for the shortest chain of ordinary edits after which a safeguard no longer holds. */
export const hazardSearchSchema = z.object({
  /** Whose safeguard was searched. */
  probes: z.array(z.enum(probeIds)).min(1),
  /** Kind and format that the chains began with: `image/jpeg`. */
  subject: z.string(),
  /**
   * `defeated`: a chain was found. `held`: every chain up to `length` was tried, and said so. `budget-spent`: not all of that length. `unclear`:
   * of those that were tried some said nothing. `untested`: no answer said anything.
   */
  outcome: z.enum(searchOutcomes),
  /** Edits in the longest chains that were tried. */
  length: z.number().int(),
  /** Chains that were published in addition to what the probe did. */
  publications: z.number().int(),
  /** Of the hazards that were found. */
  hazards: z.array(z.string()),
  /** Ways of failing that were looked for. Left out in records of before: what they sought nobody knows. */
  sought: z
    .array(
      z.object({
        code: z.string(),
        /** Edits: of the chains of up to so many none failed so, and none was unclear. */
        held: z.number().int(),
        /** Chains that were unclear, until one failed so. */
        unclear: z.number().int(),
      }),
    )
    .optional(),
  /** What was tried: `crop+mirror`. Left out in the same records. */
  chains: z.array(z.string()).optional(),
});
export type HazardSearch = z.output<typeof hazardSearchSchema>;

/** Left out in records of before there was a search. */
export const searchReportSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('not-made') }),
  z.object({
    state: z.literal('made'),
    /** Publications that it was allowed, and that it took. */
    budget: z.number().int(),
    publications: z.number().int(),
    searches: z.array(hazardSearchSchema),
  }),
]);
export type SearchReport = z.output<typeof searchReportSchema>;

export const assessedRequirementSchema = z.object({
  rulebook: z.string(),
  id: ruleIdSchema,
  clause: bothSchema,
  title: bothSchema,
  verified: z.boolean(),
  provenance: z.enum(provenances),
  method: z.array(z.enum(methods)),
  result: z.enum(requirementResults),
  reason: z.object({ code: z.string(), params }),
  probes: z.array(z.enum(probeIds)),
  kept: z.number().int(),
  lost: z.number().int(),
  unclear: z.number().int(),
});
export type AssessedRequirement = z.output<typeof assessedRequirementSchema>;

export const assessmentRecordSchema = z.object({
  schema: z.literal('clearmirror.assessment/1'),
  run: z.uuid(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  service: z.object({ slug: z.string(), name: z.object({ zh: z.string().nullable(), en: z.string().nullable() }) }),
  function: z
    .object({ slug: z.string(), name: z.object({ zh: z.string().nullable(), en: z.string().nullable() }) })
    .nullable(),
  rulebooks: z.array(z.object({ id: z.string(), version: z.string(), shortTitle: bothSchema })),
  requirements: z.array(assessedRequirementSchema),
  probes: z.array(probeRunSchema),
  hazards: z.array(foundHazardSchema),
  search: searchReportSchema.optional(),
  samples: z.array(
    z.object({ id: z.string(), about: z.string(), format: z.string(), bytes: z.number().int(), sha256: z.string() }),
  ),
  requests: z.number().int(),
  /** Samples that the service still holds. */
  /** What may still be at the service: items, `room: item` that was not left, and `sample: ?` whose answer never came. */
  leftBehind: z.array(z.string()),
  isolation: z.string(),
  versions: z.object({ clearmirror: z.string() }),
});
export type AssessmentRecord = z.output<typeof assessmentRecordSchema>;

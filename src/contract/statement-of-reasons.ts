import { z } from 'zod';

/**
 * A decision of a platform on somebody's content, service, payments or account, from which its statement of reasons (Regulation (EU)
 * 2022/2065, Art. 17) is made. The words are those of the Transparency Database without their prefixes: `content-labelled` is
 * `DECISION_VISIBILITY_CONTENT_LABELLED`. Whether enough is said is for `checkStatement`; docs/statements.md explains it to people.
 */

export const visibilityMeasures = [
  'content-removed',
  'content-disabled',
  'content-demoted',
  'content-age-restricted',
  'content-interaction-restricted',
  'content-labelled',
  'other',
] as const;
export const monetaryMeasures = ['suspension', 'termination', 'other'] as const;
export const serviceMeasures = [
  'partial-suspension',
  'total-suspension',
  'partial-termination',
  'total-termination',
] as const;
export const accountMeasures = ['suspended', 'terminated'] as const;
export const accountTypes = ['business', 'private'] as const;
export const groundKinds = ['illegal-content', 'incompatible-content'] as const;
export const statedContentTypes = [
  'app',
  'audio',
  'image',
  'product',
  'synthetic-media',
  'text',
  'video',
  'other',
] as const;
export type StatedContentType = (typeof statedContentTypes)[number];
export const statementCategories = [
  'animal-welfare',
  'consumer-information',
  'cyber-violence',
  'cyber-violence-against-women',
  'data-protection-and-privacy-violations',
  'illegal-or-harmful-speech',
  'intellectual-property-infringements',
  'negative-effects-on-civic-discourse-or-elections',
  'not-specified-notice',
  'other-violation-tc',
  'protection-of-minors',
  'risk-for-public-security',
  'scams-and-fraud',
  'self-harm',
  'unsafe-and-prohibited-products',
  'violence',
] as const;
export const statementKeywords = [
  'adult-sexual-material',
  'age-specific-restrictions',
  'age-specific-restrictions-minors',
  'animal-harm',
  'biometric-data-breach',
  'bullying-against-girls',
  'child-sexual-abuse-material',
  'child-sexual-abuse-material-deepfake',
  'content-promoting-eating-disorders',
  'coordinated-harm',
  'copyright-infringement',
  'cyber-bullying-intimidation',
  'cyber-harassment',
  'cyber-harassment-against-women',
  'cyber-incitement',
  'cyber-stalking',
  'cyber-stalking-against-women',
  'data-falsification',
  'defamation',
  'design-infringement',
  'discrimination',
  'female-gendered-disinformation',
  'geographic-indications-infringement',
  'geographical-requirements',
  'goods-services-not-permitted',
  'grooming-sexual-enticement-minors',
  'hate-speech',
  'hidden-advertisement',
  'human-exploitation',
  'human-trafficking',
  'illegal-organizations',
  'impersonation-account-hijacking',
  'inauthentic-accounts',
  'inauthentic-listings',
  'inauthentic-user-reviews',
  'incitement-against-women',
  'incitement-violence-hatred',
  'insufficient-information-on-traders',
  'language-requirements',
  'misinformation-disinformation',
  'misleading-info-consumer-rights',
  'misleading-info-goods-services',
  'missing-processing-ground',
  'non-consensual-image-sharing',
  'non-consensual-image-sharing-against-women',
  'non-consensual-material-deepfake',
  'non-consensual-material-deepfake-against-women',
  'noncompliance-pricing',
  'nudity',
  'patent-infringement',
  'phishing',
  'prohibited-products',
  'pyramid-schemes',
  'right-to-be-forgotten',
  'risk-environmental-damage',
  'risk-public-health',
  'self-mutilation',
  'stalking',
  'suicide',
  'terrorist-content',
  'trade-secret-infringement',
  'trademark-infringement',
  'trafficking-women-girls',
  'unlawful-sale-animals',
  'unsafe-challenges',
  'unsafe-products',
  'violation-eu-law',
  'violation-national-law',
  'other',
] as const;
export const automatedDecisions = ['fully', 'partially', 'not-automated'] as const;
/** The European Union and the European Economic Area, as the database writes them: Greece is `GR`. */
export const statementTerritories = [
  ...['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IS', 'IT', 'LI', 'LT'],
  ...['LU', 'LV', 'MT', 'NL', 'NO', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'],
] as const;

const said = z.string().optional();

export const moderationDecisionSchema = z.strictObject({
  /** The platform's own number of this statement, never used twice. */
  puid: said,
  /** SHA-256 of a screened file: its record fills in `contentTypes` and `facts` where they are left out. */
  screening: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  visibility: z.strictObject({ measures: z.array(z.enum(visibilityMeasures)), other: said, until: said }).optional(),
  monetary: z.strictObject({ measure: z.enum(monetaryMeasures), other: said, until: said }).optional(),
  service: z.strictObject({ measure: z.enum(serviceMeasures), until: said }).optional(),
  account: z.strictObject({ measure: z.enum(accountMeasures), until: said }).optional(),
  accountType: z.enum(accountTypes).optional(),
  ground: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('illegal-content'), legalGround: said, explanation: said }),
      z.strictObject({
        kind: z.literal('incompatible-content'),
        /** The clause of the terms and conditions. */
        termsGround: said,
        explanation: said,
        /** It is held to be illegal as well. */
        alsoIllegal: z.boolean().optional(),
      }),
    ])
    .optional(),
  /** Where the law or the terms can be read. */
  referenceUrl: said,
  contentTypes: z.array(z.enum(statedContentTypes)).optional(),
  contentTypeOther: said,
  category: z.enum(statementCategories).optional(),
  furtherCategories: z.array(z.enum(statementCategories)).optional(),
  keywords: z.array(z.enum(statementKeywords)).optional(),
  keywordOther: said,
  territories: z.array(z.enum(statementTerritories)).optional(),
  /** ISO 639-1 in capitals. */
  language: said,
  /** The day on which the content was posted, and the one from which the decision applies. */
  contentDate: said,
  appliedOn: said,
  /** What the decision relies on, without personal data (Art. 24(5)). */
  facts: said,
  ean13: said,
  source: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('voluntary') }),
      z.strictObject({ type: z.enum(['article-16', 'trusted-flagger', 'other-notification']), identity: said }),
    ])
    .optional(),
  automatedDetection: z.boolean().optional(),
  automatedDecision: z.enum(automatedDecisions).optional(),
});
export type ModerationDecision = z.output<typeof moderationDecisionSchema>;

export const moderationDecisionsName = 'clearmirror.moderation-decisions/1';

/** A file of decisions, as `clearmirror statement` reads it. */
export const moderationDecisionsSchema = z.strictObject({
  schema: z.literal(moderationDecisionsName),
  decisions: z.array(moderationDecisionSchema).min(1).max(100_000),
});

import { z } from 'zod';

/**
 * What is known about a service and about the moment that is asked about. One schema serves every rulebook.
 * Every fact is optional. A fact that is left out is *unknown*: a third truth value, never "no". A list that is given is complete.
 */

export const featureTags = [
  'forum',
  'blog',
  'microblog',
  'chat_room',
  'group_chat',
  'public_account',
  'short_video',
  'livestream',
  'info_sharing',
  'mini_program',
  'voice_room',
  'face_swap',
  'voice_clone',
  'text_gen',
  'image_gen',
  'video_gen',
  'avatar',
  'virtual_scene',
  'recommender',
  'search',
] as const;
export type FeatureTag = (typeof featureTags)[number];

export const jurisdictionIds = ['cn', 'eu', 'uk', 'us', 'us-ca', 'in', 'kr'] as const;
export type JurisdictionId = (typeof jurisdictionIds)[number];

/** The one moment that is asked about. `none`: the service simply runs. */
export const momentNames = [
  'launch-service',
  'add-function',
  'change-function',
  'end-service',
  'user-growth',
  'incident',
  'authority-notice',
  'removal-request',
  'none',
] as const;
export type MomentName = (typeof momentNames)[number];

export const noticeIssuers = ['internet-information', 'public-security', 'other'] as const;
export const noticeLevels = ['central', 'provincial', 'prefecture', 'county', 'other'] as const;
/** `order`: of a court or the government. `intimate`: somebody asks for intimate or deepfake media of themselves to go. */
export const removalRequestKinds = ['intimate', 'order', 'grievance'] as const;

/** A day (in the time zone of the rulebook that asks) or a moment with its offset from UTC. */
export const dayOrMomentSchema = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

export const figureSchema = z.strictObject({
  value: z.number().int().nonnegative().max(20_000_000_000),
  /** The day it was counted. */
  asOf: z.iso.date(),
});
export type Figure = z.infer<typeof figureSchema>;

const known = z.boolean();

export const factsSchema = z.strictObject({
  features: z.array(z.enum(featureTags)).max(featureTags.length).optional(),
  jurisdictions: z.array(z.enum(jurisdictionIds)).max(jurisdictionIds.length).optional(),

  registeredUsers: figureSchema.optional(),
  mau: figureSchema.optional(),
  dau: figureSchema.optional(),
  /** Average monthly active recipients in the European Union (DSA Art. 24(2)). */
  euAmar: figureSchema.optional(),
  caMonthlyUsers: figureSchema.optional(),

  /** Offers the public a channel to express opinions, or can mobilise it to act, by other means than the listed features. */
  opinionOrMobilisation: known.optional(),
  /** Anyone of the public can use it; false for in-house tools and research. */
  offeredToPublic: known.optional(),
  /** People publish their own content to other people through it. */
  hostsUserContent: known.optional(),
  usesNewTech: known.optional(),
  materialChange: z
    .strictObject({
      functionalAttribute: known.optional(),
      technicalMethod: known.optional(),
      resourceAllocation: known.optional(),
    })
    .optional(),
  /** The change is likely to have a critical impact on systemic risks, or is significant for safety (EU, UK). */
  criticalImpact: known.optional(),
  editsBiometrics: known.optional(),
  touchesNationalSecurityScene: known.optional(),
  /** What it makes looks or sounds like real persons, objects, places or events. */
  realisticOutput: known.optional(),
  isNewsService: known.optional(),
  isGenerator: known.optional(),
  isPropagator: known.optional(),
  isAppStore: known.optional(),
  isApiProvider: known.optional(),
  /** Designated a very large online platform or search engine. */
  euDesignation: z.strictObject({ designated: known.optional(), notifiedOn: z.iso.date().optional() }).optional(),

  event: z.enum(momentNames).optional(),
  /** When the launch, addition, change or end is planned or took place. */
  plannedAt: dayOrMomentSchema.optional(),
  incident: z
    .strictObject({
      illegalSpread: known.optional(),
      controlsInsufficient: known.optional(),
      on: dayOrMomentSchema.optional(),
    })
    .optional(),
  authorityNotice: z
    .strictObject({
      issuer: z.enum(noticeIssuers).optional(),
      /** Its name, as it stands on the notice. */
      name: z.string().max(200).optional(),
      level: z.enum(noticeLevels).optional(),
      date: dayOrMomentSchema.optional(),
    })
    .optional(),
  removalRequest: z
    .strictObject({ kind: z.enum(removalRequestKinds).optional(), receivedAt: dayOrMomentSchema.optional() })
    .optional(),
});
export type Facts = z.infer<typeof factsSchema>;

/** What a fact can be asked: `flag` is yes or no, `choice` one word, `list` several, `figure` a number with its day, `day` a date. */
export type FactKind =
  | { kind: 'flag' }
  | { kind: 'choice'; of: readonly string[] }
  | { kind: 'list'; of: readonly string[] }
  | { kind: 'figure' }
  | { kind: 'day' };

const flag: FactKind = { kind: 'flag' };
const figure: FactKind = { kind: 'figure' };
const day: FactKind = { kind: 'day' };
const of = (kind: 'choice' | 'list', values: readonly string[]): FactKind => ({ kind, of: values });

/** Every fact that a condition of a rulebook may name, in the order in which a person would be asked. */
export const factKinds = {
  jurisdictions: of('list', jurisdictionIds),
  event: of('choice', momentNames),
  features: of('list', featureTags),
  plannedAt: day,
  opinionOrMobilisation: flag,
  offeredToPublic: flag,
  hostsUserContent: flag,
  isGenerator: flag,
  isPropagator: flag,
  isAppStore: flag,
  isApiProvider: flag,
  isNewsService: flag,
  editsBiometrics: flag,
  touchesNationalSecurityScene: flag,
  realisticOutput: flag,
  usesNewTech: flag,
  'materialChange.functionalAttribute': flag,
  'materialChange.technicalMethod': flag,
  'materialChange.resourceAllocation': flag,
  criticalImpact: flag,
  registeredUsers: figure,
  mau: figure,
  dau: figure,
  euAmar: figure,
  caMonthlyUsers: figure,
  'euDesignation.designated': flag,
  'euDesignation.notifiedOn': day,
  'incident.illegalSpread': flag,
  'incident.controlsInsufficient': flag,
  'incident.on': day,
  'authorityNotice.issuer': of('choice', noticeIssuers),
  'authorityNotice.level': of('choice', noticeLevels),
  'authorityNotice.date': day,
  'removalRequest.kind': of('choice', removalRequestKinds),
  'removalRequest.receivedAt': day,
} satisfies Record<string, FactKind>;
export type FactName = keyof typeof factKinds;

export const factNames = Object.keys(factKinds).filter(isFactName);

export function isFactName(name: string): name is FactName {
  return Object.hasOwn(factKinds, name);
}

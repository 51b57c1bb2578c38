import { z } from 'zod';
import { langs } from './lang.ts';
import { pageOf, pageQuerySchema } from './paging.ts';

export const organisationKinds = ['company', 'authority'] as const;
/** From the whole country down. An assessment notice needs prefecture level or above (CN18-T5). */
export const authorityLevels = ['central', 'provincial', 'prefecture', 'county'] as const;

export const companyRoles = ['administrator', 'assessor', 'engineer', 'signatory'] as const;
export const authorityRoles = ['administrator', 'clerk', 'examiner', 'director'] as const;
export const roles = ['administrator', 'assessor', 'engineer', 'signatory', 'clerk', 'examiner', 'director'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

export const nameSchema = z.string().trim().min(1).max(200);
export const emailSchema = z.email().max(254).toLowerCase();
/** NIST SP 800-63B-4 §3.1.1.2: length, not composition. 15 where it is the only factor; we let 12 pass and offer a second factor. */
export const passwordSchema = z.string().min(12).max(256);

/** A company or an authority. An authority has a level and a region. */
export const organisationSchema = z
  .object({
    id: z.uuid(),
    kind: z.enum(organisationKinds),
    name: nameSchema,
    level: z.enum(authorityLevels).nullable(),
    /** Administrative division, e.g. GB/T 2260 `310000`, or an ISO 3166 code. */
    region: z.string().max(20).nullable(),
  })
  .meta({ id: 'Organisation' });
export type Organisation = z.infer<typeof organisationSchema>;

export const newOrganisationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('company'), name: nameSchema }),
  z.object({
    kind: z.literal('authority'),
    name: nameSchema,
    level: z.enum(authorityLevels),
    region: z.string().trim().min(2).max(20),
  }),
]);
export type NewOrganisation = z.infer<typeof newOrganisationSchema>;

/** A person's own settings. Synthetic and suspect media is blurred, grey and muted unless the person asks otherwise. */
export const preferencesSchema = z
  .object({
    lang: z.enum(langs).optional(),
    theme: z.enum(['light', 'dark', 'system']).default('system'),
    blur: z.boolean().default(true),
    grey: z.boolean().default(true),
    muted: z.boolean().default(true),
    tourSeen: z.boolean().default(false),
  })
  .meta({ id: 'Preferences' });
export type Preferences = z.infer<typeof preferencesSchema>;
export const preferenceChangesSchema = z.object({
  lang: z.enum(langs).optional(),
  theme: z.enum(['light', 'dark', 'system']).optional(),
  blur: z.boolean().optional(),
  grey: z.boolean().optional(),
  muted: z.boolean().optional(),
  tourSeen: z.boolean().optional(),
});

export const membershipSchema = z.object({ organisation: organisationSchema, roles: z.array(roleSchema).min(1) });
export type Membership = z.infer<typeof membershipSchema>;

/** Who is asking. `organisation` is the one this request acts for: header `Clearmirror-Organisation`, else the only membership. */
export const meSchema = z
  .object({
    person: z
      .object({
        id: z.string(),
        name: z.string(),
        email: z.string(),
        twoFactor: z.boolean(),
        /** May make organisations on this installation. */
        operator: z.boolean(),
      })
      .nullable(),
    memberships: z.array(membershipSchema),
    organisation: organisationSchema.nullable(),
    roles: z.array(roleSchema),
    preferences: preferencesSchema,
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof meSchema>;

/** What a sign-in page needs to know before anybody is signed in. */
export const installationSchema = z
  .object({
    version: z.string(),
    /** True until the first administrator was made through the one-time link. */
    needsSetup: z.boolean(),
    demo: z.boolean(),
    /** Outside identity providers (OpenID Connect) the operator configured. */
    providers: z.array(z.object({ id: z.string(), name: z.string() })),
  })
  .meta({ id: 'Installation' });

export const newPersonSchema = z.object({ name: nameSchema, email: emailSchema, password: passwordSchema });

/** The secret part of a one-time link. */
const secretSchema = z.string().min(20).max(100);

export const setupSchema = z.object({
  secret: secretSchema,
  person: newPersonSchema,
  organisation: newOrganisationSchema,
});

/** What a one-time link is for. */
export const linkSchema = z
  .object({
    purpose: z.enum(['first-administrator', 'invitation', 'new-password']),
    email: z.string().nullable(),
    organisation: z.string().nullable(),
    roles: z.array(roleSchema),
    /** True when a person with that address exists: then the link asks to sign in, not to choose a password. */
    known: z.boolean(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'Link' });
export type Link = z.infer<typeof linkSchema>;

export const askLinkSchema = z.object({ secret: secretSchema });
export const acceptLinkSchema = z.object({
  secret: secretSchema,
  name: nameSchema.optional(),
  password: passwordSchema.optional(),
});

export const memberSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    roles: z.array(roleSchema),
    twoFactor: z.boolean(),
    since: z.iso.datetime(),
    /** Too many wrong passwords: no sign-in before then. */
    lockedUntil: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Member' });
export type Member = z.infer<typeof memberSchema>;

export const invitationSchema = z
  .object({
    id: z.uuid(),
    email: z.string(),
    roles: z.array(roleSchema),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'Invitation' });
export type Invitation = z.infer<typeof invitationSchema>;

export const newInvitationSchema = z.object({ email: emailSchema, roles: z.array(roleSchema).min(1).max(4) });
/** Shown once: the installation sends no mail of its own accord, so the inviter hands the address on. */
export const issuedLinkSchema = z
  .object({ address: z.string(), expiresAt: z.iso.datetime() })
  .meta({ id: 'IssuedLink' });
export type IssuedLink = z.infer<typeof issuedLinkSchema>;

export const apiKeySchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    /** The first characters, so that a key found somewhere can be matched to its row. */
    prefix: z.string(),
    roles: z.array(roleSchema),
    createdBy: z.string().nullable(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable(),
    revokedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof apiKeySchema>;

export const newApiKeySchema = z.object({
  name: nameSchema,
  roles: z.array(roleSchema).min(1).max(4),
  expiresInDays: z.number().int().min(1).max(730).nullable().default(365),
});

/** Something that was done, by whom, when. Never changed, never removed. */
export const eventSchema = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    kind: z.string().describe('Stable, e.g. `member-invited`, `screening-overridden`.'),
    by: z.object({ person: z.string().nullable(), key: z.string().nullable() }),
    subject: z.object({ type: z.string(), id: z.string() }),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Event' });
export type Event = z.infer<typeof eventSchema>;

export const membersSchema = pageOf(memberSchema);
export const invitationsSchema = pageOf(invitationSchema);
export const apiKeysSchema = pageOf(apiKeySchema);
export const organisationsSchema = pageOf(organisationSchema);
export const eventsSchema = pageOf(eventSchema);

export const changedRolesSchema = z.object({ roles: z.array(roleSchema).min(1).max(4) });
/** The key itself is shown this once. */
export const madeKeySchema = z.object({ key: z.string(), apiKey: apiKeySchema });
export const openOrganisationSchema = z.object({ organisation: newOrganisationSchema, email: emailSchema });
export const firstAdministratorSchema = z.object({ email: emailSchema });
export const openedOrganisationSchema = z.object({ organisation: organisationSchema, link: issuedLinkSchema });
export const acceptedLinkSchema = z.object({ email: z.string(), signedIn: z.boolean() });
export const eventQuerySchema = pageQuerySchema.extend({
  kind: z.string().max(100).optional(),
  subjectType: z.string().max(100).optional(),
  subjectId: z.string().max(200).optional(),
});

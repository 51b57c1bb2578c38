import type { FastifyRequest } from 'fastify';
import { type Me, type Membership, preferencesSchema } from '../../contract/accounts.ts';
import type { Database } from '../../platform/database/database.ts';
import { langOf } from '../../platform/http/answers.ts';
import type { Caller } from '../../platform/http/endpoint.ts';
import type { Auth } from './auth.ts';
import { grantsOf } from './grants.ts';
import { keyBySecret, noteKeyUse } from './keys-store.ts';
import { hashSecret } from './secrets.ts';
import { membershipsOf } from './store.ts';

/** Who asks, with what a page shows of them. */
export interface Identified {
  caller: Caller;
  me: Me;
}

/** By API key (`Authorization: Bearer cm_…`) or by the session's cookie. Null when it is nobody. */
export async function identify(
  { auth, database, now }: { auth: Auth; database: Database; now: () => Date },
  request: FastifyRequest,
): Promise<Identified | null> {
  const bearer = /^bearer(?: +(.*))?$/is.exec(request.headers.authorization ?? '');
  // Who sends a key asks with it: a wrong one is not passed over for a cookie.
  if (bearer) return identifyKey(database, request, bearer[1] ?? '', now());
  if (request.headers.cookie === undefined) return null;
  const session = await auth.api.getSession({ headers: new Headers({ cookie: request.headers.cookie }) });
  if (!session) return null;
  const { user } = session;
  const { operator, settings, memberships } = await membershipsOf(database.owner, user.id);
  const membership = chooseMembership(memberships, namedOrganisation(request));
  const grants = membership ? grantsOf(membership.organisation.kind, membership.roles) : new Set<string>();
  if (operator) grants.add('operator');
  const preferences = preferencesSchema.parse(settings ?? {});
  return {
    caller: {
      actor: { organisation: membership?.organisation.id ?? null, person: user.id },
      key: null,
      grants,
      lang: request.headers['accept-language'] === undefined ? (preferences.lang ?? 'en') : langOf(request),
    },
    me: {
      person: { id: user.id, name: user.name, email: user.email, twoFactor: user.twoFactorEnabled === true, operator },
      memberships,
      organisation: membership?.organisation ?? null,
      roles: membership?.roles ?? [],
      preferences,
    },
  };
}

/** A page that shows pictures or listens cannot set a header: it may name the organisation in the address. */
function namedOrganisation(request: FastifyRequest): string | undefined {
  const header = request.headers['clearmirror-organisation'];
  if (typeof header === 'string' && header !== '') return header;
  const { query } = request;
  const inAddress =
    typeof query === 'object' && query !== null && 'organisation' in query ? query.organisation : undefined;
  // Named twice is named wrongly, and is not the same as not named.
  return inAddress === undefined ? undefined : String(inAddress);
}

function chooseMembership(memberships: Membership[], named: string | undefined): Membership | undefined {
  if (named === undefined) return memberships.length === 1 ? memberships[0] : undefined;
  return memberships.find(({ organisation }) => organisation.id === named);
}

async function identifyKey(database: Database, request: FastifyRequest, secret: string, at: Date) {
  const row = await keyBySecret(database.owner, hashSecret(secret));
  if (!row || (row.expires_at && row.expires_at <= at)) return null;
  // Once a minute is enough to see which keys are in use.
  if (!row.last_used_at || at.getTime() - row.last_used_at.getTime() > 60_000) {
    await noteKeyUse(database.owner, row.key_id, at);
  }
  const { id, kind, name, level, region, roles } = row;
  const organisation = { id, kind, name, level, region };
  return {
    caller: {
      actor: { organisation: id, person: null },
      key: row.key_id,
      grants: grantsOf(kind, roles),
      lang: langOf(request),
    },
    me: {
      person: null,
      memberships: [{ organisation, roles }],
      organisation,
      roles,
      preferences: preferencesSchema.parse({}),
    },
  };
}

import { authorityRoles, companyRoles, type Organisation, type Role } from '../../contract/accounts.ts';
import { Problem } from '../../contract/problem.ts';
import type { Caller } from '../../platform/http/endpoint.ts';

/**
 * What somebody with these roles may be asked for, as the endpoints name it: `member`, the kind of organisation, `<role>`, and
 * `<kind>.<role>`.
 */
export function grantsOf(kind: Organisation['kind'], roles: readonly Role[]): Set<string> {
  return new Set(['member', kind, ...roles, ...roles.map((role) => `${kind}.${role}`)]);
}

/** A company has no director, an authority no signatory. */
export function refuseForeignRoles({ grants }: Caller, roles: readonly Role[]): void {
  const fitting: readonly Role[] = grants.has('company') ? companyRoles : authorityRoles;
  const foreign = roles.find((role) => !fitting.includes(role));
  if (foreign) {
    throw new Problem('role-foreign', `The role ${foreign} does not exist in this kind of organisation.`, {
      params: { role: foreign },
    });
  }
}

import type { Organisation, Role } from '../../../src/contract/accounts.ts';

/** As the contract lists them; its own lists would bring the whole of zod into the page. */
export const rolesOf = {
  company: ['administrator', 'assessor', 'engineer', 'signatory'],
  authority: ['administrator', 'clerk', 'examiner', 'director'],
} as const satisfies Record<Organisation['kind'], readonly Role[]>;

export const levels = ['central', 'provincial', 'prefecture', 'county'] as const satisfies readonly NonNullable<
  Organisation['level']
>[];

/** Length, not composition: NIST SP 800-63B-4 §3.1.1.2, as the server demands. */
export const shortestPassword = 12;

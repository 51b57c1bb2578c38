import { Problem } from '../../contract/problem.ts';
import type { Caller } from '../../platform/http/endpoint.ts';

/**
 * Who may do what: as with screenings. Everybody in an organisation sees what was labelled; writing labels is daily work, and not that
 * of who only signs.
 */
export const mayLabel = ['administrator', 'assessor', 'engineer', 'clerk', 'examiner', 'director'] as const;

export const maySee = ['member'] as const;

/** Whom the organisation's labels name is said by those who answer for it. */
export const maySetUp = ['administrator', 'assessor', 'director'] as const;

/** What is deleted cannot be had again, by anybody: not for programs. */
export const mayRemoveFiles = ['administrator', 'assessor', 'director'] as const;

/** The organisation of a caller whom the server let in. */
export function organisationOf({ actor }: Pick<Caller, 'actor'>): string {
  if (actor.organisation === null) {
    throw new Problem('organisation-missing', 'The request does not say for which organisation it is.', {
      status: 400,
    });
  }
  return actor.organisation;
}

import { Problem } from '../../contract/problem.ts';
import type { Caller } from '../../platform/http/endpoint.ts';

/**
 * Who may do what. Everybody in an organisation sees its screenings: a signatory has to see what a report rests on.
 * Sending media is daily work; who only signs does not need it.
 */
export const mayScreen = ['administrator', 'assessor', 'engineer', 'clerk', 'examiner', 'director'] as const;

export const maySee = ['member'] as const;

/**
 * A word above the machine's is a judgement that somebody answers for: the engineer who runs the tool and the clerk who files do not
 * give it, nor does a program (`peopleOnly`).
 */
export const mayOverride = ['administrator', 'assessor', 'examiner', 'director'] as const;

/** What is deleted cannot be examined again, by anybody: not for programs. */
export const mayRemoveMedia = ['administrator', 'assessor', 'director'] as const;

/** The organisation of a caller whom the server let in. */
export function organisationOf({ actor }: Pick<Caller, 'actor'>): string {
  if (actor.organisation === null) {
    throw new Problem('organisation-missing', 'The request does not say for which organisation it is.', {
      status: 400,
    });
  }
  return actor.organisation;
}

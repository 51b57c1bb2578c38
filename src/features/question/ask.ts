import type { z } from 'zod';
import type { AskService, serviceAnswerSchema } from '../../contract/gate.ts';
import type { Lang } from '../../contract/lang.ts';
import { Problem } from '../../contract/problem.ts';
import type { Answer, Question } from '../../contract/question.ts';
import type { Tx } from '../../platform/database/database.ts';
import { findHappening, mergeStored, readStored } from '../register/register.ts';
import { askRulebooks, type Rulebooks } from '../rulebooks/rulebooks.ts';

export interface Asking {
  rulebooks: Rulebooks;
  now: Date;
  lang: Lang;
}

/** Facts in, answer out; nothing is stored. */
export function ask({ facts, rulebooks: only }: Question, { rulebooks, now, lang }: Asking): Answer {
  refuseUnknownRulebook(only, rulebooks);
  return askRulebooks(rulebooks, { facts, now, only, lang });
}

/** The question put to what is stored about a service, and where each fact comes from. */
export async function askAbout(
  tx: Tx,
  service: string,
  { function: one, event, plannedAt, happening: happeningId, overrides, rulebooks: only }: AskService,
  asking: Asking,
): Promise<z.input<typeof serviceAnswerSchema>> {
  const stored = await readStored(tx, service, one);
  const happening = happeningId === undefined ? null : await findHappening(tx, happeningId);
  if (happening && happening.service.id !== stored.service.id) {
    throw new Problem('happening-unknown', 'There is no such happening.', { status: 404 });
  }
  const given = { ...overrides, ...(plannedAt === undefined ? {} : { plannedAt }) };
  const { facts, sources } = mergeStored(stored, { event, happening, overrides: given });
  return { answer: ask({ facts, rulebooks: only }, asking), sources };
}

function refuseUnknownRulebook(only: string[] | undefined, { rulebooks }: Rulebooks): void {
  const unknown = only?.find((name) => !rulebooks.some(({ id }) => id === name));
  if (unknown === undefined) return;
  throw new Problem('rulebook-unknown', 'There is no such rulebook.', { status: 404, params: { id: unknown } });
}

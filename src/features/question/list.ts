import type { z } from 'zod';
import type { rulebookSummarySchema } from '../../contract/gate.ts';
import { Problem } from '../../contract/problem.ts';
import type { Rulebook } from '../../contract/rulebook.ts';
import { countRules } from '../../engine/rulebooks/rules.ts';
import type { Rulebooks } from '../rulebooks/rulebooks.ts';

type Summary = z.infer<typeof rulebookSummarySchema>;

export function summaries({ rulebooks, notChosen }: Rulebooks): Summary[] {
  return [
    ...rulebooks.map((rulebook) => summary(rulebook, true)),
    ...notChosen.map((rulebook) => summary(rulebook, false)),
  ];
}

/** One rulebook, whole; also one that is not used because an alternative to it is. */
export function findRulebook({ rulebooks, notChosen }: Rulebooks, id: string): Rulebook {
  const found = [...rulebooks, ...notChosen].find((rulebook) => rulebook.id === id);
  if (!found) throw new Problem('rulebook-unknown', 'There is no such rulebook.', { status: 404, params: { id } });
  return found;
}

function summary(rulebook: Rulebook, used: boolean): Summary {
  const { id, version, jurisdiction, title, shortTitle, reference, inForce, triggers, requirements } = rulebook;
  return {
    id,
    version,
    jurisdiction,
    title,
    shortTitle,
    reference,
    inForce,
    triggers: triggers.length,
    requirements: requirements.length,
    rules: countRules(rulebook),
    used,
  };
}

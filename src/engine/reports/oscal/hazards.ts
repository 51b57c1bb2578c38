import type { FoundHazard } from '../../../contract/assessment.ts';
import type { Hazard } from '../../../contract/hazards.ts';
import type { Lang } from '../../../contract/lang.ts';
import { sayTrial } from '../../../contract/trial-words.ts';
import { say } from '../../../contract/words.ts';
import type { Filling } from './filling.ts';
import { word } from './words.ts';

/** A hazard as the documents tell it, whoever found it. */
export interface ToldHazard {
  id: string;
  title: string;
  /** A paragraph each. */
  about: string[];
  steps: string[];
  severity: FoundHazard['severity'];
  verified: boolean;
  /** Ids of those that it breaks. */
  requirements: readonly string[];
  /** What a probe saw; null where a person wrote it. */
  seen: Pick<FoundHazard, 'probe' | 'subject' | 'code' | 'lost' | 'tried'> | null;
  /** What people planned and did; null in a run without a workspace. */
  tended: Hazard | null;
}

/** Those of the workspace, where there is one: it keeps also those that people wrote and those that are gone. Else those of the record. */
export function hazardsIn({ record, hazards, lang }: Filling): ToldHazard[] {
  if (!hazards) return record.hazards.map((found) => ({ ...tellFound(found, lang), tended: null }));
  return hazards.map((hazard) => {
    const { id, title, seen, severity, reproduce, verifiedRule: verified } = hazard;
    const requirements = [...new Set(hazard.requirements.map((one) => one.id))];
    if (seen) return { ...tellFound({ id, ...seen, severity, verified, requirements }, lang), tended: hazard };
    const about = verified ? [say(lang, `severity.${severity}`)] : [word(lang, 'unread-rule')];
    return { id, title: title ?? '', about, steps: reproduce, severity, verified, requirements, seen, tended: hazard };
  });
}

function tellFound(found: FoundHazard, lang: Lang): Omit<ToldHazard, 'tended'> {
  const { id, probe, subject, code, reproduce, severity, verified, lost, tried, requirements } = found;
  const shown = reproduce.find((step) => step.code === `seen.${code}`);
  return {
    ...{ id, severity, verified, requirements },
    title: `${subject}: ${sayTrial({ code, params: shown?.params ?? {} }, lang)}`,
    about: [
      `${say(lang, `probe.${probe}`)} · ${say(lang, 'cli.assess.lost', { lost, tried })}`,
      verified ? say(lang, `severity.${severity}`) : word(lang, 'unread-rule'),
    ],
    steps: reproduce.map((step) =>
      step.code.startsWith('seen.')
        ? sayTrial({ code, params: step.params }, lang)
        : say(lang, `hazard.step.${step.code}`, step.params),
    ),
    seen: { probe, subject, code, lost, tried },
  };
}

import type { AssessedRequirement, AssessmentRecord } from '../../../contract/assessment.ts';
import type { Lang } from '../../../contract/lang.ts';
import { sourceLinks } from './back-matter.ts';
import { type Filling, requirementOf } from './filling.ts';
import { lineOf, proseOf, tokenOf } from './markup.ts';
import { own, standing } from './namespace.ts';
import type { LocalObjective, Part, ReviewedControls } from './shapes.ts';

/** Requirements as OSCAL's controls. Rulebooks may use the same id, so that the rulebook stands before it. */
export function controlId({ rulebook, id }: Pick<AssessedRequirement, 'rulebook' | 'id'>): string {
  return `${tokenOf(rulebook)}_${tokenOf(id)}`;
}

export function objectiveId(requirement: Pick<AssessedRequirement, 'rulebook' | 'id'>): string {
  return `${controlId(requirement)}_obj`;
}

/** What the requirement asks, and how one could tell. */
export function objectiveOf(filling: Filling, assessed: AssessedRequirement): LocalObjective {
  const { lang } = filling;
  const other: Lang = lang === 'zh' ? 'en' : 'zh';
  const known = requirementOf(filling, assessed);
  const links = sourceLinks(filling, assessed);
  const methods = assessed.method.map(
    (method): Part => ({
      name: 'assessment-method',
      props: [{ name: 'method', value: method.toUpperCase() }],
    }),
  );
  return {
    'control-id': controlId(assessed),
    description: proseOf(titleOf(assessed, lang), assessed.clause[lang]),
    props: [
      own('requirement', assessed.id),
      own('rulebook', assessed.rulebook),
      own('provenance', assessed.provenance),
      standing(assessed.verified, lang),
    ],
    ...(links.length > 0 && { links }),
    parts: [
      {
        id: objectiveId(assessed),
        name: 'assessment-objective',
        title: lineOf(titleOf(assessed, lang)),
        prose: proseOf(known?.text[lang] ?? assessed.title[lang]),
      },
      ...methods,
    ],
    // The languages are equals, and a quotation may stand in one of them only.
    remarks: proseOf(titleOf(assessed, other), assessed.clause[other], known?.text[other] ?? ''),
  };
}

export function titleOf({ id, title }: AssessedRequirement, lang: Lang): string {
  return `${id} ${title[lang]}`;
}

/** These requirements of the record, as a selection; null when there is none. */
export function reviewed(requirements: AssessmentRecord['requirements']): ReviewedControls | null {
  if (requirements.length === 0) return null;
  return {
    'control-selections': [{ 'include-controls': requirements.map((one) => ({ 'control-id': controlId(one) })) }],
    'control-objective-selections': [
      { 'include-objectives': requirements.map((one) => ({ 'objective-id': objectiveId(one) })) },
    ],
  };
}

/** All of the record. OSCAL cannot select nothing: of a record without requirements it is all that there are. */
export function reviewedOf({ requirements }: AssessmentRecord): ReviewedControls {
  return reviewed(requirements) ?? { 'control-selections': [{ 'include-all': {} }] };
}

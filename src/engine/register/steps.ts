import type { CompanyFields } from '../../contract/company.ts';
import type { FeatureTag } from '../../contract/facts.ts';
import type {
  FunctionChanges,
  FunctionFacts,
  NewFigure,
  NewFunction,
  NewService,
  ServiceChanges,
} from '../../contract/register.ts';
import type { FieldChange, PlanItem } from '../../contract/register-document.ts';
import { diffFields } from './diff.ts';

/** One thing to do. Services and functions are named by their slugs. */
export type Step =
  | { do: 'write-company'; isNew: boolean; fields: CompanyFields; changes: FieldChange[] }
  | { do: 'add-service'; service: string; fields: NewService }
  | { do: 'change-service'; service: string; fields: ServiceChanges; changes: FieldChange[] }
  | { do: 'launch-service'; service: string; on: string }
  | { do: 'withdraw-service'; service: string }
  | { do: 'note-figure'; service: string; figure: NewFigure }
  | { do: 'add-function'; service: string; function: string; fields: NewFunction }
  | { do: 'change-function'; service: string; function: string; fields: FunctionChanges; changes: FieldChange[] }
  | { do: 'new-version'; service: string; function: string; content: VersionContent; changes: FieldChange[] }
  | { do: 'launch-function'; service: string; function: string; on: string }
  | { do: 'withdraw-function'; service: string; function: string };

export interface VersionContent {
  reason: string;
  features: FeatureTag[];
  facts: FunctionFacts;
  plannedLaunch: string | null;
}

/** Something that cannot be done, at its place in the document. */
export interface Obstacle {
  code:
    | 'uscc-wrong'
    | 'slug-twice'
    | 'figure-twice'
    | 'day-in-future'
    | 'launched-on-another-day'
    | 'launched-before'
    | 'version-starts-at-1'
    | 'version-skips'
    | 'version-behind'
    | 'version-needs-more'
    | 'facts-fixed';
  path: (string | number)[];
  params: Record<string, string | number | null>;
}

/** The step as a person is shown it. */
export function showStep(step: Step): PlanItem {
  const subject = (type: PlanItem['subject']['type']): PlanItem['subject'] => ({
    type,
    service: 'service' in step ? step.service : null,
    function: 'function' in step ? step.function : null,
  });
  const day = (field: string, on: string) => [{ field, before: null, after: on }];
  switch (step.do) {
    case 'write-company':
      return { action: step.isNew ? 'add' : 'change', subject: subject('company'), changes: step.changes };
    case 'add-service':
      return { action: 'add', subject: subject('service'), changes: said(step.fields) };
    case 'change-service':
      return { action: 'change', subject: subject('service'), changes: step.changes };
    case 'launch-service':
      return { action: 'launch', subject: subject('service'), changes: day('launchedOn', step.on) };
    case 'withdraw-service':
      return { action: 'withdraw', subject: subject('service'), changes: [] };
    case 'note-figure': {
      const { kind, ...figure } = step.figure;
      const changes = [{ field: kind, before: null, after: figure }];
      return { action: 'note-figure', subject: subject('service'), changes };
    }
    case 'add-function':
      return { action: 'add', subject: subject('function'), changes: said(step.fields) };
    case 'change-function':
      return { action: 'change', subject: subject('function'), changes: step.changes };
    case 'new-version':
      return { action: 'new-version', subject: subject('function'), changes: step.changes };
    case 'launch-function':
      return { action: 'launch', subject: subject('function'), changes: day('launchedOn', step.on) };
    case 'withdraw-function':
      return { action: 'withdraw', subject: subject('function'), changes: [] };
  }
}

/** What a new thing says; what it does not say is not worth a line. */
function said({ slug: _slug, ...fields }: NewService | NewFunction): FieldChange[] {
  return diffFields({}, fields).filter(({ after }) => after !== null && JSON.stringify(after) !== '{}');
}

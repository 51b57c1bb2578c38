import { type ImplicitPlan, type LabelPlan, labelPlanSchema } from '../../contract/labelling.ts';
import { type AskedPlan, keepSourceType, type LabelSettingsFields } from '../../contract/labellings.ts';
import { Problem } from '../../contract/problem.ts';
import type { Say } from '../../contract/words.ts';
import { composeAigc, type FieldMistake, noFields } from '../../engine/labels/aigc/compose.ts';
import { sourceTypes } from '../../engine/provenance/source-types.ts';

/** What was asked for, completed by what the organisation says each time. The id of the labelling is its content number. */
export function completePlan(asked: AskedPlan, settings: LabelSettingsFields, id: string): LabelPlan {
  const implicit =
    asked.implicit === null ? null : complete(asked.implicit ?? { mode: 'write', seal: false }, settings, id);
  const { sourceType: term, ...rest } = asked;
  const sourceType = term === undefined ? usualSourceType(implicit, settings) : term;
  return labelPlanSchema.parse({ ...rest, implicit, ...(sourceType === keepSourceType ? {} : { sourceType }) });
}

function complete(plan: ImplicitPlan, settings: LabelSettingsFields, id: string): ImplicitPlan {
  if (plan.mode === 'remove') return plan;
  const isPlatform =
    plan.mode === 'update' || (plan.contentProducer === undefined && plan.contentPropagator !== undefined);
  const producer = plan.contentProducer ?? (isPlatform ? null : settings.contentProducer);
  const propagator = plan.contentPropagator ?? (plan.mode === 'update' ? settings.contentPropagator : null);
  return {
    ...plan,
    ...(plan.mode === 'write' ? { label: plan.label ?? settings.label } : {}),
    ...(producer ? { contentProducer: producer } : {}),
    ...(propagator ? { contentPropagator: propagator } : {}),
    // A number that was drawn anew in each try would differ after a process died.
    ...(producer && plan.mode === 'write' ? { produceId: plan.produceId ?? id } : {}),
    ...(propagator ? { propagateId: plan.propagateId ?? id } : {}),
  };
}

/** Beside a label that says "is generated" stands the source type that says so; other labels leave it open. */
function usualSourceType(implicit: ImplicitPlan | null, { sourceType }: LabelSettingsFields): string {
  return implicit?.mode === 'write' && implicit.label === '1' ? (sourceType ?? keepSourceType) : keepSourceType;
}

/** Refuses what no file could take, before one is opened. */
export function refuseImpossible(plan: LabelPlan, say: Say): void {
  // A regime is only named: it says what is asked for, and does nothing by itself.
  const { sourceType, replace: _, profile: __, ...others } = plan;
  if (sourceType === undefined && Object.values(others).every((part) => part === null || part === undefined)) {
    throw new Problem('labelling-nothing-asked', 'The plan asks for nothing.');
  }
  const fields = [
    ...mistakesOf(plan.implicit).map((mistake) => fieldOf(mistake, '/plan/implicit', say)),
    ...(isKnownSourceType(sourceType) ? [] : [sourceTypeField('/plan/sourceType', say)]),
  ];
  refuseFields(fields);
}

/** Refuses settings that no label could hold. */
export function refuseUnfit(settings: LabelSettingsFields, say: Say): void {
  const { contentProducer, contentPropagator, sourceType } = settings;
  const mistakes = mistakesOf({
    ...{ mode: 'update', seal: false },
    ...(contentProducer ? { contentProducer } : {}),
    ...(contentPropagator ? { contentPropagator } : {}),
  });
  refuseFields([
    ...mistakes.map((mistake) => fieldOf(mistake, '', say)),
    ...(isKnownSourceType(sourceType) ? [] : [sourceTypeField('/sourceType', say)]),
  ]);
}

function mistakesOf(plan: ImplicitPlan | null): FieldMistake[] {
  if (plan === null || plan.mode === 'remove') return [];
  const isUpdate = plan.mode === 'update';
  const given = {
    ...noFields,
    // What an update does not say stands in the file, and nobody has opened that yet.
    ...(isUpdate ? { ContentProducer: 'x', ProduceID: 'x' } : {}),
    Label: plan.label ?? '1',
    ...(plan.contentProducer === undefined ? {} : { ContentProducer: plan.contentProducer }),
    ...(plan.produceId === undefined ? {} : { ProduceID: plan.produceId }),
    ...(plan.contentPropagator === undefined ? {} : { ContentPropagator: plan.contentPropagator }),
    ...(plan.propagateId === undefined ? {} : { PropagateID: plan.propagateId }),
    ...(plan.reservedCode1 === undefined ? {} : { ReservedCode1: plan.reservedCode1 }),
    ...(plan.reservedCode2 === undefined ? {} : { ReservedCode2: plan.reservedCode2 }),
  };
  const composed = composeAigc(given);
  const mistakes = 'mistakes' in composed ? composed.mistakes : [];
  return isUpdate
    ? mistakes.filter(({ code }) => code !== 'propagation-incomplete' && code !== 'field-empty')
    : mistakes;
}

interface WrongField {
  path: string;
  code: string;
  message: string;
}

function fieldOf({ field, code, clause, value }: FieldMistake, where: string, say: Say): WrongField {
  const name = `${field.charAt(0).toLowerCase()}${field.slice(1).replace(/ID$/, 'Id')}`;
  return {
    path: `${where}/${name}`,
    code,
    message: `${say(`label.field.${code}`, { field, value, clause })} (${clause})`,
  };
}

function isKnownSourceType(term: string | null | undefined): boolean {
  if (term === null || term === undefined) return true;
  const known = sourceTypes.get(term);
  return known !== undefined && known.deprecated !== true;
}

function sourceTypeField(path: string, say: Say): WrongField {
  return { path, code: 'source-type-unknown', message: say('labelling.source-type-unknown') };
}

function refuseFields(fields: WrongField[]): void {
  if (fields.length === 0) return;
  throw new Problem('request-invalid', 'Some parts of the request are not as they should be.', { status: 400, fields });
}

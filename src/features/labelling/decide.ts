import type { Inspection, SeenLabel } from '../../box/labelling-protocol.ts';
import type { ImplicitPlan } from '../../contract/labelling.ts';
import type { Say } from '../../contract/words.ts';
import { type AigcFields, composeAigc, type FieldMistake, noFields } from '../../engine/labels/aigc/compose.ts';
import { refusal } from './refusals.ts';

export interface Decided {
  /** The JSON text the file shall hold, or null for none. */
  aigc: string | null;
  fields: AigcFields | null;
  how: 'written' | 'updated' | 'removed';
  replaced: number;
  sealed: boolean;
}

export interface DecideOptions {
  plan: ImplicitPlan;
  /** Puts a label in place of one that says something else. */
  replace: boolean;
  newProduceId: () => string;
  seal: ((fields: AigcFields) => string) | null;
  say: Say;
}

/** What the label of a file shall be, from what was asked and what is there. Throws the refusals of docs/workflows/labelling.md. */
export function decideLabel({ labels }: Pick<Inspection, 'labels'>, options: DecideOptions): Decided {
  const present = labels.filter(({ current }) => current);
  switch (options.plan.mode) {
    case 'remove':
      return decideRemoval(present, options.say);
    case 'update':
      return decideUpdate(present, options);
    case 'write':
      return decideWriting(present, options);
  }
}

function decideRemoval(present: readonly SeenLabel[], say: Say): Decided {
  if (present.length === 0) throw refusal(say, 'label-nothing-to-remove');
  return { aigc: null, fields: null, how: 'removed', replaced: present.length, sealed: false };
}

function decideWriting(present: readonly SeenLabel[], options: DecideOptions): Decided {
  const { plan, replace, newProduceId, say } = options;
  const fields = sealed(
    {
      ...noFields,
      Label: plan.label ?? '1',
      ContentProducer: plan.contentProducer ?? '',
      ProduceID: plan.produceId ?? (plan.contentProducer ? newProduceId() : ''),
      ReservedCode1: plan.reservedCode1 ?? '',
      ContentPropagator: plan.contentPropagator ?? '',
      PropagateID: plan.propagateId ?? '',
      ReservedCode2: plan.reservedCode2 ?? '',
    },
    options,
  );
  const other = present.find((label) => !saysTheSame(label, fields));
  if (other && !replace) throw refusal(say, 'label-exists', { path: other.path, producer: producerOf(other) });
  return compose(fields, { how: 'written', replaced: present.length, sealed: plan.seal }, say);
}

/** Art. 6 of the Labelling Measures: a platform adds its own elements; what the producer said stays as it is. */
function decideUpdate(present: readonly SeenLabel[], options: DecideOptions): Decided {
  const { plan, replace, say } = options;
  const differing = present.some((label) => JSON.stringify(label.fields) !== JSON.stringify(present[0]?.fields));
  if (differing && !replace) throw refusal(say, 'labels-conflict', { n: present.length });
  const [first] = present;
  if (first && !first.fields) throw refusal(say, 'label-unreadable', { path: first.path });
  if (first?.unknownFields && !replace) throw refusal(say, 'label-unknown-fields', { path: first.path });
  const was = first?.fields ?? noFields;
  const level = plan.label ?? (was.Label === '' ? '3' : was.Label);
  // 1 is, 2 may be, 3 is suspected: a platform shows at least what the producer said.
  if (was.Label !== '' && level > was.Label) throw refusal(say, 'label-lowered', { was: was.Label, asked: level });
  const fields = sealed(
    {
      ...was,
      Label: level,
      ContentPropagator: plan.contentPropagator ?? was.ContentPropagator,
      PropagateID: plan.propagateId ?? was.PropagateID,
      ReservedCode2: plan.reservedCode2 ?? was.ReservedCode2,
    },
    options,
  );
  return compose(fields, { how: 'updated', replaced: present.length, sealed: plan.seal }, say);
}

function sealed(fields: AigcFields, { plan, seal, say }: DecideOptions): AigcFields {
  if (!plan.seal) return fields;
  if (!seal) throw refusal(say, 'seal-key-missing');
  // The producer's slot is the producer's: a platform puts its seal beside it.
  const slot = plan.mode === 'update' ? 'ReservedCode2' : 'ReservedCode1';
  return { ...fields, [slot]: seal(fields) };
}

function compose(fields: AigcFields, done: Pick<Decided, 'how' | 'replaced' | 'sealed'>, say: Say): Decided {
  const composed = composeAigc(fields);
  if ('text' in composed) return { aigc: composed.text, fields, ...done };
  const [first] = composed.mistakes;
  throw refusal(say, 'label-field', {
    mistakes: composed.mistakes.map((mistake) => describeMistake(mistake, say)).join('; '),
    clause: first?.clause ?? '',
  });
}

export function describeMistake({ field, code, clause, value }: FieldMistake, say: Say): string {
  return `${field}: ${say(`label.field.${code}`, { field, value, clause })} (${clause})`;
}

function saysTheSame({ fields }: SeenLabel, wanted: AigcFields): boolean {
  if (!fields) return false;
  return fields.ContentProducer === wanted.ContentProducer && fields.ProduceID === wanted.ProduceID;
}

function producerOf({ fields }: SeenLabel): string {
  return (fields?.ContentProducer || fields?.ContentPropagator || '–').slice(0, 80);
}

import { type AigcObject, type FieldName, fieldNames, fieldValue } from './object.ts';
import { decodeProviderCode, validateUscc } from './provider-code.ts';

/** The seven fields of GB 45438-2025 Annex E; empty where there is nothing to say. */
export type AigcFields = Record<FieldName, string>;

export type FieldMistakeCode =
  | 'field-empty'
  | 'label-value'
  | 'field-charset'
  | 'field-too-long'
  | 'provider-code-malformed'
  | 'provider-code-uscc'
  | 'provider-code-kind'
  | 'provider-bare-uscc'
  | 'propagation-incomplete';

export interface FieldMistake {
  code: FieldMistakeCode;
  field: FieldName;
  clause: string;
  /** What was given, cut to a length that can be shown. */
  value: string;
}

/** Annex E names no limit; readers of real systems cut at a few kilobytes, and a seal takes about one. */
const maxFieldCharacters = 4_096;

/**
 * The JSON text of a label, fields in the order of Annex E, no blanks between them; or every mistake in what was given. A platform
 * that marks what came without a label knows no producer (Labelling Measures Art. 6): then both propagation fields are needed.
 */
export function composeAigc(fields: AigcFields): { text: string } | { mistakes: FieldMistake[] } {
  const mistakes = [
    ...checkLabel(fields),
    ...checkPresence(fields),
    ...fieldNames.flatMap((name) => check(fields, name)),
  ];
  if (mistakes.length > 0) return { mistakes };
  return { text: JSON.stringify(Object.fromEntries(fieldNames.map((name) => [name, fields[name]]))) };
}

/** What a label in a file says, as the start of a new one: a platform adds its part and leaves the producer's. */
export function fieldsOf(object: AigcObject): AigcFields {
  return {
    Label: fieldValue(object, 'Label').trim(),
    ContentProducer: fieldValue(object, 'ContentProducer').trim(),
    ProduceID: fieldValue(object, 'ProduceID').trim(),
    ReservedCode1: fieldValue(object, 'ReservedCode1').trim(),
    ContentPropagator: fieldValue(object, 'ContentPropagator').trim(),
    PropagateID: fieldValue(object, 'PropagateID').trim(),
    ReservedCode2: fieldValue(object, 'ReservedCode2').trim(),
  };
}

export const noFields: AigcFields = {
  Label: '',
  ContentProducer: '',
  ProduceID: '',
  ReservedCode1: '',
  ContentPropagator: '',
  PropagateID: '',
  ReservedCode2: '',
};

/**
 * A provider code (网安秘字〔2025〕29号): `00`, `1` organisation, `1` bound by USCC, the USCC, and the service extension.
 * `number` is the provider's own four characters for the model or application; null leaves the extension unused.
 * Null comes back where the USCC's check character is wrong or the number is not four of 0–9, A–Z.
 */
export function buildProviderCode(parts: {
  uscc: string;
  service: 'generation' | 'propagation';
  number: string | null;
}): string | null {
  const { uscc, service, number } = parts;
  if (!validateUscc(uscc).valid) return null;
  if (number === null) return `0011${uscc}00000`;
  return /^[0-9A-Z]{4}$/.test(number) ? `0011${uscc}${service === 'generation' ? '1' : '2'}${number}` : null;
}

function checkLabel({ Label }: AigcFields): FieldMistake[] {
  return /^[123]$/.test(Label) ? [] : [mistake('label-value', 'Label', 'GB 45438-2025 Annex E c', Label)];
}

function checkPresence(fields: AigcFields): FieldMistake[] {
  const empty = (field: FieldName, clause: string) =>
    fields[field] === '' ? [mistake('field-empty', field, clause, '')] : [];
  if (fields.ContentPropagator === '' && fields.PropagateID === '' && fields.ReservedCode2 === '') {
    return [
      ...empty('ContentProducer', 'GB 45438-2025 Annex E (ContentProducer)'),
      ...empty('ProduceID', 'GB 45438-2025 Annex E (ProduceID)'),
    ];
  }
  const halves = (['ContentPropagator', 'PropagateID'] as const).filter((field) => fields[field] === '');
  const incomplete = halves.map((field) =>
    mistake('propagation-incomplete', field, 'Labelling Measures 2025 Art. 6', ''),
  );
  // A producer without a number, or a number without a producer, names nobody's content.
  const half = (fields.ContentProducer === '') !== (fields.ProduceID === '');
  return half
    ? [...incomplete, ...empty('ContentProducer', producerClause), ...empty('ProduceID', producerClause)]
    : incomplete;
}

const producerClause = 'GB 45438-2025 Annex E';

function check(fields: AigcFields, field: FieldName): FieldMistake[] {
  const value = fields[field];
  // Annex E j: 0x21 to 0x7E; a space, a control character or Chinese is outside.
  if (/[^\x21-\x7e]/.test(value)) return [mistake('field-charset', field, 'GB 45438-2025 Annex E j', value)];
  if (value.length > maxFieldCharacters) return [mistake('field-too-long', field, 'GB 45438-2025 Annex E', value)];
  if (field === 'ContentProducer') return checkCode(field, value, 'generation');
  if (field === 'ContentPropagator') return checkCode(field, value, 'propagation');
  return [];
}

function checkCode(field: FieldName, value: string, service: 'generation' | 'propagation'): FieldMistake[] {
  const code = decodeProviderCode(value);
  const clause = '网安秘字〔2025〕29号';
  // A name is allowed; a bare credit code is neither a name nor a code.
  if (!code) return validateUscc(value).valid ? [mistake('provider-bare-uscc', field, clause, value)] : [];
  if (!code.wellFormed) return [mistake('provider-code-malformed', field, clause, value)];
  if (code.boundBy === 'uscc' && !code.uscc.valid) {
    return [mistake('provider-code-uscc', field, `${clause}; GB 32100-2015`, value)];
  }
  const fits = code.service === service || code.service === 'unused';
  return fits ? [] : [mistake('provider-code-kind', field, clause, value)];
}

function mistake(code: FieldMistakeCode, field: FieldName, clause: string, value: string): FieldMistake {
  return { code, field, clause, value: value.length > 80 ? `${value.slice(0, 79)}…` : value };
}

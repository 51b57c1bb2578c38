import type { Check, MediaFormat } from '../../../contract/screening.ts';
import type { FoundLabel } from './find.ts';
import { type AigcObject, type FieldName, type FormMistake, fieldNames, fieldValue } from './object.ts';
import { judgePlace, type PlaceJudgement } from './places.ts';
import { decodeProviderCode, type ProviderCode, validateUscc } from './provider-code.ts';
import type { Seal, SealOutcome } from './seal.ts';
import { shown } from './text.ts';

export interface CheckedLabel {
  found: FoundLabel;
  seals: { ReservedCode1: Seal | null; ReservedCode2: Seal | null };
}

/** Every check of one label, in the order of the rules below. `others` are the file's remaining labels (GB 45438-2025 6.1 c). */
export function checkLabel(label: CheckedLabel, others: readonly FoundLabel[], format: MediaFormat): Check[] {
  const { found, seals } = label;
  const { reading } = found;
  if (reading.status !== 'read') {
    const code = reading.status === 'empty' ? 'label-empty' : `form-${reading.reason}`;
    return [check('GB-M11', 'fail', code), ...checkUniqueness(found, others), ...checkCarrier(found, format)];
  }
  const { object } = reading;
  const form = checkForm(object, found);
  const carrier = checkCarrier(found, format);
  const uniqueness = checkUniqueness(found, others);
  if (object.variant === 'tencent-cloud') {
    return [
      check('GB-M1', 'fail', 'label-missing'),
      ...uniqueness,
      check('GB-M10', 'fail', 'tencent-fields'),
      ...form,
      ...carrier,
    ];
  }
  return [
    ...checkElements(object),
    ...checkLabelValue(object),
    ...checkProducer(object),
    ...checkPropagator(object),
    ...checkCharset(object),
    ...uniqueness,
    ...checkNames(object),
    ...form,
    ...carrier,
    ...checkProviderCode(object, 'ContentProducer', 'generation'),
    ...checkProviderCode(object, 'ContentPropagator', 'propagation'),
    ...checkSeal('GB-SEAL-1', seals.ReservedCode1),
    ...checkSeal('GB-SEAL-2', seals.ReservedCode2),
  ];
}

/** Names of the fields in which two labels differ. */
function differences(one: AigcObject, other: AigcObject): FieldName[] {
  return fieldNames.filter((name) => fieldValue(one, name) !== fieldValue(other, name));
}

/**
 * The rules, and whether somebody has read the text they come from. The practice guides and Art. 5 were read; Annex E was read by
 * the authors of AigcTotal, whose checks the regulation catalogue repeats. Only the values of Label could not be confirmed from a
 * second side: they can only warn.
 */
const rules = {
  'CNLB-3': { clause: 'Labelling Measures 2025 Art. 5', verified: true },
  'GB-M1': { clause: 'GB 45438-2025 Annex E c', verified: false },
  'GB-M2': { clause: 'GB 45438-2025 Annex E (ContentProducer)', verified: true },
  'GB-M3': { clause: 'GB 45438-2025 Annex E (ProduceID)', verified: true },
  'GB-M4': { clause: 'GB 45438-2025 Annex E (ReservedCode1)', verified: true },
  'GB-M5': { clause: 'GB 45438-2025 Annex E (ContentPropagator)', verified: true },
  'GB-M6': { clause: 'GB 45438-2025 Annex E (PropagateID)', verified: true },
  'GB-M7': { clause: 'GB 45438-2025 Annex E (ReservedCode2)', verified: true },
  'GB-M8': { clause: 'GB 45438-2025 Annex E j', verified: true },
  'GB-M9': { clause: 'GB 45438-2025 6.1 c', verified: true },
  'GB-M10': { clause: 'GB 45438-2025 Annex E', verified: true },
  'GB-M11': { clause: 'GB 45438-2025 Annex E b; TC260-PG-20257A', verified: true },
  'GB-KEY': { clause: 'TC260-PG-20257A/20258A/20259A/202510A', verified: true },
  'GB-NS': { clause: 'TC260-PG-20259A clause 6', verified: true },
  'GB-PLACE': { clause: 'TC260-PG-20257A/20258A/20259A/202510A', verified: true },
  'GB-CODE-FORM': { clause: '网安秘字〔2025〕29号', verified: true },
  'GB-CODE-SUBJECT': { clause: '网安秘字〔2025〕29号', verified: true },
  'GB-CODE-USCC': { clause: '网安秘字〔2025〕29号; GB 32100-2015', verified: true },
  'GB-CODE-KIND': { clause: '网安秘字〔2025〕29号', verified: true },
  'GB-SEAL-1': { clause: 'TC260-PG-202511A Annex A.1', verified: true },
  'GB-SEAL-2': { clause: 'TC260-PG-202511A Annex A.1', verified: true },
} as const;
type RuleId = keyof typeof rules;

function check(id: RuleId, outcome: Check['outcome'], code: string, subject?: string): Check {
  const { clause, verified } = rules[id];
  return {
    id,
    outcome: outcome === 'fail' && !verified ? 'warn' : outcome,
    clause,
    verified,
    code,
    ...(subject === undefined ? {} : { subject: shown(subject) }),
  };
}

/** Art. 5: content attribute, provider's name or code, content number. Producer's or propagator's, so that no reading of names decides. */
function checkElements(object: AigcObject): Check[] {
  const present = (...names: FieldName[]) => names.some((name) => fieldValue(object, name).trim() !== '');
  const missing = [
    ...(present('Label') ? [] : ['Label']),
    ...(present('ContentProducer', 'ContentPropagator') ? [] : ['ContentProducer']),
    ...(present('ProduceID', 'PropagateID') ? [] : ['ProduceID']),
  ];
  if (missing.length === 0) return [check('CNLB-3', 'pass', 'elements-present')];
  return [check('CNLB-3', 'fail', 'element-missing', missing.join(', '))];
}

function checkLabelValue(object: AigcObject): Check[] {
  const field = object.fields.get('Label');
  if (!field || field.value === '') return [check('GB-M1', 'fail', 'label-missing')];
  if (!/^[123]$/.test(field.value)) return [check('GB-M1', 'fail', 'label-other-value', field.value)];
  if (field.type !== 'string') return [check('GB-M1', 'warn', 'label-not-string', field.value)];
  return [check('GB-M1', 'pass', 'label-value-right', field.value)];
}

function checkProducer(object: AigcObject): Check[] {
  const has = (name: FieldName) => fieldValue(object, name).trim() !== '';
  // A platform that marks what arrived without a label (Art. 6) knows no producer.
  const missing = has('ContentPropagator') && has('PropagateID') ? 'warn' : 'fail';
  return [
    has('ContentProducer') ? check('GB-M2', 'pass', 'producer-present') : check('GB-M2', missing, 'producer-missing'),
    has('ProduceID') ? check('GB-M3', 'pass', 'produce-id-present') : check('GB-M3', missing, 'produce-id-missing'),
    object.fields.has('ReservedCode1')
      ? check('GB-M4', 'pass', 'reserved-field-present')
      : check('GB-M4', 'warn', 'reserved-field-absent', 'ReservedCode1'),
  ];
}

function checkPropagator(object: AigcObject): Check[] {
  const propagator = fieldValue(object, 'ContentPropagator').trim() !== '';
  const number = fieldValue(object, 'PropagateID').trim() !== '';
  const reserve = fieldValue(object, 'ReservedCode2').trim() !== '';
  const plain = propagator ? 'propagation-complete' : 'not-propagated';
  return [
    number && !propagator ? check('GB-M5', 'warn', 'propagator-missing') : check('GB-M5', 'pass', plain),
    propagator && !number ? check('GB-M6', 'warn', 'propagate-id-missing') : check('GB-M6', 'pass', plain),
    reserve && !propagator ? check('GB-M7', 'warn', 'propagator-reserve-alone') : check('GB-M7', 'pass', plain),
  ];
}

function checkCharset(object: AigcObject): Check[] {
  const wrong = fieldNames.flatMap((name) => {
    const value = fieldValue(object, name);
    const code = charsetMistake(value);
    return code ? [check('GB-M8', 'fail', code, `${name}: ${value}`)] : [];
  });
  return wrong.length > 0 ? wrong : [check('GB-M8', 'pass', 'charset-right')];
}

function charsetMistake(value: string): string | null {
  if (/[^\u0000-\u007E]/.test(value)) return 'value-with-multibyte';
  if (/[\u0000-\u001F]/.test(value)) return 'value-with-control-character';
  return value.includes(' ') ? 'value-with-space' : null;
}

function checkUniqueness(found: FoundLabel, others: readonly FoundLabel[]): Check[] {
  if (others.length === 0) return [check('GB-M9', 'pass', 'only-label')];
  const mine = found.reading;
  const differing = new Set(
    others.flatMap(({ reading }) =>
      mine.status === 'read' && reading.status === 'read' ? differences(mine.object, reading.object) : [],
    ),
  );
  if (differing.size === 0) return [check('GB-M9', 'fail', 'label-repeated', String(others.length + 1))];
  return [check('GB-M9', 'fail', 'labels-differ', [...differing].join(', '))];
}

function checkNames(object: AigcObject): Check[] {
  const misspelled = [...object.fields]
    .filter(([name, { written }]) => written !== name)
    .map(([name, { written }]) => check('GB-M10', 'fail', 'field-misspelled', `${written} → ${name}`));
  const unknown = object.unknown.slice(0, 7).map(({ written }) => check('GB-M10', 'fail', 'unknown-field', written));
  return misspelled.length + unknown.length > 0
    ? [...misspelled, ...unknown]
    : [check('GB-M10', 'pass', 'fields-known')];
}

/** Departures from plain JSON that no reader minds, or that only RFC 7493 forbids. */
const lightMistakes: ReadonlySet<FormMistake> = new Set(['byte-order-mark', 'duplicate-key', 'nul-padding']);

function checkForm(object: AigcObject, found: FoundLabel): Check[] {
  const mistakes = [...object.mistakes].filter(
    // Front matter is YAML, and a mapping is what the text guide shows there.
    (mistake) => !(mistake === 'mapping' && found.entry.place.location === 'markdown.front-matter'),
  );
  const wrong = mistakes
    .sort()
    .map((mistake) => check('GB-M11', lightMistakes.has(mistake) ? 'warn' : 'fail', `form-${mistake}`));
  if (found.entry.cut) wrong.push(check('GB-M11', 'fail', 'form-cut'));
  return wrong.length > 0 ? wrong : [check('GB-M11', 'pass', 'plain-json')];
}

const placeOutcomes: { [judgement in PlaceJudgement]: Check['outcome'] } = {
  'place-named': 'pass',
  'place-tolerated': 'warn',
  'place-not-named': 'fail',
  'container-not-covered': 'warn',
};

function checkCarrier(found: FoundLabel, format: MediaFormat): Check[] {
  const { location, path } = found.entry.place;
  const judgement = judgePlace(format, location, found.entry.key);
  return [...checkKey(found), ...checkNamespace(found), check('GB-PLACE', placeOutcomes[judgement], judgement, path)];
}

function checkKey({ key, carrier, entry, reading }: FoundLabel): Check[] {
  // A literal box has a name of its own.
  if (entry.place.location === 'bmff.aigc') return [];
  if (carrier === 'commentary') {
    const object = reading.status === 'read' ? reading.object : null;
    if (!object?.wrapped) return [check('GB-KEY', 'warn', 'wrapper-missing', entry.key)];
    if (object.mistakes.has('wrapper-misspelled')) return [check('GB-KEY', 'fail', 'key-misspelled', entry.key)];
    return [check('GB-KEY', 'pass', 'key-right')];
  }
  if (carrier === 'embedded') return [check('GB-KEY', 'fail', 'not-under-its-key', key)];
  return [key === 'AIGC' ? check('GB-KEY', 'pass', 'key-right') : check('GB-KEY', 'fail', 'key-misspelled', key)];
}

/** Namespace of the practice guides. */
const aigcNamespace = 'http://www.tc260.org.cn/ns/AIGC/1.0/';

function checkNamespace({ namespace }: FoundLabel): Check[] {
  if (namespace === null) return [];
  if (namespace === aigcNamespace) return [check('GB-NS', 'pass', 'namespace-right')];
  if (namespace === '') return [check('GB-NS', 'fail', 'namespace-missing')];
  return [check('GB-NS', 'fail', 'namespace-wrong', namespace)];
}

function checkProviderCode(object: AigcObject, name: FieldName, service: 'generation' | 'propagation'): Check[] {
  const value = fieldValue(object, name).trim();
  if (value === '') return [];
  const subject = `${name}: ${value}`;
  const code = decodeProviderCode(value);
  if (!code) {
    // The rules want the credit code inside a provider code, not alone.
    if (validateUscc(value).valid) return [check('GB-CODE-FORM', 'warn', 'bare-uscc', subject)];
    return [check('GB-CODE-FORM', 'pass', 'name-not-code', subject)];
  }
  return [
    code.wellFormed
      ? check('GB-CODE-FORM', 'pass', 'code-well-formed', subject)
      : check('GB-CODE-FORM', 'fail', 'code-malformed', subject),
    code.subject === 'organisation' && code.boundBy === 'uscc'
      ? check('GB-CODE-SUBJECT', 'pass', 'subject-organisation', subject)
      : check('GB-CODE-SUBJECT', 'warn', 'subject-unknown', subject),
    ...checkUscc(code, subject),
    code.service === service || code.service === 'unused'
      ? check('GB-CODE-KIND', 'pass', 'service-kind-fits', subject)
      : check('GB-CODE-KIND', 'warn', 'service-kind-other', subject),
  ];
}

/** Only where position 4 says that the eighteen characters are a USCC. */
function checkUscc(code: ProviderCode, subject: string): Check[] {
  if (code.boundBy !== 'uscc') return [];
  return [
    code.uscc.valid
      ? check('GB-CODE-USCC', 'pass', 'uscc-valid', subject)
      : check('GB-CODE-USCC', 'fail', 'uscc-invalid', subject),
  ];
}

const sealOutcomes: { [outcome in SealOutcome]: Check['outcome'] } = {
  'seal-valid': 'pass',
  'seal-valid-pinned': 'pass',
  'seal-invalid': 'fail',
  'seal-unsupported': 'warn',
  'seal-malformed': 'warn',
};

function checkSeal(id: 'GB-SEAL-1' | 'GB-SEAL-2', seal: Seal | null): Check[] {
  if (!seal) return [];
  const subject = seal.pinnedId ?? seal.reason ?? seal.keyFingerprint;
  return [check(id, sealOutcomes[seal.outcome], seal.outcome, subject ?? undefined)];
}

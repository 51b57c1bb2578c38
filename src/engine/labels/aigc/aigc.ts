import type { Claim, MediaFormat, Signal, Strength } from '../../../contract/screening.ts';
import type { Metadata } from '../metadata.ts';
import { checkLabel } from './checks.ts';
import { type FoundLabel, findLabels } from './find.ts';
import { type AigcObject, type FieldName, fieldNames, fieldValue } from './object.ts';
import { decodeProviderCode } from './provider-code.ts';
import { type PinnedKey, type Seal, verifySeal } from './seal.ts';
import { shown } from './text.ts';

export interface AigcOptions {
  /** Public keys of providers that somebody vouches for. */
  pinnedKeys?: readonly PinnedKey[];
}

/**
 * One signal for each implicit AIGC label (GB 45438-2025 clause 6 and Annex E) in the metadata of a file of that format, ids
 * `label.aigc#1` onwards, with every check of form, fields, provider code, place and seal. At most twenty. Never throws.
 */
export function readAigcLabels(metadata: Metadata, format: MediaFormat, options: AigcOptions = {}): Signal[] {
  const found = findLabels(metadata);
  const current = found.filter(isCurrentLabel);
  return found.map((label, index) => {
    const counts = current.includes(label);
    const seals = index < maxSealedLabels ? readSeals(label, options.pinnedKeys ?? []) : noSeals;
    const others = current.filter((other) => other !== label);
    return {
      id: `label.aigc#${index + 1}`,
      layer: 'label',
      method: 'label.aigc',
      ...(isSuperseded(label) ? leftover(current.length) : meaning(label)),
      params: paramsOf(label),
      place: { ...label.entry.place, path: shown(label.entry.place.path) },
      checks: counts ? checkLabel({ found: label, seals }, others, format) : [],
      // A statement may be a lie, and nobody can say how often.
      errorRate: null,
      evidence: evidenceOf(label, seals),
    };
  });
}

/** Whether a found label is one that the file makes now: the kind of which there may be only one (GB 45438-2025 6.1 c). */
export function isCurrentLabel(label: FoundLabel): boolean {
  return !isSuperseded(label) && !isNoLabel(label);
}

/** Called AIGC, or with a label in it, but not saying anything about this file that could be checked. */
function isNoLabel(label: FoundLabel): boolean {
  return isDenial(label) || isBlankMatter(label) || isQuotation(label);
}

/** `aigc: false` in a front matter, `AIGC=0` in a tag: the opposite of a declaration. */
function isDenial({ carrier, raw }: FoundLabel): boolean {
  return (
    carrier === 'entry' && /^\s{0,20}["']?(?:false|no|none|null|n\/a|0|否|无)["']?\s{0,20}$/i.test(raw.slice(0, 60))
  );
}

/** Templates leave keys without a value in front matter; elsewhere an emptied entry is worth a look. */
function isBlankMatter({ reading, entry }: FoundLabel): boolean {
  return reading.status === 'empty' && entry.place.location === 'markdown.front-matter';
}

/** Sentences about labels show one that lacks what a label must have (Art. 5): that accuses nobody's file. */
function isQuotation({ carrier, reading }: FoundLabel): boolean {
  if (reading.status !== 'read' || !reading.object.inProse || carrier === 'entry' || carrier === 'xmp') return false;
  return !hasElements(reading.object);
}

/** Under the name AIGC, or in the comment field that TC260-PG-20259A gives to labels: there words around it change nothing. */
function isMeantForLabels({ carrier, entry }: FoundLabel): boolean {
  return carrier === 'entry' || carrier === 'xmp' || (carrier === 'commentary' && entry.key === 'UserComment');
}

function hasElements(object: AigcObject): boolean {
  const has = (name: FieldName) => fieldValue(object, name).trim() !== '';
  const provider = has('ContentProducer') || has('ContentPropagator');
  return /^[123]$/.test(fieldValue(object, 'Label').trim()) && provider && (has('ProduceID') || has('PropagateID'));
}

/** A label in an earlier save of a document that was saved again: still in the bytes, no longer what the file says. */
function isSuperseded({ entry }: FoundLabel): boolean {
  return /^revision \d+ of \d+\//.test(entry.place.path);
}

/** Rewriting a label is what a platform must do (CNLB-7); a save that drops it altogether is what nobody may do (CNLB-12). */
function leftover(currentLabels: number): Meaning {
  if (currentLabels > 0) return { claim: 'unspecified', strength: 'not-applicable', code: 'label-aigc-superseded' };
  return { claim: 'ai-suspected', strength: 'some', code: 'label-aigc-removed' };
}

/** Verifying costs tens of milliseconds each, and a file with more labels than this is not in order anyway. */
const maxSealedLabels = 4;
const noSeals: Seals = { ReservedCode1: null, ReservedCode2: null };

interface Seals {
  ReservedCode1: Seal | null;
  ReservedCode2: Seal | null;
}

interface Meaning {
  claim: Claim;
  strength: Strength;
  code: string;
}

function meaning(label: FoundLabel): Meaning {
  const { reading } = label;
  if (isDenial(label)) return { claim: 'unspecified', strength: 'not-applicable', code: 'label-aigc-denied' };
  if (isBlankMatter(label)) return { claim: 'unspecified', strength: 'not-applicable', code: 'label-aigc-empty' };
  if (isQuotation(label)) return { claim: 'unspecified', strength: 'not-applicable', code: 'label-aigc-quoted' };
  if (reading.status === 'empty') return { claim: 'unspecified', strength: 'some', code: 'label-aigc-empty' };
  if (reading.status === 'unreadable') return { claim: 'unspecified', strength: 'some', code: 'label-aigc-unreadable' };
  // It names a service and a number, and says nowhere that the content is generated.
  if (reading.object.variant === 'tencent-cloud') {
    return { claim: 'ai-suspected', strength: 'some', code: 'label-aigc-tencent' };
  }
  if (reading.object.inProse && !isMeantForLabels(label)) {
    return { claim: 'ai-suspected', strength: 'some', code: 'label-aigc-in-prose' };
  }
  const value = fieldValue(reading.object, 'Label').trim();
  return (
    meanings.get(value) ?? {
      claim: 'unspecified',
      strength: 'some',
      code: value ? 'label-aigc-other' : 'label-aigc-bare',
    }
  );
}

/** Annex E c: 1 is, 2 may be, 3 is suspected to be generated or synthesised. */
const meanings = new Map<string, Meaning>([
  ['1', { claim: 'ai-generated', strength: 'declared', code: 'label-aigc-generated' }],
  ['2', { claim: 'ai-possible', strength: 'declared', code: 'label-aigc-possible' }],
  ['3', { claim: 'ai-suspected', strength: 'declared', code: 'label-aigc-suspected' }],
]);

function paramsOf({ reading, entry }: FoundLabel): Record<string, string> {
  const object = reading.status === 'read' ? reading.object : null;
  const tencent = object?.unknown.find(({ written }) => written.toLowerCase() === 'serviceprovider')?.value;
  return {
    label: object ? shown(fieldValue(object, 'Label'), 40) || none : none,
    producer: shown(tencent ?? (object ? fieldValue(object, 'ContentProducer') : ''), 80) || none,
    path: shown(entry.place.path),
  };
}

/** Stands in a sentence for a value that is not there, in either language. */
const none = '–';

function readSeals({ reading }: FoundLabel, pinnedKeys: readonly PinnedKey[]): Seals {
  if (reading.status !== 'read') return noSeals;
  const { object } = reading;
  const sealed = {
    label: fieldValue(object, 'Label'),
    contentProducer: fieldValue(object, 'ContentProducer'),
    produceId: fieldValue(object, 'ProduceID'),
    contentPropagator: fieldValue(object, 'ContentPropagator'),
    propagateId: fieldValue(object, 'PropagateID'),
  };
  const seal = (slot: 'ReservedCode1' | 'ReservedCode2') =>
    verifySeal(fieldValue(object, slot), { slot, ...sealed }, pinnedKeys);
  return { ReservedCode1: seal('ReservedCode1'), ReservedCode2: seal('ReservedCode2') };
}

function evidenceOf(label: FoundLabel, seals: Seals): Signal['evidence'] {
  const { reading, entry, carrier, property, namespace } = label;
  return {
    key: shown(entry.key),
    carrier,
    ...(property === null ? {} : { property: shown(property) }),
    ...(namespace === null ? {} : { namespace: shown(namespace) }),
    ...(reading.status === 'read' ? partsOf(reading.object, seals) : { unreadable: reading.status }),
    ...rawText(label),
  };
}

/** The text as found, unless it is about something else too: prompts are not repeated, whoever wrote them into a label. */
function rawText({ carrier, reading, raw }: FoundLabel): Evidence {
  const mixed = reading.status === 'read' && reading.object.mistakes.has('text-around');
  if (carrier === 'embedded' || mixed || isPrompt(raw)) return { rawCharacters: raw.length };
  return { raw: shown(raw, 500) };
}

function isPrompt(text: string): boolean {
  return /prompt|提示/i.test(text);
}

type Evidence = Exclude<Signal['evidence'], string | number | boolean | null | unknown[]>;

function partsOf(object: AigcObject, seals: Seals): Evidence {
  // Empty and missing fields say the same, and the verdict compares these statements.
  const statement: Evidence = {};
  for (const name of fieldNames) {
    const value = fieldValue(object, name);
    if (value !== '') statement[name] = shown(value);
  }
  const unknown = object.unknown.slice(0, 20).map(({ written, value }) => ({
    name: shown(written, 60),
    ...(isPrompt(written) ? { characters: value.length } : { value: shown(value) }),
  }));
  const sealed = Object.entries(seals).flatMap(([slot, seal]) => (seal ? [{ slot, ...seal }] : []));
  const providers = (['ContentProducer', 'ContentPropagator'] as const).flatMap((field) => {
    const code = decodeProviderCode(fieldValue(object, field).trim());
    return code ? [{ field, ...code, uscc: { ...code.uscc } }] : [];
  });
  return {
    variant: object.variant,
    wrapped: object.wrapped,
    object: statement,
    ...(unknown.length > 0 ? { unknown } : {}),
    ...(providers.length > 0 ? { providers } : {}),
    ...(sealed.length > 0 ? { seals: sealed } : {}),
  };
}

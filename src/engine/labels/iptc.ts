import type { Check, Claim, Signal, Strength } from '../../contract/screening.ts';
import { shown } from './aigc/text.ts';
import type { Metadata, MetadataEntry } from './metadata.ts';
import { readXmp, type XmpProperty } from './xmp.ts';

/**
 * What IPTC properties say about how the media came to be: one signal for each DigitalSourceType and one for each packet that names
 * an AI system (IPTC Photo Metadata 2025.1), ids `label.iptc#1` onwards, at most twenty. Prompts are measured, never repeated; who
 * wrote them is a person and not repeated either. Never throws.
 */
export function readIptc(metadata: Metadata): Signal[] {
  const drafts = metadata.entries.flatMap(draftsIn).slice(0, maxSignals);
  return drafts.map((draft, index) => ({
    id: `label.iptc#${index + 1}`,
    layer: 'label',
    method: 'label.iptc',
    // A statement may be a lie, and nobody can say how often.
    errorRate: null,
    ...draft,
  }));
}

const maxSignals = 20;

/** Namespace of IPTC Extension. */
const extensionNamespace = 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/';
const vocabulary = 'http://cv.iptc.org/newscodes/digitalsourcetype/';

type Draft = Omit<Signal, 'id' | 'layer' | 'method' | 'errorRate'>;

interface Term {
  claim: Claim;
  /** Given in place of another term now: accepted, never to be written. */
  deprecated?: true;
  vocabulary?: string;
}

/**
 * The vocabulary (regulation catalogue 8.2). `unspecified` where the term leaves open whether AI or a camera was at work: an
 * algorithm without training, a mix of unnamed parts, a picture of a screen, an enhancement of something whose origin is not said.
 */
const terms = new Map<string, Term>([
  ['trainedAlgorithmicMedia', { claim: 'ai-generated' }],
  ['compositeWithTrainedAlgorithmicMedia', { claim: 'ai-edited' }],
  ['compositeSynthetic', { claim: 'ai-edited' }],
  ['trainedAlgorithmicData', { claim: 'ai-generated', vocabulary: 'http://c2pa.org/digitalsourcetype/' }],
  ['algorithmicMedia', { claim: 'unspecified' }],
  ['virtualRecording', { claim: 'unspecified' }],
  ['composite', { claim: 'unspecified' }],
  ['algorithmicallyEnhanced', { claim: 'unspecified' }],
  ['dataDrivenMedia', { claim: 'unspecified' }],
  ['screenCapture', { claim: 'unspecified' }],
  ['digitalCapture', { claim: 'captured' }],
  ['computationalCapture', { claim: 'captured' }],
  ['compositeCapture', { claim: 'captured' }],
  ['negativeFilm', { claim: 'captured' }],
  ['positiveFilm', { claim: 'captured' }],
  ['print', { claim: 'captured' }],
  ['humanEdits', { claim: 'human-made' }],
  ['digitalCreation', { claim: 'human-made' }],
  ['minorHumanEdits', { claim: 'human-made', deprecated: true }],
  ['digitalArt', { claim: 'human-made', deprecated: true }],
  ['softwareImage', { claim: 'unspecified', deprecated: true }],
]);

const clauses = {
  'IPTC-TERM': 'IPTC NewsCodes Digital Source Type',
  'IPTC-URI': 'IPTC Photo Metadata: Digital Source Type',
  'IPTC-NS': 'IPTC Photo Metadata: XMP namespace Iptc4xmpExt',
};

function draftsIn(entry: MetadataEntry): Draft[] {
  if (entry.kind === 'text' && isSourceTypeName(entry.key.slice(entry.key.lastIndexOf(':') + 1))) {
    return [sourceType(entry, { value: entry.value, property: null, namespace: null })];
  }
  if (entry.kind !== 'xmp' || !/DigitalSource(File)?Type|AISystem|AIPrompt/i.test(entry.value)) return [];
  const { properties } = readXmp(entry.value);
  const types = properties
    .filter(({ name }) => isSourceTypeName(name))
    .flatMap(({ values, path, namespace }) =>
      values
        .filter((value) => value.trim() !== '')
        .map((value) => sourceType(entry, { value, property: path, namespace })),
    );
  const system = systemUsed(entry, properties, types);
  return system ? [...types, system] : types;
}

/** `DigitalSourcefileType` is the name of before 2010. */
function isSourceTypeName(name: string): boolean {
  return /^digitalsource(file)?type$/i.test(name);
}

interface Statement {
  value: string;
  property: string | null;
  namespace: string | null;
}

function sourceType(entry: MetadataEntry, { value, property, namespace }: Statement): Draft {
  const { name, term, uriCheck } = readTerm(value);
  const claim = term?.claim ?? 'unspecified';
  return {
    claim,
    // An unknown word is no hint of anything.
    strength: term ? 'declared' : 'not-applicable',
    code: term ? `label-iptc-${claim}` : 'label-iptc-unknown',
    params: { term: shown(name, 80), path: shown(entry.place.path) },
    place: { ...entry.place, path: shown(entry.place.path) },
    checks: [termCheck(name, term), uriCheck, namespaceCheck(namespace)],
    evidence: {
      value: shown(value),
      term: shown(name, 80),
      ...(property === null ? {} : { property: shown(property) }),
      ...(namespace === null ? {} : { namespace: shown(namespace) }),
    },
  };
}

/** The term in a full URI, in a schema.org name, or alone; the case of its letters is forgiven. */
function readTerm(value: string): { name: string; term: Term | null; uriCheck: Check } {
  const written = value.slice(0, 500).trim();
  const last = written.slice(
    Math.max(written.lastIndexOf('/'), written.lastIndexOf('#'), written.lastIndexOf(':')) + 1,
  );
  // schema.org: `TrainedAlgorithmicMediaDigitalSource`.
  const short = last.replace(/DigitalSource$/, '').toLowerCase();
  const known = [...terms].find(([name]) => name.toLowerCase() === short);
  const name = known ? known[0] : last;
  const full = `${known?.[1].vocabulary ?? vocabulary}${name}`;
  if (written === full) return { name, term: known?.[1] ?? null, uriCheck: check('IPTC-URI', 'pass', 'iptc-full-uri') };
  const code =
    written
      .toLowerCase()
      .replace(/^https:/, 'http:')
      .replace(/\/$/, '') === full.toLowerCase()
      ? 'iptc-uri-variant'
      : 'iptc-not-full-uri';
  return { name, term: known?.[1] ?? null, uriCheck: check('IPTC-URI', 'warn', code, written) };
}

function termCheck(name: string, term: Term | null): Check {
  if (!term) return check('IPTC-TERM', 'warn', 'iptc-unknown-term', name);
  if (term.deprecated) return check('IPTC-TERM', 'warn', 'iptc-deprecated-term', name);
  return check('IPTC-TERM', 'pass', 'iptc-known-term', name);
}

function namespaceCheck(namespace: string | null): Check {
  if (namespace === extensionNamespace) return check('IPTC-NS', 'pass', 'iptc-namespace-right');
  if (namespace === null) return check('IPTC-NS', 'warn', 'iptc-not-in-xmp');
  return check('IPTC-NS', 'warn', 'iptc-namespace-wrong', namespace);
}

/** AISystemUsed and its companions: used to make the picture, by the definition of IPTC Photo Metadata 2025.1. */
function systemUsed(entry: MetadataEntry, properties: readonly XmpProperty[], types: readonly Draft[]): Draft | null {
  // Templates of photo software write fields without a value.
  const one = (name: string) =>
    properties.find(
      (property) =>
        property.name.toLowerCase() === name.toLowerCase() && property.values.some((value) => value.trim() !== ''),
    );
  const system = one('AISystemUsed');
  const version = one('AISystemVersionUsed');
  const prompt = one('AIPromptInformation');
  const writer = one('AIPromptWriterName');
  const first = system ?? version ?? prompt ?? writer;
  if (!first) return null;
  const edited = types.some(({ claim }) => claim === 'ai-edited');
  const strength: Strength = 'some';
  const name = shown(system?.values.join(', ') ?? '', 80);
  return {
    claim: edited ? 'ai-edited' : 'ai-generated',
    strength,
    code: name ? 'label-iptc-ai-system' : 'label-iptc-ai-fields',
    params: { system: name, path: shown(entry.place.path) },
    place: { ...entry.place, path: shown(entry.place.path) },
    checks: [namespaceCheck(first.namespace)],
    evidence: {
      system: name || null,
      version: version ? shown(version.values.join(', '), 80) : null,
      promptCharacters: prompt ? prompt.values.join('').length : null,
      promptWriterNamed: writer !== undefined,
      property: shown(first.path),
    },
  };
}

function check(id: keyof typeof clauses, outcome: Check['outcome'], code: string, subject?: string): Check {
  return {
    id,
    outcome,
    clause: clauses[id],
    verified: true,
    code,
    ...(subject === undefined ? {} : { subject: shown(subject) }),
  };
}

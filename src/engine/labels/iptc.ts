import type { Check, Signal } from '../../contract/screening.ts';
import { iptcVocabulary, type SourceType, sourceTypes } from '../provenance/source-types.ts';
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

type Draft = Omit<Signal, 'id' | 'layer' | 'method' | 'errorRate'>;

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
function readTerm(value: string): { name: string; term: SourceType | null; uriCheck: Check } {
  const written = value.slice(0, 500).trim();
  const last = written.slice(
    Math.max(written.lastIndexOf('/'), written.lastIndexOf('#'), written.lastIndexOf(':')) + 1,
  );
  // schema.org: `TrainedAlgorithmicMediaDigitalSource`.
  const short = last.replace(/DigitalSource$/, '').toLowerCase();
  const known = [...sourceTypes].find(([name]) => name.toLowerCase() === short);
  const name = known ? known[0] : last;
  const full = `${known?.[1].vocabulary ?? iptcVocabulary}${name}`;
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

function termCheck(name: string, term: SourceType | null): Check {
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
  const name = shown(system?.values.join(', ') ?? '', 80);
  return {
    claim: edited ? 'ai-edited' : 'ai-generated',
    strength: 'some',
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

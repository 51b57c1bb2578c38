import type { Signal } from './screening.ts';

/** One box of the graph: the file itself (`depth` 0) or something it was made from. */
export interface ProvenanceNode {
  title: string;
  depth: number;
  /** `parentOf`, `componentOf`, `inputTo`; empty for the file itself. */
  relationship: string;
  state: 'trusted' | 'unlisted' | 'failed' | 'carries' | 'bare';
  signer: string;
  time: string;
  generator: string;
  /** With the type of what went in, where it is said; else empty. */
  actions: { action: string; source: string }[];
  /** C2PA status codes that are failures. */
  failures: string[];
}

/**
 * Reads the evidence of `provenance.c2pa` as records hold it: `manifest`, `signer`, `time`, `actions`, `statuses`, and `ingredients`
 * nearest first, each with its `depth` (1: of the file, 2: of an ingredient …). Empty when the evidence describes no manifest.
 * Evidence comes from files: everything in it may be missing or strange.
 */
export function readProvenance(signal: Signal): ProvenanceNode[] {
  const evidence = fieldsOf(signal.evidence);
  const manifest = fieldsOf(evidence?.['manifest']);
  if (!evidence || !manifest) return [];
  const signer = fieldsOf(evidence['signer']) ?? {};
  const { validity } = evidence;
  const root: ProvenanceNode = {
    title: text(manifest['title']),
    depth: 0,
    relationship: '',
    state: validity === 'trusted' || validity === 'unlisted' ? validity : validity === 'invalid' ? 'failed' : 'carries',
    signer: [text(signer['commonName']), text(signer['organisation'])].filter(Boolean).join(', '),
    time: text(fieldsOf(evidence['time'])?.['at']),
    generator: entries(manifest['generators'])
      .map((product) => `${text(product['name'])} ${text(product['version'])}`.trim())
      .filter(Boolean)
      .join(', '),
    actions: entries(evidence['actions'])
      .map((action) => ({ action: text(action['action']), source: text(action['sourceType']) }))
      .filter(({ action, source }) => action !== '' || source !== ''),
    // An unlisted signer is the state already, and no failure of the credential.
    failures: codesOf(fieldsOf(evidence['statuses'])?.['failure']).filter(
      (code) => validity !== 'unlisted' || code !== 'signingCredential.untrusted',
    ),
  };
  return [root, ...entries(evidence['ingredients']).map(ingredientOf)].slice(0, maxNodes);
}

/** Boxes in one graph and steps down in it. */
const maxNodes = 40;
const maxDepth = 6;
const maxCharacters = 300;

function ingredientOf(ingredient: Fields): ProvenanceNode {
  const failures = codesOf(ingredient['failures']);
  const { depth } = ingredient;
  return {
    title: text(ingredient['title']),
    depth: typeof depth === 'number' && depth >= 1 ? Math.min(maxDepth, Math.floor(depth)) : 1,
    relationship: text(ingredient['relationship']),
    state: failures.length > 0 ? 'failed' : ingredient['hasManifest'] === true ? 'carries' : 'bare',
    signer: '',
    time: '',
    generator: '',
    actions: [],
    failures,
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** The objects of a list, or of `{ list, total }` as evidence keeps long ones. */
function entries(value: unknown): Fields[] {
  const held = Array.isArray(value) ? value : fieldsOf(value)?.['list'];
  if (!Array.isArray(held)) return [];
  return held
    .slice(0, maxNodes)
    .map(fieldsOf)
    .filter((entry) => entry !== null);
}

function codesOf(value: unknown): string[] {
  return entries(value)
    .map(({ code }) => text(code))
    .filter(Boolean);
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

function text(value: unknown): string {
  if (typeof value !== 'string') return '';
  if (value.length <= maxCharacters) return value;
  return `${Array.from(value.slice(0, maxCharacters * 2))
    .slice(0, maxCharacters - 1)
    .join('')}…`;
}

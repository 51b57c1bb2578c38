/** The manifest store of c2pa-rs as typed values. Everything in it comes from the file: any field may lie or be missing. */
export interface Store {
  active: Manifest;
  manifests: Map<string, Manifest>;
  state: 'Invalid' | 'Valid' | 'Trusted';
  statuses: Statuses;
  /** Changes since an ingredient was taken in; `uri` names the ingredient assertion. */
  deltas: { uri: string; statuses: Statuses }[];
}

export interface Manifest {
  label: string;
  title: string;
  format: string;
  claimVersion: number | null;
  generators: Product[];
  signature: { organisation: string; commonName: string; serial: string; algorithm: string; time: string };
  actions: Action[];
  ingredients: Ingredient[];
  assertions: { label: string; data: unknown }[];
}

export interface Product {
  name: string;
  version: string;
}

export interface Action {
  action: string;
  when: string;
  softwareAgent: Product | null;
  sourceType: string;
  /** Names of further parameters; their values may hold prompts and are not kept. */
  parameters: string[];
}

export interface Ingredient {
  title: string;
  format: string;
  relationship: string;
  /** Assertion label in its manifest, e.g. `c2pa.ingredient.v3__1`. */
  label: string;
  /** Label of the ingredient's own manifest, empty without one. */
  manifest: string;
  /** Failures that the signer recorded when taking the ingredient in. */
  recorded: Status[];
}

export interface Status {
  code: string;
  url: string;
  explanation: string;
}

export interface Statuses {
  success: Status[];
  informational: Status[];
  failure: Status[];
}

/** Longest store that is read; real ones take some hundred kB. */
export const maxStoreCharacters = 16 * 1024 * 1024;

/** Returns null when the text is not a manifest store with an active manifest, or is too long to be an honest one. */
export function parseStore(json: string): Store | null {
  if (json.length > maxStoreCharacters) return null;
  const root = record(parseJson(json));
  const found = record(root['manifests']);
  const activeLabel = typeof root['active_manifest'] === 'string' ? root['active_manifest'] : '';
  if (!Object.hasOwn(found, activeLabel)) return null;
  const manifests = new Map<string, Manifest>();
  for (const [label, value] of Object.entries(found).slice(0, maxManifests)) {
    manifests.set(label, manifest(label, record(value)));
  }
  const active = manifests.get(activeLabel) ?? manifest(activeLabel, record(found[activeLabel]));
  const results = record(root['validation_results']);
  const state = root['validation_state'];
  return {
    active,
    manifests,
    state: state === 'Trusted' || state === 'Valid' ? state : 'Invalid',
    statuses: statuses(results['activeManifest']),
    deltas: list(results['ingredientDeltas'])
      .slice(0, maxManifests)
      .map(record)
      .map((delta) => ({ uri: short(delta['ingredientAssertionURI']), statuses: statuses(delta['validationDeltas']) })),
  };
}

export function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A string of the file as evidence: at most 200 characters, control and direction characters made visible as �. */
export function short(value: unknown): string {
  const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
  return text.slice(0, 200).replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

/** Limits on what is looked at in one store, against stores made to exhaust. */
const maxManifests = 256;
const maxActions = 2_000;
const maxIngredients = 1_000;
const maxStatuses = 10_000;
const maxAssertions = 2_000;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

function manifest(label: string, value: Record<string, unknown>): Manifest {
  const signature = record(value['signature_info']);
  const assertions = list(value['assertions'])
    .slice(0, maxAssertions)
    .map(record)
    .map((assertion) => ({ label: short(assertion['label']), data: assertion['data'] }));
  return {
    label: short(label),
    title: short(value['title']),
    format: short(value['format']),
    claimVersion: typeof value['claim_version'] === 'number' ? value['claim_version'] : null,
    generators: generators(value),
    signature: {
      organisation: short(signature['issuer']),
      commonName: short(signature['common_name']),
      serial: short(signature['cert_serial_number']),
      algorithm: short(signature['alg']),
      time: short(signature['time']),
    },
    actions: assertions
      .filter(({ label }) => /^c2pa\.actions(\.|__|$)/.test(label))
      .flatMap(({ data }) => actions(data)),
    ingredients: list(value['ingredients']).slice(0, maxIngredients).map(record).map(ingredient),
    assertions,
  };
}

function generators(value: Record<string, unknown>): Product[] {
  const known = list(value['claim_generator_info']).slice(0, 16).map(product);
  // Claims of version 1 may hold only one line such as `Adobe_Photoshop/26.9.0 c2pa-rs/0.43.0`.
  return known.length > 0 || value['claim_generator'] === undefined
    ? known.filter((one) => one !== null)
    : [{ name: short(value['claim_generator']), version: '' }];
}

function product(value: unknown): Product | null {
  if (typeof value === 'string') return { name: short(value), version: '' };
  const { name, version } = record(value);
  return name === undefined ? null : { name: short(name), version: short(version) };
}

function actions(data: unknown): Action[] {
  const { actions: entries, softwareAgents } = record(data);
  const agents = list(softwareAgents);
  return list(entries)
    .slice(0, maxActions)
    .map(record)
    .map((entry) => {
      const index = entry['softwareAgentIndex'];
      return {
        action: short(entry['action']),
        when: short(entry['when']),
        softwareAgent: product(entry['softwareAgent'] ?? (typeof index === 'number' ? agents[index] : undefined)),
        sourceType: short(entry['digitalSourceType']),
        parameters: Object.keys(record(entry['parameters'])).slice(0, 20).map(short),
      };
    });
}

function ingredient(value: Record<string, unknown>): Ingredient {
  const results = record(value['validation_results']);
  const recorded = [
    // Version 1 and 2 ingredients list their problems; version 3 keeps the whole results.
    ...list(value['validation_status']).map(status),
    ...statuses(results['activeManifest']).failure,
    ...list(results['ingredientDeltas']).flatMap((delta) => statuses(record(delta)['validationDeltas']).failure),
  ].slice(0, maxStatuses);
  return {
    title: short(value['title']),
    format: short(value['format']),
    relationship: short(value['relationship']),
    label: short(value['label']),
    manifest: short(value['active_manifest']),
    recorded,
  };
}

function statuses(value: unknown): Statuses {
  const { success, informational, failure } = record(value);
  const entries = (values: unknown) => list(values).slice(0, maxStatuses).map(status);
  return { success: entries(success), informational: entries(informational), failure: entries(failure) };
}

function status(value: unknown): Status {
  const { code, url, explanation } = record(value);
  return { code: short(code), url: short(url), explanation: short(explanation) };
}

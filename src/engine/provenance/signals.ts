import type { Signal } from '../../contract/screening.ts';
import type { AssessedIngredient, Assessment } from './assessment.ts';
import { isAi, sourceTypeTerm } from './source-types.ts';
import { checksOf, countStatuses, target } from './statuses.ts';
import { list, type Manifest, record, type Status, type Store, short } from './store.ts';

export interface SignalContext {
  /** First part of the place, e.g. `jpeg`. */
  container: string;
  lists: { id: string; version: string }[];
}

/** The active manifest's signal, and one more for what its ingredients say: failures, AI material. */
export function signalsOf(store: Store, assessment: Assessment, context: SignalContext): Signal[] {
  const signals = [manifestSignal(store, assessment, context)];
  const broken = assessment.ingredients.filter(({ failures }) => failures.length > 0);
  if (broken.length > 0) signals.push(brokenIngredients(broken, context));
  const made = assessment.ingredients.filter(isAiMaterial);
  if (made.length > 0 && !isAi(assessment.claim)) signals.push(aiIngredients(made, assessment, context));
  return signals.map((signal, index) => ({ ...signal, id: `${signal.method}#${index + 1}` }));
}

/** A manifest that is kept elsewhere: its address is shown, never asked. */
export function remoteSignal(url: string, context: SignalContext): Signal {
  const address = short(url);
  return {
    ...base(context, ''),
    id: 'provenance.c2pa#1',
    claim: 'unspecified',
    strength: 'not-applicable',
    code: 'remote-manifest-not-followed',
    params: { url: address },
    evidence: { remote: address },
  };
}

function manifestSignal(store: Store, assessment: Assessment, context: SignalContext): Signal {
  const { active, statuses } = store;
  const { claim, validity, reason } = assessment;
  const holds = validity === 'trusted' || validity === 'unlisted';
  return {
    ...base(context, active.label),
    claim: holds ? claim : 'unspecified',
    strength: strengthOf(assessment),
    code: codeOf(assessment),
    params: {
      trust: validity,
      signer: signerName(active),
      generator: active.generators.map(({ name, version }) => `${name} ${version}`.trim())[0] ?? '',
      reason: reason ?? '',
      declared: claim,
    },
    checks: checksOf(statuses.failure, statuses.informational),
    evidence: {
      validity,
      reason,
      trustLists: context.lists.slice(0, 20).map(({ id, version }) => ({ id, version })),
      manifest: {
        label: active.label,
        title: active.title,
        format: active.format,
        claimVersion: active.claimVersion,
        generators: active.generators.map(({ name, version }) => ({ name, version })),
        manifests: store.manifests.size,
      },
      signer: {
        organisation: active.signature.organisation,
        commonName: active.signature.commonName,
        serial: active.signature.serial,
        algorithm: active.signature.algorithm,
      },
      time: assessment.time,
      declared: {
        claim,
        sourceTypes: assessment.sourceTypes.map(({ action, sourceType }) => ({ action, sourceType })),
      },
      actions: cut(
        active.actions.map(({ action, when, softwareAgent, sourceType, parameters }) => ({
          action,
          when,
          softwareAgent: softwareAgent && { name: softwareAgent.name, version: softwareAgent.version },
          sourceType: sourceTypeTerm(sourceType),
          parameters,
        })),
        40,
      ),
      ingredients: cut(assessment.ingredients.map(ingredientEvidence), 30),
      statuses: {
        success: cut(countStatuses(statuses.success), 40),
        informational: cut(countStatuses(statuses.informational), 40),
        failure: cut(countStatuses(statuses.failure), 40),
        explained: explanations(statuses.failure),
      },
      ...annotations(active),
    },
  };
}

function strengthOf({ validity, claim }: Assessment): Signal['strength'] {
  if (validity === 'invalid' || validity === 'unchecked') return isAi(claim) ? 'some' : 'not-applicable';
  if (isAi(claim)) return 'declared';
  // Only a signer whom somebody answers for can make a statement of capture weigh anything.
  return validity === 'trusted' && claim !== 'unspecified' ? 'little' : 'not-applicable';
}

function codeOf({ validity, reason, claim }: Assessment): string {
  if (validity === 'trusted' || validity === 'unlisted') return `c2pa-${validity}-${claim}`;
  const ai = isAi(claim) ? '-ai' : '';
  return validity === 'invalid' ? `c2pa-invalid-${reason ?? 'other'}${ai}` : `c2pa-unchecked${ai}`;
}

function brokenIngredients(broken: AssessedIngredient[], context: SignalContext): Signal {
  const failures = broken.flatMap((ingredient) => ingredient.failures);
  return {
    ...base(context, ''),
    claim: 'unspecified',
    strength: 'not-applicable',
    code: 'c2pa-ingredient-broken',
    params: { count: broken.length, title: broken[0]?.title ?? '', failure: failures[0]?.code ?? '' },
    checks: checksOf(failures, []).map((check) => ({ ...check, outcome: 'warn' })),
    evidence: { ingredients: cut(broken.map(ingredientEvidence), 30) },
  };
}

function aiIngredients(made: AssessedIngredient[], { validity }: Assessment, context: SignalContext): Signal {
  const sound = made.filter(({ failures }) => failures.length === 0);
  return {
    ...base(context, ''),
    claim: 'ai-edited',
    strength: sound.length > 0 && (validity === 'trusted' || validity === 'unlisted') ? 'declared' : 'some',
    code: 'c2pa-ingredient-ai',
    params: { count: made.length, title: (sound[0] ?? made[0])?.title ?? '', trust: validity },
    evidence: { ingredients: cut(made.map(ingredientEvidence), 30) },
  };
}

/** What went into the picture or sound itself. An input to a process (`inputTo`) need not be in the result. */
function isAiMaterial({ claim, relationship }: AssessedIngredient): boolean {
  return isAi(claim) && (relationship === 'parentOf' || relationship === 'componentOf');
}

function base({ container }: SignalContext, label: string) {
  return {
    id: '',
    layer: 'provenance',
    method: 'provenance.c2pa',
    place: { location: `${container}.c2pa`, ...(label === '' ? {} : { path: label }) },
    checks: [],
    // A signed statement can be a lie; how often it is cannot be measured.
    errorRate: null,
  } satisfies Partial<Signal>;
}

function signerName({ signature }: Manifest): string {
  return [signature.commonName, signature.organisation].filter((part) => part !== '').join(', ') || '?';
}

function ingredientEvidence({ title, format, relationship, depth, claim, manifest, failures }: AssessedIngredient) {
  return {
    title,
    format,
    relationship,
    depth,
    claim,
    hasManifest: manifest !== '',
    failures: cut(
      countStatuses(failures).map(({ code, target, count }) => ({ code, target, count })),
      10,
    ),
  };
}

function explanations(failures: Status[]) {
  return failures.slice(0, 10).map(({ code, url, explanation }) => ({ code, target: target(url), explanation }));
}

/** Identity, mining permissions, soft bindings and the names of what else is in the manifest. Nothing of it is verified. */
function annotations({ assertions }: Manifest) {
  const labelled = (pattern: RegExp) => assertions.filter(({ label }) => pattern.test(label));
  const other = assertions.map(({ label }) => label).filter((label) => !known.test(label));
  return {
    identities: cut(
      labelled(/^cawg\.identity/).map(({ data }) => ({
        type: short(record(record(data)['c2paAsset'] ?? record(data)['signer_payload'])['sig_type']),
        verified: false,
      })),
      10,
    ),
    trainingMining: cut(
      labelled(/^(c2pa|cawg)\.training-mining/).flatMap(({ label, data }) =>
        Object.entries(record(record(data)['entries']))
          .slice(0, 50)
          .map(([name, entry]) => ({ label, name: short(name), use: short(record(entry)['use']) })),
      ),
      20,
    ),
    softBindings: cut(
      labelled(/^c2pa\.soft-binding/).map(({ data }) => ({
        algorithm: short(record(data)['alg']),
        blocks: list(record(data)['blocks']).length,
      })),
      20,
    ),
    otherAssertions: cut([...new Set(other)], 40),
  };
}

const known = /^(c2pa\.actions|cawg\.identity|(c2pa|cawg)\.training-mining|c2pa\.soft-binding)/;

/** Evidence stays small: the first entries and how many there were. */
function cut<T>(entries: T[], limit: number): { list: T[]; total: number } {
  return { list: entries.slice(0, limit), total: entries.length };
}

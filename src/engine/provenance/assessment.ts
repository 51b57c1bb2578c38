import type { Claim } from '../../contract/screening.ts';
import { claimOfSourceType } from './source-types.ts';
import { gravestReason, isFailure, type Reason } from './statuses.ts';
import { type Ingredient, list, type Manifest, record, type Status, type Store, short } from './store.ts';

/**
 * What a manifest is worth. `trusted`: it holds and its signer is on an installed list. `unlisted`: it holds, the signer
 * is on no installed list. `invalid`: it does not hold. `unchecked`: it was read, not validated.
 */
export type Validity = 'trusted' | 'unlisted' | 'invalid' | 'unchecked';

/**
 * `listed`: a time-stamp authority on an installed list said so. `unlisted`: one that is on none. `legacy`: a claim of
 * version 1, whose authority the library does not check against a list. `broken`: the stamp does not hold.
 */
export type TimeTrust = 'listed' | 'unlisted' | 'legacy' | 'broken';

export interface Assessment {
  validity: Validity;
  reason: Reason | null;
  claim: Claim;
  /** The statements that the claim rests on, most telling first. */
  sourceTypes: { action: string; sourceType: string; claim: Claim }[];
  time: { at: string; authority: string; trust: TimeTrust } | null;
  ingredients: AssessedIngredient[];
}

export interface AssessedIngredient extends Ingredient {
  /** 1 for an ingredient of the active manifest, 2 for an ingredient of an ingredient … */
  depth: number;
  /** What its own manifest says. */
  claim: Claim;
  failures: Status[];
}

/** Groups of trust anchors by the names they are given to the library under. */
export const signerAnchors = 'clearmirror-signers';
export const timeAnchors = 'clearmirror-time';
export const commonAnchors = 'clearmirror-signers-and-time';

export function assess(store: Store, validated: boolean, signerListed: boolean): Assessment {
  const sourceTypes = sourceTypesOf(store.active);
  const ingredients = assessIngredients(store);
  const reason = gravestReason(
    store.statuses.failure,
    store.deltas.flatMap((delta) => delta.statuses.failure),
  );
  return {
    validity: !validated ? 'unchecked' : store.state === 'Invalid' ? 'invalid' : signerListed ? 'trusted' : 'unlisted',
    reason: validated && store.state === 'Invalid' ? (reason ?? 'other') : null,
    claim: sourceTypes[0]?.claim ?? 'unspecified',
    sourceTypes,
    time: timeOf(store),
    ingredients,
  };
}

/** Name of the anchors through which the signer is trusted, or null. */
export function signerTrustedBy({ statuses }: Store): string | null {
  const trusted = statuses.success.find(({ code }) => code === 'signingCredential.trusted');
  return trusted ? (/found in \[([^\]]*)\]/.exec(trusted.explanation)?.[1] ?? null) : null;
}

/** Name of the anchors through which the time stamp is trusted; null without one or for a legacy stamp. */
export function timeTrustedBy({ statuses }: Store): string | null {
  const trusted = statuses.success.find(({ code }) => code === 'timeStamp.trusted');
  // The certificate's name stands before the list's and is the file's own text: only the end counts.
  return trusted ? (/, trust list: ([a-z-]+)$/.exec(trusted.explanation)?.[1] ?? null) : null;
}

function timeOf(store: Store): Assessment['time'] {
  const said = [...store.statuses.success, ...store.statuses.informational].filter(({ code }) =>
    code.startsWith('timeStamp.'),
  );
  const { time } = store.active.signature;
  if (said.length === 0) return time === '' ? null : { at: time, authority: '', trust: 'unlisted' };
  const has = (code: string) => said.find((status) => status.code === code);
  const matched = has('timeStamp.validated')?.explanation ?? '';
  const by = timeTrustedBy(store);
  return {
    at: time,
    authority: short(/matched: (.*)$/s.exec(matched)?.[1] ?? ''),
    trust:
      by === timeAnchors || by === commonAnchors
        ? 'listed'
        : has('timeStamp.trusted')?.explanation.startsWith('legacy ')
          ? 'legacy'
          : has('timeStamp.validated')
            ? 'unlisted'
            : 'broken',
  };
}

/** What the actions of one manifest state, the most telling first; signed metadata only where no action says it. */
function sourceTypesOf(manifest: Manifest): Assessment['sourceTypes'] {
  const stated = manifest.actions
    .filter(({ sourceType }) => sourceType !== '')
    .map(({ action, sourceType }) => ({ action, sourceType, claim: claimOfAction(action, sourceType) }));
  const found = stated.length > 0 ? stated : metadataSourceTypes(manifest);
  return found.sort((a, b) => telling.indexOf(a.claim) - telling.indexOf(b.claim)).slice(0, 20);
}

/** Media that was made or opened as AI output is AI-generated; an AI step in the middle makes it AI-edited. */
function claimOfAction(action: string, sourceType: string): Claim {
  const claim = claimOfSourceType(sourceType);
  return claim === 'ai-generated' && action !== 'c2pa.created' && action !== 'c2pa.opened' ? 'ai-edited' : claim;
}

function metadataSourceTypes({ assertions }: Manifest): Assessment['sourceTypes'] {
  return assertions
    .filter(({ label }) => /^(c2pa\.metadata|cawg\.metadata|stds\.iptc)/.test(label))
    .flatMap(({ label, data }) => {
      const value = record(data)['Iptc4xmpExt:DigitalSourceType'];
      return [value, ...list(value)]
        .map(short)
        .filter((sourceType) => sourceType !== '')
        .map((sourceType) => ({ action: label, sourceType, claim: claimOfSourceType(sourceType) }));
    });
}

const telling: Claim[] = ['ai-generated', 'ai-edited', 'captured', 'human-made', 'unspecified'];

/** Every ingredient that the active manifest reaches, nearest first; a manifest that names itself is walked once. */
function assessIngredients(store: Store): AssessedIngredient[] {
  const assessed: AssessedIngredient[] = [];
  const seen = new Set([store.active.label]);
  let level = [store.active];
  for (let depth = 1; level.length > 0 && depth <= maxIngredientDepth; depth++) {
    const next: Manifest[] = [];
    for (const parent of level) {
      for (const ingredient of parent.ingredients) {
        if (assessed.length >= maxIngredients) return assessed;
        const own = ingredient.manifest === '' ? undefined : store.manifests.get(ingredient.manifest);
        assessed.push({
          ...ingredient,
          depth,
          claim: (own && sourceTypesOf(own)[0]?.claim) ?? 'unspecified',
          failures: failuresOf(store, parent, ingredient),
        });
        if (own && !seen.has(own.label)) {
          seen.add(own.label);
          next.push(own);
        }
      }
    }
    level = next;
  }
  return assessed;
}

/**
 * What was wrong with an ingredient when it was taken in (kept in the ingredient) and what is wrong since (the deltas).
 * The library's own state shows only the second: a signature that was broken when signed leaves it `Trusted`.
 */
function failuresOf(store: Store, parent: Manifest, ingredient: Ingredient): Status[] {
  const assertion = `/${parent.label}/c2pa.assertions/${ingredient.label}`;
  const since = store.deltas.filter(({ uri }) => uri.endsWith(assertion)).flatMap(({ statuses }) => statuses.failure);
  return [...ingredient.recorded, ...since].filter(isFailure).slice(0, maxIngredientFailures);
}

const maxIngredients = 1_000;
const maxIngredientDepth = 32;
const maxIngredientFailures = 100;

import type { Check } from '../../contract/screening.ts';
import type { Status } from './store.ts';

/** Why a manifest does not hold, the gravest first. */
export const reasons = [
  'signature',
  'manifest',
  'unprotected',
  'changed',
  'revoked',
  'expired',
  'ingredient',
  'other',
] as const;
export type Reason = (typeof reasons)[number];

/**
 * The gravest reason among failures of the active manifest and of its ingredients' changes, or null without any that
 * matters: an unlisted signer and a CAWG identity that does not hold leave the manifest itself valid.
 */
export function gravestReason(failures: Status[], ingredientFailures: Status[]): Reason | null {
  const found = new Set(failures.filter(breaksManifest).map(reasonOf));
  if (ingredientFailures.some(breaksManifest)) found.add('ingredient');
  return reasons.find((reason) => found.has(reason)) ?? null;
}

/** A status that is neither good news nor mere information. */
export function isFailure({ code }: Status): boolean {
  return breaksManifest({ code }) && !isGood(code) && !information.has(code) && !code.startsWith('timeStamp.');
}

/** One check for each code, the gravest outcome kept; `subject` is what the code is about. */
export function checksOf(failures: Status[], informational: Status[]): Check[] {
  const checks = new Map<string, Check>();
  const add = (status: Status, outcome: 'fail' | 'warn') => {
    if (checks.has(status.code) || checks.size >= maxChecks) return;
    checks.set(status.code, {
      id: status.code,
      outcome,
      clause: 'C2PA 2.x',
      verified: true,
      code: status.code,
      subject: target(status.url),
    });
  };
  for (const status of failures) add(status, breaksManifest(status) ? 'fail' : 'warn');
  for (const status of informational) if (!information.has(status.code)) add(status, 'warn');
  return [...checks.values()];
}

/** The part of a JUMBF address that says what a status is about: `c2pa.signature`, `c2pa.hash.data`. */
export function target(url: string): string {
  return url.split('/').at(-1) ?? '';
}

/** How many of each code and target, in order of appearance. */
export function countStatuses(statuses: Status[]): { code: string; target: string; count: number }[] {
  const counts = new Map<string, { code: string; target: string; count: number }>();
  for (const { code, url } of statuses) {
    const key = `${code} ${target(url)}`;
    const known = counts.get(key);
    if (known) known.count++;
    else counts.set(key, { code, target: target(url), count: 1 });
  }
  return [...counts.values()];
}

const maxChecks = 50;

function breaksManifest({ code }: Pick<Status, 'code'>): boolean {
  return code !== 'signingCredential.untrusted' && !code.startsWith('cawg.');
}

function reasonOf({ code, explanation }: Status): Reason {
  if (code.startsWith('claimSignature.') && code !== 'claimSignature.outsideValidity') return 'signature';
  if (code === 'signingCredential.ocsp.revoked') return 'revoked';
  if (code === 'signingCredential.expired' || code === 'claimSignature.outsideValidity') return 'expired';
  if (/^assertion\.(dataHash|bmffHash|boxesHash|collectionHash)\./.test(code)) {
    // c2pa-rs gives the same code when the excluded range is not the manifest's own: then bytes that nobody signed
    // could hide there, which old genuine camera files do too (Truepic 2023).
    return explanation.includes('exclusion') ? 'unprotected' : 'changed';
  }
  if (/hashedURI\.|^assertion\.(missing|undeclared|outsideManifest|notRedacted|selfRedacted)|^claim\./i.test(code)) {
    return 'manifest';
  }
  return 'other';
}

function isGood(code: string): boolean {
  return /\.(match|validated|trusted|insideValidity|notRevoked|accessible)$/.test(code);
}

/** Said by the library about every file, or about how it was written; no reason for a warning. */
const information = new Set([
  'signingCredential.ocsp.skipped',
  'ingredient.unknownProvenance',
  'manifest.unknownProvenance',
  'assertion.bmffHash.additionalExclusionsPresent',
  'assertion.dataHash.additionalExclusionsPresent',
  'timeOfSigning.insideValidity',
]);

import type { Claim } from '../../contract/screening.ts';

/**
 * What an IPTC or C2PA digitalSourceType says about how media came to be (IPTC NewsCodes `digitalsourcetype`,
 * C2PA 2.x §18.14). Terms that leave it open, such as `composite`, `algorithmicMedia` (no training data) and
 * `screenCapture`, are `unspecified`.
 */
export function claimOfSourceType(sourceType: string): Claim {
  return claims.get(sourceTypeTerm(sourceType)) ?? 'unspecified';
}

/** The last part of the address: `trainedAlgorithmicMedia`. */
export function sourceTypeTerm(sourceType: string): string {
  return sourceType.trim().split(/[/#:]/).at(-1) ?? '';
}

export function isAi(claim: Claim): boolean {
  return claim.startsWith('ai-');
}

const claims = new Map<string, Claim>([
  ['trainedAlgorithmicMedia', 'ai-generated'],
  ['trainedAlgorithmicData', 'ai-generated'],
  ['compositeWithTrainedAlgorithmicMedia', 'ai-edited'],
  ['compositeSynthetic', 'ai-edited'],
  ['digitalCapture', 'captured'],
  ['computationalCapture', 'captured'],
  ['compositeCapture', 'captured'],
  ['negativeFilm', 'captured'],
  ['positiveFilm', 'captured'],
  ['print', 'captured'],
  ['humanEdits', 'human-made'],
  ['minorHumanEdits', 'human-made'],
  ['digitalCreation', 'human-made'],
  ['digitalArt', 'human-made'],
]);

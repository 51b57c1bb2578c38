import type { Claim } from '../../contract/screening.ts';

/** One word of the vocabulary that says how media came to be. */
export interface SourceType {
  claim: Claim;
  /** Given in place of another term now: accepted, never to be written. */
  deprecated?: true;
  /** Start of its address, where that is not IPTC's. */
  vocabulary?: string;
}

export const iptcVocabulary = 'http://cv.iptc.org/newscodes/digitalsourcetype/';

/**
 * The vocabulary (regulation catalogue 8.2; IPTC NewsCodes `digitalsourcetype`, C2PA 2.x §18.14). `unspecified` where the term leaves
 * open whether AI or a camera was at work: an algorithm without training, a mix of unnamed parts, a picture of a screen, an
 * enhancement of something whose origin is not said.
 */
export const sourceTypes: ReadonlyMap<string, SourceType> = new Map<string, SourceType>([
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

/** What a digitalSourceType of a manifest says; `unspecified` for a word nobody knows. */
export function claimOfSourceType(sourceType: string): Claim {
  return sourceTypes.get(sourceTypeTerm(sourceType))?.claim ?? 'unspecified';
}

/** The last part of the address: `trainedAlgorithmicMedia`. */
export function sourceTypeTerm(sourceType: string): string {
  return sourceType.trim().split(/[/#:]/).at(-1) ?? '';
}

export function isAi(claim: Claim): boolean {
  return claim.startsWith('ai-');
}

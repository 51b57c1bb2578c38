import { type FeatureTag, featureTags, type JurisdictionId, jurisdictionIds } from '../../contract/facts.ts';

/** Each once, in the order of the contract: two lists that say the same are the same. */
export function tidyFeatures(features: readonly FeatureTag[]): FeatureTag[] {
  return featureTags.filter((tag) => features.includes(tag));
}

export function tidyJurisdictions(jurisdictions: readonly JurisdictionId[]): JurisdictionId[] {
  return jurisdictionIds.filter((id) => jurisdictions.includes(id));
}

interface Listed {
  features?: FeatureTag[] | null | undefined;
  jurisdictions?: JurisdictionId[] | null | undefined;
}

/** The same fields with tidy lists. */
export function tidy<T extends Listed>(fields: T): T {
  const { features, jurisdictions } = fields;
  return {
    ...fields,
    ...(features ? { features: tidyFeatures(features) } : {}),
    ...(jurisdictions ? { jurisdictions: tidyJurisdictions(jurisdictions) } : {}),
  };
}

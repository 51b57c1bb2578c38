import type { JurisdictionId } from '../../../src/contract/facts.ts';

/** As the contract lists them. */
export const places = ['cn', 'eu', 'uk', 'us', 'us-ca', 'in', 'kr'] as const satisfies readonly JurisdictionId[];

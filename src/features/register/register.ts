import type { Endpoint } from '../../platform/http/endpoint.ts';
import { type Filed, registerEndpoints } from './routes.ts';

export { findCompany } from './company.ts';
export { pageFrom, readDayCursor } from './cursors.ts';
export { findFunction } from './functions.ts';
export { findHappening } from './happenings.ts';
export {
  authorOf,
  type Change,
  organisationOf,
  recordChange,
  refuseFuture,
  refuseStale,
  seenRevision,
} from './revisions.ts';
export { holdRegister } from './revisions-store.ts';
export { findService } from './services.ts';
export { likePart } from './services-store.ts';
export { mergeStored, momentsOf, mostHappenings, readStored } from './stored-facts.ts';

/** What a company registers: itself, its services, their functions, figures and happenings. */
export function openRegister(filed: Filed): { endpoints: Endpoint[] } {
  return { endpoints: registerEndpoints(filed) };
}

import type { Service, ServiceFunction } from '../../../src/contract/register.ts';

/** What the page is about: facts alone, a service, one function of it, or something that befell it. */
export interface Subject {
  service: Service | null;
  function: ServiceFunction | null;
  /** All functions of the service. */
  functions: ServiceFunction[];
  happening: string | null;
}

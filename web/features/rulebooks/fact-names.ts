import type { FactName } from '../../../src/contract/facts.ts';

/** The name of every fact, as the contract has them; its own table would bring the whole of zod into the page. */
const names = {
  jurisdictions: true,
  event: true,
  features: true,
  plannedAt: true,
  opinionOrMobilisation: true,
  offeredToPublic: true,
  hostsUserContent: true,
  isGenerator: true,
  isPropagator: true,
  isAppStore: true,
  isApiProvider: true,
  isNewsService: true,
  editsBiometrics: true,
  touchesNationalSecurityScene: true,
  realisticOutput: true,
  usesNewTech: true,
  'materialChange.functionalAttribute': true,
  'materialChange.technicalMethod': true,
  'materialChange.resourceAllocation': true,
  criticalImpact: true,
  registeredUsers: true,
  mau: true,
  dau: true,
  euAmar: true,
  caMonthlyUsers: true,
  'euDesignation.designated': true,
  'euDesignation.notifiedOn': true,
  'incident.illegalSpread': true,
  'incident.controlsInsufficient': true,
  'incident.on': true,
  'authorityNotice.issuer': true,
  'authorityNotice.level': true,
  'authorityNotice.date': true,
  'removalRequest.kind': true,
  'removalRequest.receivedAt': true,
} as const satisfies Record<FactName, true>;

export function isFactName(name: string): name is FactName {
  return Object.hasOwn(names, name);
}

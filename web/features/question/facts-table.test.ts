import { expect, test } from 'vitest';
import * as contract from '../../../src/contract/facts.ts';
import { factNames } from '../../../src/contract/facts.ts';
import { figureKinds, functionFactsSchema, serviceFactsSchema } from '../../../src/contract/register.ts';
import { places } from '../register/places.ts';
import { isFactName } from '../rulebooks/fact-names.ts';
import {
  featureGroups,
  figureNames,
  flagNames,
  flags,
  issuers,
  levels,
  momentGroups,
  removalKinds,
  sendable,
} from './facts-table.ts';
import { allServiceFactsOf, functionFactsOf, learnedAbout } from './split-facts.ts';

test('the page offers exactly what the contract knows', () => {
  expect(Object.values(featureGroups).flat().toSorted()).toEqual(contract.featureTags.toSorted());
  expect(places).toEqual(contract.jurisdictionIds);
  expect(Object.values(momentGroups).flat().toSorted()).toEqual(contract.momentNames.toSorted());
  expect(issuers).toEqual(contract.noticeIssuers);
  expect(levels).toEqual(contract.noticeLevels);
  expect(removalKinds).toEqual(contract.removalRequestKinds);
  expect(figureNames).toEqual(figureKinds);
  const asked = factNames.filter((name) => contract.factKinds[name].kind === 'flag');
  expect(flagNames.toSorted()).toEqual(asked.toSorted());
  expect(factNames.filter((name) => !isFactName(name))).toEqual([]);
});

test.each(flagNames)('%s is written where it is read, and forgotten', (name) => {
  const { read, write } = flags[name];
  expect(read({})).toBeUndefined();
  expect(contract.factsSchema.parse(sendable(write({}, true)))).toEqual(write({}, true));
  expect(read(write({}, false))).toBe(false);
  expect(sendable(write(write({}, true), undefined))).toEqual({});
});

test('each yes or no goes to the function or to the service, and none is lost', () => {
  const all = flagNames.reduce((facts, name) => flags[name].write(facts, true), {} satisfies contract.Facts);
  const incident = { illegalSpread: true, controlsInsufficient: true };
  const ofFunction = functionFactsOf(all);
  const ofService = allServiceFactsOf(all);
  expect(functionFactsSchema.parse(ofFunction)).toEqual(ofFunction);
  expect(serviceFactsSchema.parse(ofService)).toEqual(ofService);
  expect({ ...ofFunction, ...ofService, incident }).toEqual(all);
});

test.each([
  ['nothing was said', {}, null],
  ['a place is new', { jurisdictions: ['cn', 'eu'] }, { jurisdictions: ['cn', 'eu'] }],
  ['the places are as registered', { jurisdictions: ['cn'] }, null],
  ['a fact of the service is new', { isAppStore: false }, { facts: { offeredToPublic: true, isAppStore: false } }],
  // "No" was said of the service with its new function; "yes" may be true of the function alone.
  ['it is denied', { isGenerator: false }, { facts: { offeredToPublic: true, isGenerator: false } }],
  ['it is affirmed', { isGenerator: true }, null],
] as const)('what a service learns while a function is planned: %s', (_case, said, learned) => {
  const facts = contract.factsSchema.parse(said);
  expect(learnedAbout({ facts: { offeredToPublic: true }, jurisdictions: ['cn'] }, facts)).toEqual(learned);
});

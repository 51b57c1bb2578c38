import { expect, test } from 'vitest';
import { authorityLevels, authorityRoles, companyRoles, passwordSchema } from '../../../src/contract/accounts.ts';
import { levels, rolesOf, shortestPassword } from './roles.ts';

test('the pages offer exactly the roles and levels of the contract', () => {
  expect(rolesOf).toEqual({ company: companyRoles, authority: authorityRoles });
  expect(levels).toEqual(authorityLevels);
});

test('the pages ask for the password length that the server demands', () => {
  expect(passwordSchema.safeParse('x'.repeat(shortestPassword)).success).toBe(true);
  expect(passwordSchema.safeParse('x'.repeat(shortestPassword - 1)).success).toBe(false);
});

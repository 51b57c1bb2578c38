import type { Attend } from '../feature.ts';

/** An administrator can let others in and make keys: with a password alone that is too little. */
export const attention: Attend = async ({ person, roles }, say) => {
  if (!person || person.twoFactor || !roles.includes('administrator')) return [];
  return [
    {
      id: 'second-factor',
      title: say('accounts.attention.second-factor'),
      about: say('accounts.attention.second-factor.about'),
      to: '/settings/second-factor',
    },
  ];
};

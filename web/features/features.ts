import { accounts } from './accounts/accounts.ts';
import type { Feature } from './feature.ts';
import { reference } from './reference/reference.ts';

/** All features, in the order in which the rail shows their lines. To add one: its front door here, nothing else. */
export const features: readonly Feature[] = [accounts, reference];

import { accounts } from './accounts/accounts.ts';
import { assessments } from './assessments/assessments.ts';
import type { Feature } from './feature.ts';
import { filings } from './filings/filings.ts';
import { labelling } from './labelling/labelling.ts';
import { question } from './question/question.ts';
import { reference } from './reference/reference.ts';
import { register } from './register/register.ts';
import { rulebooks } from './rulebooks/rulebooks.ts';
import { screening } from './screening/screening.ts';

/** All features, in the order in which the rail shows their lines. To add one: its front door here, nothing else. */
export const features: readonly Feature[] = [
  screening,
  labelling,
  register,
  assessments,
  filings,
  question,
  rulebooks,
  accounts,
  reference,
];

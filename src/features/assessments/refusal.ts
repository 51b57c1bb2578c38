import { refusalsOf } from '../../platform/refusal.ts';

/** Why an assessment was not begun. */
export const refuse = refusalsOf('assess', {
  'service-unknown': 2,
  'service-which': 2,
  'function-unknown': 2,
  'no-target': 2,
  'target-broken': 2,
  'rulebook-unknown': 2,
  'nothing-to-assess': 5,
  'secret-missing': 5,
  'secret-broken': 5,
  'out-is-taken': 5,
  'out-is-done': 5,
  'out-is-busy': 5,
  'out-unwritable': 1,
  'recording-taken': 5,
  'recording-partial': 5,
  'recording-secret-short': 5,
  'recording-missing': 5,
  'recording-broken': 5,
  'recording-of-another': 5,
});

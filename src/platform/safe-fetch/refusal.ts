import { httpRefusalsOf } from '../refusal.ts';

/** Why an address that a person named was not fetched, with the HTTP status of our answer. */
export const refuse = httpRefusalsOf({
  'address-malformed': 422,
  'address-scheme': 422,
  'address-credentials': 422,
  'address-port': 422,
  'address-private': 422,
  'address-unresolvable': 422,
  'redirect-downgrade': 422,
  'too-many-redirects': 422,
  'too-large': 413,
  'too-slow': 422,
  'not-found-there': 422,
  'encoded-there': 422,
  'unreachable-there': 422,
  'not-certified-there': 422,
  'bad-answer-there': 422,
  'cut-short-there': 422,
});

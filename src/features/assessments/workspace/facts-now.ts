import type { Facts } from '../../../contract/facts.ts';
import { mergeStored, type readStored } from '../../register/register.ts';

/** What the register says of the occasion that an assessment is about: the launch of the service, or of this version of a function. */
export function factsNow(stored: Awaited<ReturnType<typeof readStored>>): Facts {
  const { asked } = stored;
  const event = asked ? (asked.version > 1 ? 'change-function' : 'add-function') : 'launch-service';
  return mergeStored(stored, { event, happening: null, overrides: {} }).facts;
}

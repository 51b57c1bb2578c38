import type { Target } from '../../../../contract/target.ts';
import type { Offered } from '../../publishing.ts';
import { textAt } from '../../target/service.ts';
import type { Told } from '../../told.ts';

/** What the service did with something it was given after it was told of a known fake. */
export type Reception =
  | { state: 'refused'; status: number }
  | { state: 'signed'; told: string }
  | { state: 'published' }
  | { state: 'unclear'; code: string; status: number };

/** Recognised is what is refused in the words of the target, or shown with any sign of being synthetic. */
export function receptionOf(offered: Offered, told: readonly Told[], known: NonNullable<Target['known']>): Reception {
  if (offered.state === 'refused') {
    const { status, body } = offered;
    const said = known.refusal && body !== null ? textAt(known.refusal.path, body) : null;
    if (said !== null && known.refusal?.is.includes(said)) return { state: 'refused', status };
    return { state: 'unclear', code: 'copy-refused-otherwise', status };
  }
  const sign = told.find((one) => one.told !== null && one.told !== 'none');
  if (sign?.told) return { state: 'signed', told: sign.told };
  const unread = told.find((one) => one.told === null);
  if (unread) return { state: 'unclear', code: 'page-unread', status: unread.status };
  return { state: 'published' };
}

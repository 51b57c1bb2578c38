import { expect, test } from 'vitest';
import { isGone, isHeld } from './gone.ts';

const found = { subject: 'image/web', code: 'label-gone', tried: 2 };
const look = (outcome: 'kept' | 'lost' | 'unclear', code = 'label-kept', subject = 'image/web') => ({
  subject,
  outcome,
  code,
});

test.each([
  ['seen as often, and never lost', [look('kept'), look('kept')], true],
  ['lost in another way, which is a hazard of its own', [look('kept'), look('lost', 'label-changed')], true],
  ['lost once more', [look('kept'), look('lost', 'label-gone'), look('kept')], false],
  ['looked at less often', [look('kept')], false],
  ['unclear', [look('kept'), look('kept'), look('unclear', 'target-too-slow')], false],
  [
    'only something else was looked at',
    [look('kept', 'label-kept', 'video/web'), look('kept', 'label-kept', 'video/web')],
    false,
  ],
] as const)('%s', (_name, trials, gone) => {
  expect(isGone(found, { state: 'ran', trials })).toBe(gone);
  expect(isGone(found, { state: 'not-run', trials })).toBe(false);
});

const defeated = {
  probe: 'labels-survive',
  subject: 'image/jpeg',
  reproduce: [{ code: 'edit.image.crop' }, { code: 'edit.image.resize' }],
};
const search = (
  outcome: 'held' | 'budget-spent' | 'defeated' | 'untested',
  length: number,
  subject = 'image/jpeg',
) => ({ probes: ['labels-survive' as const], subject, outcome, length, publications: 9, hazards: [] });

test.each([
  ['every chain of that length held', search('held', 2), true],
  ['only shorter ones were tried', search('held', 1), false],
  ['all of that length, and some longer', search('budget-spent', 3), true],
  ['not all of that length', search('budget-spent', 2), false],
  ['another chain defeats it', search('defeated', 2), false],
  ['nothing was told', search('untested', 3), false],
  ['another format', search('held', 3, 'image/png'), false],
] as const)('a search: %s', (_name, one, held) => {
  expect(isHeld(defeated, [one])).toBe(held);
});

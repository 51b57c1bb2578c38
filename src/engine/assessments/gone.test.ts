import { expect, test } from 'vitest';
import type { HazardSearch } from '../../contract/assessment.ts';
import { hazardKey, isFromSearch, isGone, isHeld } from './gone.ts';
import { type Attempt, hunt } from './search.ts';

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

test('a hazard is called by where and how it was lost, and whether a search found it', () => {
  const where = { probe: 'public-sign', subject: 'image/jpeg', code: 'search-label-stripped' };
  const [found, searched] = [hazardKey({ ...where, search: false }), hazardKey({ ...where, search: true })];
  expect([found, searched]).toEqual([
    'public-sign/image/jpeg/search-label-stripped',
    'search/public-sign/image/jpeg/search-label-stripped',
  ]);
  expect([found, searched].map(isFromSearch)).toEqual([false, true]);
});

const defeated = {
  probe: 'labels-survive',
  subject: 'image/jpeg',
  code: 'search-label-lost',
  reproduce: [{ code: 'edit.image.crop' }, { code: 'edit.image.resize' }].map((step) => ({ ...step, params: {} })),
} as const;
const before: HazardSearch = {
  probes: ['labels-survive', 'public-sign'],
  ...{ subject: 'image/jpeg', outcome: 'held', length: 3, publications: 9, hazards: [] },
};
const search = (held: number, more: Partial<HazardSearch> = {}): HazardSearch => ({
  ...before,
  sought: [{ code: 'search-label-lost', held, unclear: 0 }],
  chains: ['crop', 'resize', 'resize+crop', 'crop+resize'],
  ...more,
});

test.each([
  ['every chain of that length held', search(2), true],
  ['only shorter ones were tried, or something of that length was unclear', search(1), false],
  ['all of that length, and some longer', search(2, { outcome: 'budget-spent', length: 3 }), true],
  ['it failed in another way, which is a hazard of its own', search(2, { outcome: 'defeated' }), true],
  ['another chain defeats it', search(1, { outcome: 'defeated', length: 2 }), false],
  ['nothing was told', search(0, { outcome: 'untested', length: 0 }), false],
  ['another format', search(3, { subject: 'image/png' }), false],
  ['another safeguard', search(3, { probes: ['public-sign'] }), false],
  [
    'that way of failing was not sought',
    search(3, { sought: [{ code: 'copy-unrecognised', held: 3, unclear: 0 }] }),
    false,
  ],
  ['nobody could make that chain this time', search(3, { chains: ['crop', 'resize', 'resize+crop'] }), false],
  ['a record of before, which says neither', before, false],
] as const)('a search: %s', (_name, one, held) => {
  expect(isHeld(defeated, [one])).toBe(held);
});

const sign = 'search-sign-missing';
const stripped = 'search-label-stripped';
const label = 'search-label-lost';

/** Another search, by chains of one edit: what it says of a hazard that the edit `resize` showed once. */
async function searchAgain(sought: readonly string[], attempt: (edit: string) => Partial<Attempt>) {
  const hunted = await hunt({
    ...{ edits: ['crop', 'resize'], sought, budget: 9, longest: 1 },
    attempt: async ([edit = '']) => ({
      ...{ published: true, clear: sought, unclear: [], failures: [], grows: true },
      ...attempt(edit),
    }),
  });
  const { outcome, length, publications, chains, sought: ways } = hunted;
  const record: HazardSearch = {
    probes: ['labels-survive', 'public-sign'],
    ...{ subject: 'image/jpeg', outcome, length, publications, hazards: [] },
    sought: ways.map(({ failure, held, unclear }) => ({ code: failure, held, unclear })),
    chains: chains.map((chain) => chain.join('+')),
  };
  const isGoneBy = (code: string, probe: 'labels-survive' | 'public-sign') =>
    isHeld({ probe, subject: 'image/jpeg', code, reproduce: [{ code: 'edit.image.resize', params: {} }] }, [record]);
  return {
    outcome,
    gone: {
      ...{ sign: isGoneBy(sign, 'public-sign'), stripped: isGoneBy(stripped, 'public-sign') },
      label: isGoneBy(label, 'labels-survive'),
    },
  };
}

test('a page that shows no sign at all does not verify what a search found on it: signs were not sought', async () => {
  expect(await searchAgain([label], () => ({}))).toEqual({
    outcome: 'held',
    gone: { sign: false, stripped: false, label: true },
  });
});

test('a page that nobody can read verifies nothing of signs, whatever the renditions say', async () => {
  // `resize` takes the label out of the file, `crop` leaves it there.
  const unread = (edit: string) =>
    edit === 'resize' ? { clear: [sign, label], unclear: [stripped] } : { clear: [stripped, label], unclear: [sign] };
  expect(await searchAgain([stripped, sign, label], unread)).toEqual({
    outcome: 'unclear',
    gone: { sign: false, stripped: false, label: true },
  });
});

test('a chain that defeated a safeguard and is too slow now verifies nothing, though all others hold', async () => {
  const sought = [stripped, sign, label];
  const slow = (edit: string) => (edit === 'resize' ? { clear: [], unclear: sought } : {});
  expect(await searchAgain(sought, slow)).toEqual({
    outcome: 'unclear',
    gone: { sign: false, stripped: false, label: false },
  });
});

test('a chain that does not exist this time verifies nothing, though all others hold', async () => {
  const impossible = { published: false, clear: [], unclear: [], failures: [], grows: false };
  const { outcome, gone } = await searchAgain([label], (edit) => (edit === 'resize' ? impossible : {}));
  expect([outcome, gone.label]).toEqual(['held', false]);
});

test('a search that holds verifies every way of failing that it sought', async () => {
  expect(await searchAgain([stripped, sign, label], () => ({}))).toEqual({
    outcome: 'held',
    gone: { sign: true, stripped: true, label: true },
  });
});

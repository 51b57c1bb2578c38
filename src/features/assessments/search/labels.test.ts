import { expect, test } from 'vitest';
import type { Trial } from '../../../contract/assessment.ts';
import type { Told } from '../told.ts';
import { attemptAt, judgeSigns, labelCodes } from './labels.ts';

const state = (told: Told['told']): Told => ({ place: 'state', told, unread: null, status: 200, url: null });
const page = (told: Told['told'], status = 200): Told => ({
  ...{ place: 'page', told, status, url: 'https://small.example/1' },
  unread: told === null ? 'page-without-words' : null,
});

test.each([
  ['told everywhere', [state('confirmed'), page('confirmed')], 'kept search-held', 'kept search-held-stripped'],
  ['silent on the page', [state('confirmed'), page('none')], 'lost search-sign-missing', 'lost search-label-stripped'],
  [
    'silent, and the page unread',
    [state('none'), page(null)],
    'lost search-sign-missing',
    'lost search-label-stripped',
  ],
  ['a page that nobody can read', [page(null, 500)], 'unclear page-unread', 'unclear page-unread'],
  ['the same, and told by the state', [state('confirmed'), page(null)], 'unclear page-unread', 'unclear page-unread'],
  ['nothing told at all', [], 'unclear page-unread', 'unclear page-unread'],
] as const)('signs of an edited copy: %s', (_name, told, carried, stripped) => {
  const judged = [true, false].map((carries) => judgeSigns(told, { carries, last: 'image.crop' }));
  expect(judged.map(({ outcome, code }) => `${outcome} ${code}`)).toEqual([carried, stripped]);
});

test('where a page is unread it is told what is left open, with the status of its answer', () => {
  expect(judgeSigns([page(null, 500)], { carries: true, last: 'image.crop' }).params).toEqual({
    ...{ status: 500, failure: labelCodes.sign },
  });
  expect(judgeSigns([page(null, 200)], { carries: false, last: 'image.crop' }).params).toEqual({
    ...{ status: 200, failure: labelCodes.stripped },
  });
});

const { stripped, sign, label } = labelCodes;
const trial = (outcome: Trial['outcome'], code: string, params: Trial['params'] = {}) => ({ outcome, code, params });
const heldSign = trial('kept', 'search-held');
const heldLabel = trial('kept', 'search-held', { rendition: 'web' });
const brokenRendition = trial('unclear', 'unexaminable', { rendition: 'thumb' });
const lostRendition = trial('lost', label, { rendition: 'web' });

test.each([
  ['all held', [heldSign, heldLabel], [], [], true],
  ['page unread, label kept', [trial('unclear', 'page-unread', { failure: sign }), heldLabel], [sign], [], true],
  ['page unread, label taken', [trial('unclear', 'page-unread', { failure: stripped })], [stripped], [], false],
  ['page unread, in a journal of before', [trial('unclear', 'page-unread')], [stripped, sign, label], [], true],
  ['a rendition that is no media', [heldSign, heldLabel, brokenRendition], [label], [], true],
  ['one rendition lost it, another is no media', [heldSign, lostRendition, brokenRendition], [], [label], true],
  ['too slow', [trial('unclear', 'target-too-slow')], [stripped, sign, label], [], true],
  ['our own copy unread', [trial('unclear', 'unexaminable')], [stripped, sign, label], [], true],
  ['stripped', [trial('lost', stripped)], [], [stripped], false],
  ['nothing seen', [], [stripped, sign, label], [], false],
] as const)('what a chain says of each way of failing: %s', (_name, seen, unclear, failures, grows) => {
  const sought = [stripped, sign, label];
  const clear = sought.filter((code) => !unclear.some((one) => one === code));
  expect(attemptAt(seen, sought)).toEqual({ published: true, clear, unclear, failures, grows });
});

test('what is not sought is neither clear nor a failure', () => {
  expect(attemptAt([trial('lost', sign), heldLabel], [label])).toMatchObject({ clear: [label], failures: [] });
});

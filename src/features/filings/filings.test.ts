import { expect, test } from 'vitest';
import { openHouse } from '../../../test/house.ts';
import { maxDocumentBytes } from '../../contract/filings.ts';

const echo = { slug: 'echo', name: { en: 'Echo' }, type: 'app', jurisdictions: ['cn'], features: ['short_video'] };
const filed = {
  rulebook: 'cn-2018',
  service: 'echo',
  authority: '示例市网信办',
  filedOn: '2026-11-02',
  filedBy: 'An Li',
};

test('a filing has one life per occasion: returned, filed again, accepted; every step stays', async () => {
  const house = await openHouse();
  const admin = await house.setUp();
  await house.ask('POST', '/api/v1/services', { as: admin, body: echo });
  const post = (url: string, body: object) => house.ask('POST', url, { as: admin, body });
  expect(await post('/api/v1/filings', { ...filed, rulebook: 'cn-1818' })).toMatchObject({
    status: 404,
    body: { code: 'rulebook-unknown' },
  });
  expect(await post('/api/v1/filings', { ...filed, filedOn: '2026-12-24' })).toMatchObject({
    body: { code: 'day-in-future' },
  });
  const { body: filing } = await post('/api/v1/filings', filed);
  expect(filing).toMatchObject({ made: 'recorded', state: 'filed', revision: 1, function: null });
  expect(await post('/api/v1/filings', filed)).toMatchObject({ status: 409, body: { code: 'filing-exists' } });

  const move = (body: object) => post(`/api/v1/filings/${filing.id}/moves`, body);
  expect(await move({ to: 'returned', on: '2026-11-01', reason: 'too early', revision: 1 })).toMatchObject({
    body: { code: 'step-before-last' },
  });
  expect(await move({ to: 'returned', on: '2026-11-05', revision: 1 })).toMatchObject({ status: 400 });
  await move({ to: 'returned', on: '2026-11-05', reason: '第四项缺少记录', revision: 1 });
  expect(await move({ to: 'accepted', on: '2026-11-06', revision: 2 })).toMatchObject({
    status: 409,
    body: { code: 'filing-move-not-allowed' },
  });
  expect(await move({ to: 'filed', on: '2026-11-06', filedBy: 'Bo Wen', revision: 1 })).toMatchObject({
    status: 409,
    body: { code: 'changed-meanwhile' },
  });
  await move({ to: 'filed', on: '2026-11-06', filedBy: 'Bo Wen', number: 'EX-7', revision: 2 });
  const last = await move({ to: 'accepted', on: '2026-11-10', revision: 3 });
  expect(last.body).toMatchObject({ state: 'accepted', number: 'EX-7', filedBy: 'Bo Wen', filedOn: '2026-11-06' });
  expect(last.body.steps.map(({ to, on, reason }: Record<string, string>) => [to, on, reason])).toEqual([
    ['filed', '2026-11-02', null],
    ['returned', '2026-11-05', '第四项缺少记录'],
    ['filed', '2026-11-06', null],
    ['accepted', '2026-11-10', null],
  ]);
  const corrected = await house.ask('PATCH', `/api/v1/filings/${filing.id}`, {
    as: admin,
    body: { number: 'EX-8', document: { kind: 'link', text: 'archive, shelf 3' }, revision: 4 },
  });
  expect(corrected.body).toMatchObject({ number: 'EX-8', state: 'accepted', document: { kind: 'link' } });
  await move({ to: 'withdrawn', on: '2026-11-12', reason: 'recorded by mistake', revision: 5 });
  expect((await post('/api/v1/filings', filed)).status).toBe(201);
  const { body: events } = await house.ask('GET', `/api/v1/events?subjectType=filing&subjectId=${filing.id}`, {
    as: admin,
  });
  expect(events.items.map(({ kind }: { kind: string }) => kind).toReversed()).toEqual([
    'filing-recorded',
    'filing-returned',
    'filing-filed',
    'filing-accepted',
    'filing-corrected',
    'filing-withdrawn',
  ]);
});

test('a copy comes back byte for byte, as a download and nothing else; too much is refused while it comes', async () => {
  const house = await openHouse();
  const admin = await house.setUp();
  const send = (body: string, name: string) =>
    house.ask('POST', `/api/v1/filing-documents?name=${encodeURIComponent(name)}`, {
      as: admin,
      body,
      headers: { 'content-type': 'text/html' },
    });
  const page = '<script>alert(1)</script>';
  const stored = await send(page, '回执.html');
  expect(stored).toMatchObject({ status: 201, body: { name: '回执.html', bytes: page.length } });
  const back = await house.ask('GET', `/api/v1/filing-documents/${stored.body.sha256}`, { as: admin });
  expect(back.text).toBe(page);
  expect(back.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent('回执.html')}`,
    'x-content-type-options': 'nosniff',
  });
  expect(await send(page, '../x')).toMatchObject({ status: 400, body: { code: 'document-name-missing' } });
  expect((await send('x'.repeat(maxDocumentBytes + 1), 'much.pdf')).body).toMatchObject({ code: 'too-large' });
  const none = await house.ask('GET', `/api/v1/filing-documents/${'0'.repeat(64)}`, { as: admin });
  expect(none).toMatchObject({ status: 404, body: { code: 'document-unknown' } });
});

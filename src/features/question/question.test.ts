import { expect, test } from 'vitest';
import { openHouse } from '../../../test/house.ts';
import { openEmbedded } from '../../platform/database/embedded.ts';

const echo = {
  slug: 'echo',
  name: { zh: '回声', en: 'Echo' },
  type: 'app',
  jurisdictions: ['cn'],
  features: ['short_video'],
};
const room = (slug: string) => ({ slug, name: { en: slug }, features: ['voice_room'], plannedLaunch: '2026-12-10' });

test('the question of what is stored says where each fact is from, and an override holds for this question only', async () => {
  const house = await openHouse();
  const admin = await house.setUp();
  await house.ask('POST', '/api/v1/services', { as: admin, body: echo });
  await house.ask('POST', '/api/v1/services/echo/functions', { as: admin, body: room('room') });
  const ask = (body: object) => house.ask('POST', '/api/v1/services/echo/question', { as: admin, body });

  const { body, status } = await ask({ function: 'room', event: 'add-function', rulebooks: ['cn-2018'] });
  expect(status).toBe(200);
  expect(body.answer.rulebooks).toMatchObject([{ id: 'cn-2018', verdict: 'applies' }]);
  expect(body.answer.facts).toMatchObject({ features: ['short_video', 'voice_room'], plannedAt: '2026-12-10' });
  expect(body.sources).toContainEqual({ fact: 'jurisdictions', from: 'service', function: null });
  expect(body.sources).toContainEqual({ fact: 'plannedAt', from: 'function', function: 'room' });

  const elsewhere = await ask({ event: 'add-function', overrides: { jurisdictions: ['kr'] }, rulebooks: ['cn-2018'] });
  expect(elsewhere.body.answer.rulebooks).toMatchObject([{ verdict: 'does-not-apply' }]);
  expect(elsewhere.body.sources).toContainEqual({ fact: 'jurisdictions', from: 'question', function: null });
  expect((await house.ask('GET', '/api/v1/services/echo', { as: admin })).body.jurisdictions).toEqual(['cn']);

  expect(await ask({ event: 'none', rulebooks: ['cn-1818'] })).toMatchObject({
    status: 404,
    body: { code: 'rulebook-unknown' },
  });
  expect(await ask({ event: 'none', function: 'rooom' })).toMatchObject({
    status: 404,
    body: { code: 'function-unknown' },
  });
  const stateless = await house.ask('POST', '/api/v1/question', { as: admin, body: { facts: body.answer.facts } });
  expect(stateless.body.summary).toBe('blocked');
});

test('the rulebooks are listed with how much of them was read, and shown whole', async () => {
  const house = await openHouse();
  const admin = await house.setUp();
  const { body } = await house.ask('GET', '/api/v1/rulebooks', { as: admin });
  expect(body.items.length).toBeGreaterThan(5);
  const listed = body.items.find(({ id }: { id: string }) => id === 'cn-2018');
  expect(listed.rules.verified).toBeLessThan(listed.rules.all);
  const whole = await house.ask('GET', '/api/v1/rulebooks/cn-2018', { as: admin });
  expect(whole.body.triggers.map(({ id }: { id: string }) => id)).toContain('CN18-T1');
});

test('whoever comes back to the gate with its ETag hears only whether it changed', async () => {
  const house = await openHouse();
  const admin = await house.setUp();
  await house.ask('POST', '/api/v1/services', { as: admin, body: echo });
  await house.ask('POST', '/api/v1/services/echo/functions', { as: admin, body: room('room') });
  const gate = (tag = '', lang = 'en') =>
    house.ask('GET', '/api/v1/gate?service=echo&function=room', {
      as: admin,
      headers: { 'accept-language': lang, ...(tag ? { 'if-none-match': tag } : {}) },
    });
  const first = await gate();
  const tag = String(first.headers['etag']);
  expect(first.headers['cache-control']).toBe('private, max-age=5');
  house.clock.now = new Date('2026-11-22T09:00:00Z');
  expect(await gate(tag)).toMatchObject({ status: 304, text: '' });
  expect((await gate(tag, 'zh')).status).toBe(200);
  const withdrawn = { to: 'withdrawn', on: '2026-11-22', reason: 'given up', revision: 1 };
  const { id } = first.body.function;
  await house.ask('POST', `/api/v1/functions/${id}/moves`, { as: admin, body: withdrawn });
  const after = await gate(tag);
  expect(after.status).toBe(200);
  expect(after.body.reasons.map(({ code }: { code: string }) => code)).toContain('function-withdrawn');
});

test('lists and the gate cost the same number of queries, however much there is', async () => {
  let queries = 0;
  const house = await openHouse({
    database: await openEmbedded({
      onQuery: () => {
        queries += 1;
      },
    }),
  });
  const admin = await house.setUp();
  const urls = [
    '/api/v1/services',
    '/api/v1/functions',
    '/api/v1/filings',
    '/api/v1/gate?service=echo&function=room-0',
    '/api/v1/services/echo/figures',
    '/api/v1/services/echo/happenings',
  ];
  const counts = async () => {
    const found: number[] = [];
    for (const url of urls) {
      queries = 0;
      expect([url, (await house.ask('GET', url, { as: admin })).status]).toEqual([url, 200]);
      found.push(queries);
    }
    return found;
  };
  const fill = async (count: number) => {
    for (let at = 0; at < count; at += 1) {
      const post = async (url: string, body: object) =>
        expect([url, (await house.ask('POST', url, { as: admin, body })).status]).toEqual([url, 201]);
      const slug = `room-${made}`;
      made += 1;
      await post('/api/v1/services', { ...echo, slug: made === 1 ? 'echo' : `echo-${made}` });
      await post('/api/v1/services/echo/functions', room(slug));
      await post('/api/v1/services/echo/figures', { kind: 'mau', value: at, asOf: '2026-11-01' });
      await post('/api/v1/services/echo/happenings', { kind: 'user-growth', on: '2026-11-01' });
      const about = { rulebook: 'cn-2018', service: 'echo', function: slug };
      await post('/api/v1/filings', { ...about, authority: '示例市网信办', filedOn: '2026-11-20', filedBy: 'An Li' });
    }
  };
  let made = 0;
  await fill(1);
  const few = await counts();
  await fill(6);
  expect(await counts()).toEqual(few);
});

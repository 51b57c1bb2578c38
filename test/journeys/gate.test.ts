import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { type House, openHouse, type Person } from '../house.ts';

/** An app with a feed of short videos that is offered in mainland China, and a voice room that is planned. */
async function openShimmer(house: House) {
  const admin = await house.setUp();
  const service = await house.ask('POST', '/api/v1/services', { as: admin, body: shimmerVideo });
  expect(service.status).toBe(201);
  const voiceRoom = await house.ask('POST', `/api/v1/services/shimmer-video/functions`, { as: admin, body: voice });
  expect(voiceRoom.status).toBe(201);
  return { admin, service: service.body, voiceRoom: voiceRoom.body };
}

const shimmerVideo = {
  slug: 'shimmer-video',
  name: { zh: '微光短视频', en: 'Shimmer Video' },
  type: 'app',
  jurisdictions: ['cn'],
  features: ['short_video'],
  facts: {
    offeredToPublic: true,
    hostsUserContent: true,
    isGenerator: false,
    isPropagator: true,
    isNewsService: false,
    isAppStore: false,
    isApiProvider: false,
    opinionOrMobilisation: true,
  },
};
const voice = {
  slug: 'voice-room',
  name: { zh: '语音房间', en: 'Voice room' },
  features: ['voice_room'],
  facts: { usesNewTech: false, editsBiometrics: false, touchesNationalSecurityScene: false, realisticOutput: false },
  plannedLaunch: '2026-12-10',
};

const gateOf = (house: House, as: Person, fn = 'voice-room', lang = 'en') =>
  house.ask('GET', `/api/v1/gate?service=shimmer-video&function=${fn}`, { as, headers: { 'accept-language': lang } });

/** Files under every rulebook that keeps the gate shut; answers the filings. */
async function fileAll(house: House, as: Person, fn = 'voice-room') {
  const gate = (await gateOf(house, as, fn)).body;
  const rulebooks: string[] = [...new Set<string>(gate.reasons.map(({ rulebook }: { rulebook: string }) => rulebook))];
  return Promise.all(
    rulebooks.map(async (rulebook) => {
      const filing = { rulebook, service: 'shimmer-video', function: fn, ...filed };
      const recorded = await house.ask('POST', '/api/v1/filings', { as, body: filing });
      expect([rulebook, recorded.status]).toEqual([rulebook, 201]);
      return recorded.body;
    }),
  );
}
const filed = {
  authority: '示例市网信办 / Example City Internet Office',
  number: 'EX-2026-0042',
  filedOn: '2026-11-20',
  filedBy: 'An Li',
};

describe.each(['embedded', 'server'] as const)('on a database that is %s', (on) => {
  test('a planned voice room waits for an accepted report; a return and a change shut the gate again', async () => {
    const house = await openHouse({ on });
    const { admin, voiceRoom } = await openShimmer(house);
    const move = (id: string, body: object) => house.ask('POST', `/api/v1/filings/${id}/moves`, { as: admin, body });

    const closed = await gateOf(house, admin);
    expect(closed).toMatchObject({ status: 200, body: { open: false, function: { version: 1, state: 'planned' } } });
    const reason = closed.body.reasons.find(({ rulebook }: { rulebook: string }) => rulebook === 'cn-2018');
    expect(reason).toMatchObject({ code: 'not-filed', due: 'CN18-D1', triggers: ['CN18-T1'] });
    expect(reason.message).toContain('Art. 3(1) (CN18-T1)');
    expect((await gateOf(house, admin, 'voice-room', 'zh')).body.reasons[0].message).toContain('第三条第（一）项');

    const filings = await fileAll(house, admin);
    expect((await gateOf(house, admin)).body.reasons.map(({ code }: { code: string }) => code)).toContain(
      'not-accepted',
    );
    for (const { id } of filings) await move(id, { to: 'accepted', on: '2026-11-21', revision: 1 });
    const open = await gateOf(house, admin);
    expect(open.body).toMatchObject({ open: true, reasons: [] });
    expect(open.body.dues.find(({ due }: { due: string }) => due === 'CN18-D1')).toMatchObject({
      settled: true,
      filing: { state: 'accepted', number: 'EX-2026-0042' },
    });

    const [first] = filings;
    await move(first.id, { to: 'returned', on: '2026-11-22', reason: 'item 4 lacks records', revision: 2 });
    expect((await gateOf(house, admin)).body).toMatchObject({ open: false, reasons: [{ code: 'filing-returned' }] });
    await move(first.id, { to: 'filed', on: '2026-11-22', filedBy: 'An Li', number: 'EX-2026-0043', revision: 3 });
    await move(first.id, { to: 'accepted', on: '2026-11-22', revision: 4 });
    expect((await gateOf(house, admin)).body.open).toBe(true);

    const launched = await house.ask('POST', `/api/v1/functions/${voiceRoom.id}/moves`, {
      as: admin,
      body: { to: 'launched', on: '2026-11-22', revision: 1 },
    });
    expect(launched.body).toMatchObject({ state: 'launched', launchedOn: '2026-11-22' });
    expect((await gateOf(house, admin)).body.open).toBe(true);
    const changed = await house.ask('POST', `/api/v1/functions/${voiceRoom.id}/moves`, {
      as: admin,
      body: {
        to: 'changed',
        revision: 2,
        reason: 'guests may change their voice',
        features: ['voice_room', 'voice_clone'],
        facts: {
          ...voice.facts,
          usesNewTech: true,
          editsBiometrics: true,
          materialChange: { functionalAttribute: true },
        },
      },
    });
    expect(changed.body).toMatchObject({ state: 'changed', version: 2 });
    const again = (await gateOf(house, admin)).body;
    expect(again.open).toBe(false);
    expect(again.reasons.find(({ rulebook }: { rulebook: string }) => rulebook === 'cn-2018')).toMatchObject({
      code: 'not-filed',
      triggers: ['CN18-T2'],
      occasion: { version: 2, event: 'change-function' },
    });
    expect(house.troubles).toEqual([]);
  });

  test('what nobody stated keeps the gate shut, and the gate says which fact', async () => {
    const house = await openHouse({ on });
    const { admin } = await openShimmer(house);
    const body = { slug: 'silent', name: { en: 'Silent' }, type: 'site' };
    await house.ask('POST', '/api/v1/services', { as: admin, body });
    await house.ask('POST', '/api/v1/services/silent/functions', {
      as: admin,
      body: { slug: 'thing', name: { en: 'Thing' }, features: [] },
    });
    const gate = (await house.ask('GET', '/api/v1/gate?service=silent&function=thing', { as: admin })).body;
    expect(gate.open).toBe(false);
    const reason = gate.reasons.find(({ rulebook }: { rulebook: string }) => rulebook === 'cn-2018');
    expect(reason).toMatchObject({ code: 'facts-unknown' });
    expect(reason.missing).toContain('jurisdictions');
    expect(reason.message).toContain('Jurisdictions');
  });

  test('a notice of an authority shows its day, thirty working days on', async () => {
    const house = await openHouse({ on });
    const { admin } = await openShimmer(house);
    const notice = { kind: 'authority-notice', on: '2026-11-20', issuer: 'internet-information', level: 'prefecture' };
    const said = await house.ask('POST', '/api/v1/services/shimmer-video/happenings', { as: admin, body: notice });
    expect(said.status).toBe(201);
    const gate = (await gateOf(house, admin)).body;
    const due = gate.dues.find(({ due: id }: { due: string }) => id === 'CN18-D3');
    expect(due).toMatchObject({
      occasion: { kind: 'happening', happening: said.body.id },
      by: { kind: 'date', date: '2027-01-04', projected: true },
    });
    expect(gate.warnings.find(({ due: id }: { due: string }) => id === 'CN18-D3')).toMatchObject({
      code: 'unverified-due',
    });
    const settled = await house.ask('POST', `/api/v1/happenings/${said.body.id}/settle`, {
      as: admin,
      body: { reason: 'the notice was withdrawn by its issuer' },
    });
    expect(settled.body.settledReason).toContain('withdrawn');
    expect((await gateOf(house, admin)).body.dues.map(({ due: id }: { due: string }) => id)).not.toContain('CN18-D3');
  });

  test('with more open happenings than are asked about the gate stays shut, and says so', async () => {
    const house = await openHouse({ on });
    const { admin } = await openShimmer(house);
    const growth = { kind: 'user-growth', on: '2026-11-20' };
    await house.ask('POST', '/api/v1/services/shimmer-video/happenings', { as: admin, body: growth });
    const codes = async () => (await gateOf(house, admin)).body.reasons.map(({ code }: { code: string }) => code);
    const addCopies = (count: number) =>
      sql`insert into happening (organisation_id, service_id, kind, happened_on, details, recorded_at)
        select organisation_id, service_id, kind, happened_on, details, recorded_at
        from (select * from happening limit 1) one, generate_series(1, ${count}::int)`.execute(house.database.owner);
    await addCopies(49);
    expect(await codes()).not.toContain('happenings-too-many');
    await addCopies(1);
    expect(await codes()).toContain('happenings-too-many');
    expect((await gateOf(house, admin, 'voice-room', 'zh')).body.reasons[0].message).toContain('超过 50 件');
  });
});

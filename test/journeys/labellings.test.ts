import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openLabelling } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { speaker } from '../../src/contract/words.ts';
import { blobsOfLabellings } from '../../src/features/labelling/service.ts';
import { openSigning } from '../../src/features/labelling/signing.ts';
import { neededBlobs } from '../../src/features/screening/service.ts';
import { actAsSystem } from '../../src/platform/database/database.ts';
import { root } from '../clearmirror.ts';
import { openHouse, type Person } from '../house.ts';
import { ask, ended, keep, label, plainPicture, plainSound, platform, producer } from '../labellings.ts';
import { newFolder } from '../new-folder.ts';
import { raw, send, settled, tus } from '../screenings.ts';
import { makeChain } from '../signing/make-certificate.ts';
import { secondOpinion } from '../signing/second-reader.ts';

const nowhere = '00000000-0000-4000-8000-000000000000';
const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe.each(['embedded', 'server'] as const)('on a database that is %s', (on) => {
  test('a file is uploaded, labelled by the settings, downloaded, and screened as labelled', async () => {
    const house = await openHouse({ on });
    const as = await house.setUp();
    const settings = { contentProducer: producer, contentPropagator: null, label: '1', revision: 0 };
    const saved = await house.ask('PUT', '/api/v1/label-settings', {
      as,
      body: { ...settings, sourceType: 'trainedAlgorithmicMedia' },
    });
    expect(saved).toMatchObject({ status: 200, body: { revision: 1, by: { type: 'person' } } });

    const bytes = await plainPicture();
    const { status, body } = await label(house, as, { bytes, name: '猫 "1".jpg' });
    expect([status, body.state, body.labelled]).toEqual([202, 'queued', null]);
    const done = await ended(house, as, body.id);
    expect(done).toMatchObject({
      ...{ state: 'done', failure: null, share: null, kind: 'image', format: 'jpeg', source: 'upload' },
      ...{ sha256: hashOf(bytes), bytes: bytes.length, wrote: ['implicit', 'source-type'], shortfalls: 0 },
      labelled: { name: '猫 "1".labelled.jpg' },
      media: { shown: true, contentType: 'image/jpeg' },
      sidecar: null,
      plan: { implicit: { mode: 'write', label: '1', contentProducer: producer, produceId: body.id } },
      record: {
        input: { name: '猫 "1".jpg' },
        output: { name: '猫 "1".labelled.jpg', sha256: done.labelled.sha256, bytes: done.labelled.bytes },
        steps: [{ step: 'implicit', how: 'written', fields: { ProduceID: body.id } }, { step: 'source-type' }],
      },
    });

    const url = `/api/v1/labellings/${body.id}`;
    const file = await raw(house, as, { method: 'GET', url: `${url}/file?download` });
    expect(hashOf(file.bytes)).toBe(done.labelled.sha256);
    expect(file.bytes.includes(producer)).toBe(true);
    expect(file.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-disposition': `attachment; filename="_ _1_.labelled.jpg"; filename*=UTF-8''%E7%8C%AB%20%221%22.labelled.jpg`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    });
    const part = await raw(house, as, { method: 'GET', url: `${url}/file`, headers: { range: 'bytes=0-1' } });
    expect([part.status, part.bytes.toString('hex'), part.headers['content-disposition']]).toEqual([
      206,
      'ffd8',
      expect.stringMatching(/^inline/),
    ]);
    const original = await raw(house, as, { method: 'GET', url: `${url}/original` });
    expect([hashOf(original.bytes), original.headers['content-type']]).toEqual([
      done.sha256,
      'application/octet-stream',
    ]);
    expect((await raw(house, as, { method: 'GET', url: `${url}/sidecar` })).status).toBe(404);
    const record = await raw(house, as, { method: 'GET', url: `${url}/record.json` });
    expect(JSON.parse(record.text)).toEqual(done.record);

    const screened = await house.ask('POST', `${url}/screening`, { as });
    expect(screened).toMatchObject({ status: 202, body: { duplicate: false } });
    const { verdict, name } = await settled(house, as, screened.body.screening);
    expect([verdict.word, name]).toEqual(['declared', '猫 "1".labelled.jpg']);
    const again = await house.ask('POST', `${url}/screening`, { as });
    expect(again.body).toEqual({ screening: screened.body.screening, duplicate: true });

    const events = (await house.ask('GET', '/api/v1/events', { as })).body.items;
    const kinds = events.map(({ kind }: { kind: string }) => kind).filter((kind: string) => kind.startsWith('label'));
    expect(kinds).toEqual(['labelling-done', 'labelling-submitted', 'label-settings-changed']);
    expect(house.troubles).toEqual([]);
  });

  test('a refusal says why, and the original can be labelled again in another way', async () => {
    const house = await openHouse({ on });
    const as = await house.setUp();
    const plan = { implicit: { mode: 'write', contentProducer: producer } };
    const first = await label(house, as, { bytes: await plainPicture('png'), name: 'a.png', plan });
    const done = await ended(house, as, first.body.id);
    const file = await raw(house, as, { method: 'GET', url: `/api/v1/labellings/${done.id}/file` });

    const other = { implicit: { mode: 'write', contentProducer: 'SomebodyElse', produceId: '7' } };
    const second = await label(house, as, { bytes: file.bytes, name: 'a.png', plan: other });
    const refused = await ended(house, as, second.body.id);
    expect(refused).toMatchObject({
      ...{ state: 'refused', labelled: null, record: null, media: null },
      failure: { code: 'label-exists', params: { producer } },
    });
    const retry = await house.ask('POST', `/api/v1/labellings/${refused.id}/retry`, { as });
    expect([retry.status, retry.body.code]).toEqual([409, 'labelling-not-failed']);
    const url = `/api/v1/labellings/${refused.id}`;
    expect((await raw(house, as, { method: 'GET', url: `${url}/file` })).body.code).toBe('labelling-not-done');

    const third = await ask(house, as, {
      file: { from: 'labelling', id: refused.id },
      plan: { ...other, replace: true },
    });
    expect(await ended(house, as, third.body.id)).toMatchObject({
      ...{ state: 'done', source: 'labelling', name: 'a.png' },
      record: {
        steps: [{ how: 'written', replaced: 1, fields: { ContentProducer: 'SomebodyElse', ProduceID: '7' } }, {}],
      },
    });

    // The platform's part goes beside the producer's.
    const update = { implicit: { mode: 'update', contentPropagator: platform } };
    const fourth = await ended(
      house,
      as,
      (await ask(house, as, { file: { from: 'labelling', id: refused.id }, plan: update })).body.id,
    );
    expect(fourth.record.steps).toMatchObject([
      { how: 'updated', fields: { ContentProducer: producer, ContentPropagator: platform, PropagateID: fourth.id } },
    ]);

    const strange = await label(house, as, { bytes: Buffer.from('no format at all'), name: 'notes', plan });
    expect(await ended(house, as, strange.body.id)).toMatchObject({
      ...{ state: 'refused', failure: { code: 'label-unknown-format' } },
    });
    const list = await house.ask('GET', '/api/v1/labellings?state=refused&text=A.PN', { as });
    expect(list.body.items.map(({ id }: { id: string }) => id)).toEqual([refused.id]);
    const pages = [];
    for (let after = ''; ; ) {
      const { body } = await house.ask('GET', `/api/v1/labellings?limit=2${after && `&after=${after}`}`, { as });
      pages.push(body.items.length);
      if (body.next === null) break;
      after = body.next;
    }
    expect(pages).toEqual([2, 2, 1]);
    expect(house.troubles).toEqual([]);
  });

  test('media of a screening is labelled, and neither feature takes away what the other needs', async () => {
    const house = await openHouse({ on });
    const as = await house.setUp();
    const bytes = await plainPicture();
    const sent = await send(house, as, bytes, { name: 'shared.jpg' });
    const screening = await settled(house, as, sent.body.screening.id);
    const plan = { implicit: { mode: 'write', contentProducer: producer } };
    const asked = await ask(house, as, { file: { from: 'screening', id: screening.id }, plan });
    const done = await ended(house, as, asked.body.id);
    expect([done.state, done.source, done.name]).toEqual(['done', 'screening', 'shared.jpg']);

    await house.ask('DELETE', `/api/v1/screenings/${screening.id}/media`, { as, body: { reason: 'x' } });
    const named = [done.sha256, done.labelled.sha256];
    const needed = () => actAsSystem(house.database, async (tx) => [...(await blobsOfLabellings(tx, named))].sort());
    expect(await needed()).toEqual(named.toSorted());
    expect(await actAsSystem(house.database, async (tx) => [...(await neededBlobs(tx, named))])).toEqual([]);
    await idle(house);
    const url = `/api/v1/labellings/${done.id}`;
    expect(hashOf((await raw(house, as, { method: 'GET', url: `${url}/original` })).bytes)).toBe(done.sha256);

    const removed = await house.ask('DELETE', `${url}/files`, { as, body: { reason: 'asked by its subject' } });
    expect([removed.status, removed.body.filesRemovedAt]).toEqual([200, house.clock.now.toISOString()]);
    expect(await needed()).toEqual([]);
    await idle(house);
    for (const path of ['file', 'original', 'sidecar']) {
      const { status, body } = await raw(house, as, { method: 'GET', url: `${url}/${path}` });
      expect([path, status, body.code]).toEqual([path, 410, 'labelling-files-removed']);
    }
    const after = (await house.ask('GET', url, { as })).body;
    expect([after.record.output.sha256, after.media, after.state]).toEqual([done.labelled.sha256, null, 'done']);
    for (const from of ['screening', 'labelling'] as const) {
      const id = from === 'screening' ? screening.id : done.id;
      const { status, body } = await ask(house, as, { file: { from, id }, plan });
      expect([from, status, body.code]).toEqual([from, 404, 'labelling-file-missing']);
    }
    expect(house.troubles).toEqual([]);
  });

  test('settings are edited over the revision that was seen, and must fit into a label', async () => {
    const house = await openHouse({ on });
    const as = await house.setUp();
    const colleague = await house.addMember(as, ['assessor']);
    const fields = { contentProducer: producer, contentPropagator: platform, label: '2', sourceType: null };
    const put = (who: Person, body: unknown) => house.ask('PUT', '/api/v1/label-settings', { as: who, body });
    expect((await house.ask('GET', '/api/v1/label-settings', { as })).body).toEqual({
      ...{ contentProducer: null, contentPropagator: null, label: '1', sourceType: 'trainedAlgorithmicMedia' },
      ...{ revision: 0, changedAt: null, by: null, signer: null },
    });
    expect((await put(as, { ...fields, revision: 0 })).body.revision).toBe(1);
    expect((await put(as, { ...fields, revision: 1 })).body.revision).toBe(1);
    const stale = await put(colleague, { ...fields, label: '3', revision: 0 });
    expect(stale).toMatchObject({
      status: 409,
      body: { code: 'changed-meanwhile', fields: [{ path: '/label' }] },
    });
    const unfit = await put(as, {
      ...{
        contentProducer: platform,
        contentPropagator: '某某平台',
        label: '1',
        sourceType: 'digitalArt',
        revision: 1,
      },
    });
    expect([unfit.status, unfit.body.fields.map(({ path, code }: Record<string, string>) => [path, code])]).toEqual([
      400,
      [
        ['/contentProducer', 'provider-code-kind'],
        ['/contentPropagator', 'field-charset'],
        ['/sourceType', 'source-type-unknown'],
      ],
    ]);
    // `2` and no source type, because the settings say so.
    const { body } = await label(house, as, { bytes: await plainPicture(), name: 'b.jpg' });
    const done = await ended(house, as, body.id);
    expect(done.record.steps.map(({ step }: { step: string }) => step)).toEqual(['implicit']);
    expect(done.record.steps[0].fields).toMatchObject({ Label: '2', ContentProducer: producer, ContentPropagator: '' });
  });

  test('what is another organisation’s does not exist', async () => {
    const house = await openHouse({ on });
    const one = await house.setUp();
    const other = await house.addOrganisation(one, { kind: 'company', name: 'Example Glow Ltd' });
    const bytes = await plainPicture();
    const upload = await keep(house, one, bytes, 'secret launch.jpg');
    const plan = { implicit: { mode: 'write', contentProducer: producer } };
    const { body } = await ask(house, one, { file: { from: 'upload', id: upload }, plan });
    const { id } = await ended(house, one, body.id);
    await house.ask('PUT', '/api/v1/label-settings', {
      as: one,
      body: { contentProducer: producer, contentPropagator: null, label: '1', sourceType: null, revision: 0 },
    });
    const at = `/api/v1/labellings/${id}`;
    const asked: [method: 'GET' | 'POST' | 'DELETE', url: string, body?: unknown][] = [
      ['GET', at],
      ['GET', `${at}/file`],
      ['GET', `${at}/original`],
      ['GET', `${at}/sidecar`],
      ['GET', `${at}/record.json`],
      ['POST', `${at}/retry`],
      ['POST', `${at}/screening`],
      ['DELETE', `${at}/files`, { reason: 'x' }],
    ];
    const without = (text: string) => text.replace(/"requestId":"[^"]*"/, '');
    for (const [method, url, sent] of asked) {
      const answer = await house.ask(method, url, { as: other, ...(sent ? { body: sent } : {}) });
      const never = await house.ask(method, url.replace(id, nowhere), { as: other, ...(sent ? { body: sent } : {}) });
      expect([url, answer.status, without(answer.text)]).toEqual([url, 404, without(never.text)]);
    }
    const colleague = await house.addMember(one, ['engineer']);
    for (const as of [other, colleague]) {
      const taken = await ask(house, as, { file: { from: 'upload', id: upload }, plan });
      expect([taken.status, taken.body.code]).toEqual([404, 'upload-unknown']);
    }
    const taken = await ask(house, other, { file: { from: 'labelling', id }, plan });
    expect([taken.status, taken.body.code]).toEqual([404, 'labelling-file-missing']);
    expect((await house.ask('GET', '/api/v1/labellings', { as: other })).body.items).toEqual([]);
    expect((await house.ask('GET', `/api/v1/labellings?after=${id}`, { as: other })).body.code).toBe('cursor-unknown');
    expect((await house.ask('GET', '/api/v1/label-settings', { as: other })).body.revision).toBe(0);
  });
});

test('who may do what', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const key = async (role: string) => {
    const { body } = await house.ask('POST', '/api/v1/api-keys', { as: first, body: { name: role, roles: [role] } });
    return { key: String(body.key) };
  };
  const plan = { implicit: { mode: 'write', contentProducer: producer } };
  const made = await label(house, first, { bytes: await plainPicture(), name: 'a.jpg', plan });
  const { id } = await ended(house, first, made.body.id);
  const at = `/api/v1/labellings/${id}`;
  const settings = { contentProducer: producer, contentPropagator: null, label: '1', sourceType: null, revision: 99 };
  type Who = Person | { key: string } | null;
  const deeds: Record<string, (as: Who) => Promise<{ status: number }>> = {
    list: (as) => house.ask('GET', '/api/v1/labellings', { as }),
    look: (as) => house.ask('GET', at, { as }),
    file: (as) => raw(house, as, { method: 'GET', url: `${at}/file` }),
    settings: (as) => house.ask('GET', '/api/v1/label-settings', { as }),
    label: (as) => ask(house, as, { file: { from: 'labelling', id }, plan }),
    retry: (as) => house.ask('POST', `${at}/retry`, { as }),
    screen: (as) => house.ask('POST', `${at}/screening`, { as }),
    change: (as) => house.ask('PUT', '/api/v1/label-settings', { as, body: settings }),
    remove: (as) => house.ask('DELETE', `/api/v1/labellings/${nowhere}/files`, { as, body: { reason: 'x' } }),
  };
  const see = { list: 200, look: 200, file: 200, settings: 200 };
  const work = { ...see, label: 202, retry: 409, screen: 202 };
  const all = { ...work, change: 409, remove: 404 };
  const expected: [string, Who, Record<string, number>][] = [
    ['administrator', first, all],
    ['assessor', await house.addMember(first, ['assessor']), all],
    ['engineer', await house.addMember(first, ['engineer']), { ...work, change: 403, remove: 403 }],
    [
      'signatory',
      await house.addMember(first, ['signatory']),
      { ...see, label: 403, retry: 403, screen: 403, change: 403, remove: 403 },
    ],
    ['key of an engineer', await key('engineer'), { ...work, change: 403, remove: 403 }],
    // People only, whatever the key may.
    ['key of an administrator', await key('administrator'), { ...work, change: 409, remove: 403 }],
    ['nobody', null, Object.fromEntries(Object.keys(deeds).map((deed) => [deed, 401]))],
  ];
  for (const [who, as, answers] of expected) {
    const answered: Record<string, number> = {};
    for (const [deed, ask] of Object.entries(deeds)) answered[deed] = (await ask(as)).status;
    expect([who, answered]).toEqual([who, answers]);
  }
});

test('what no file could take is refused before one is opened', async () => {
  const house = await openHouse();
  const as = await house.setUp();
  const id = await keep(house, as, await plainPicture(), 'a.jpg');
  const file = { from: 'upload', id };
  const wrong: [plan: unknown, code: string, fields: string[]][] = [
    [{}, 'request-invalid', ['/plan/implicit/contentProducer field-empty', '/plan/implicit/produceId field-empty']],
    [{ implicit: null }, 'labelling-nothing-asked', []],
    [{ implicit: null, sourceType: 'keep' }, 'labelling-nothing-asked', []],
    [{ implicit: null, sourceType: 'invented' }, 'request-invalid', ['/plan/sourceType source-type-unknown']],
    [
      { implicit: { mode: 'write', contentProducer: '明鉴', produceId: 'a b' } },
      'request-invalid',
      ['/plan/implicit/contentProducer field-charset', '/plan/implicit/produceId field-charset'],
    ],
    [
      { implicit: { mode: 'update', contentPropagator: '001191110102MAD55U9H0G20001' } },
      'request-invalid',
      ['/plan/implicit/contentPropagator provider-code-uscc'],
    ],
    [{ implicit: { mode: 'paint' } }, 'request-invalid', ['/plan/implicit/mode invalid_value']],
  ];
  for (const [plan, code, fields] of wrong) {
    const { body } = await ask(house, as, { file, plan });
    const said = (body.fields ?? []).map((field: { path: string; code: string }) => `${field.path} ${field.code}`);
    expect([plan, body.code, said]).toEqual([plan, code, fields]);
  }
  expect((await house.ask('GET', '/api/v1/labellings', { as })).body.items).toEqual([]);

  const zh = await house.ask('POST', '/api/v1/labellings', {
    ...{ as, body: { file, plan: {} }, headers: { 'accept-language': 'zh' } },
  });
  expect(zh.body.fields[0].message).toMatch(/不能为空|必须填写|不得为空/);
});

test('an upload for labelling is no screening, is known by its hash, and serves until it expires', async () => {
  const house = await openHouse();
  const as = await house.setUp();
  const bytes = await plainPicture();
  const id = await keep(house, as, bytes, 'a.jpg');
  const url = `/api/v1/uploads/${id}`;
  const head = await tus(house, as, { method: 'HEAD', url });
  expect([head.headers['clearmirror-kept'], head.headers['clearmirror-screening']]).toEqual([hashOf(bytes), undefined]);
  expect((await house.ask('GET', `${url}/outcome`, { as })).body).toMatchObject({
    ...{ for: 'label', sha256: hashOf(bytes), screening: null, received: bytes.length },
  });
  expect((await house.ask('GET', '/api/v1/screenings', { as })).body.items).toEqual([]);
  const needed = () => actAsSystem(house.database, async (tx) => [...(await neededBlobs(tx, [hashOf(bytes)]))]);
  expect(await needed()).toEqual([hashOf(bytes)]);

  const plan = { implicit: { mode: 'write', contentProducer: producer } };
  const send = (headers: Record<string, string> = {}) =>
    house.ask('POST', '/api/v1/labellings', { as, body: { file: { from: 'upload', id }, plan }, headers });
  const [one, two] = [await send({ 'idempotency-key': 'k' }), await send({ 'idempotency-key': 'k' })];
  expect(two.body).toEqual(one.body);
  expect((await ended(house, as, one.body.id)).state).toBe('done');

  house.clock.now = new Date(house.clock.now.getTime() + 25 * 3_600_000);
  expect((await send()).body.code).toBe('upload-expired');
  await house.screening.sweep();
  expect(await needed()).toEqual([]);
  expect((await send()).body.code).toBe('upload-unknown');
});

test('a container that takes no label is refused with its name', async () => {
  const house = await openHouse();
  const as = await house.setUp();
  const plan = { implicit: { mode: 'write', contentProducer: producer } };
  const { body } = await label(house, as, { bytes: plainSound('ts'), name: 'a.ts', plan });
  expect(await ended(house, as, body.id)).toMatchObject({
    ...{ state: 'refused', failure: { code: 'label-no-place', params: { format: 'mpegts' } } },
  });
});

test('a plan is handed on whole: a label that people see, and Markdown that is known by its name', async () => {
  const house = await openHouse();
  const as = await house.setUp();
  const implicit = { mode: 'write', contentProducer: producer };
  const explicit = {
    ...{ claim: 'generated', lang: 'en', style: 'text', position: 'bottom-right', seconds: 4 },
    ...{ sound: 'rhythm', where: ['start'] },
  };
  const picture = await label(house, as, { bytes: await plainPicture(), name: 'a.jpg', plan: { implicit, explicit } });
  const seen = await ended(house, as, picture.body.id);
  expect([seen.failure, seen.plan.explicit, seen.wrote]).toEqual([
    null,
    explicit,
    expect.arrayContaining(['implicit', 'explicit']),
  ]);

  const bytes = Buffer.from('# A walk by the harbour\n\nThe lamps were lit.\n');
  for (const [name, state] of [
    ['walk.md', 'done'],
    ['walk.txt', 'refused'],
  ] as const) {
    const { body } = await label(house, as, { bytes, name, plan: { implicit } });
    expect([name, (await ended(house, as, body.id)).state]).toEqual([name, state]);
  }
  expect(house.troubles).toEqual([]);
});

async function idle({ jobs }: { jobs: { counts(): Promise<{ waiting: number; active: number }[]> } }): Promise<void> {
  for (;;) {
    const counts = await jobs.counts();
    if (counts.every(({ waiting, active }) => waiting + active === 0)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('the operator’s certificate signs, and the settings say whose it is; without one a plan that wants it is refused', async () => {
  const credentials = { system: 'ShimmerGen', systemVersion: '2.1' };
  const plan = { implicit: { mode: 'write', label: '1', contentProducer: producer }, credentials };
  const without = await openHouse();
  const nobody = await without.setUp();
  const refused = await label(without, nobody, { bytes: await plainPicture(), name: 'a.jpg', plan });
  expect([refused.status, refused.body.code]).toEqual([409, 'label-no-signer']);
  expect((await without.ask('GET', '/api/v1/label-settings', { as: nobody })).body.signer).toBeNull();

  const { keyFile, chainFile } = makeChain({ name: 'Shimmer Works' });
  const settings = { kind: 'file', keyFile, chainFile } as const;
  const signing = await openSigning({ settings, environment: {}, now: new Date(), say: speaker('en') });
  const signer = { subject: signing.subject, algorithm: signing.algorithm, stamps: false };
  const config = readConfig({ CLEARMIRROR_HOME: newFolder(), PATH: process.env['PATH'] });
  const house = await openHouse({
    labelling: { signer, openLabelling: () => openLabelling({ config, root, jobs: 1, signing }) },
  });
  const as = await house.setUp();
  const asked = await house.ask('GET', '/api/v1/label-settings', { as });
  expect(asked.body.signer).toMatchObject({ subject: expect.stringContaining('Shimmer Works'), stamps: false });
  const { body } = await label(house, as, {
    bytes: await plainPicture(),
    name: 'a.jpg',
    plan: { ...plan, profile: 'us-ca' },
  });
  const done = await ended(house, as, body.id);
  expect(done).toMatchObject({ state: 'done', wrote: ['implicit', 'source-type', 'credentials'] });
  const file = await raw(house, as, { method: 'GET', url: `/api/v1/labellings/${body.id}/file` });
  expect(await secondOpinion('jpeg', file.bytes)).toMatchObject({ isValid: true, signatureHolds: true });
});

import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { type House, openHouse, type Person } from '../../../test/house.ts';
import { actAs } from '../../platform/database/database.ts';

const echo = { slug: 'echo', name: { zh: '回声', en: 'Echo' }, type: 'app', jurisdictions: ['cn'] };
const room = { slug: 'room', name: { en: 'Room' }, features: ['voice_room'] };
const company = {
  kind: 'unit',
  name: { zh: '云上微光示例有限公司', en: 'Example Shimmer Ltd' },
  uscc: '91350100M000100Y43',
};

/** Everything that a company can hold, once. */
async function fill(house: House, as: Person) {
  const post = async (url: string, body: object) => {
    const answer = await house.ask('POST', url, { as, body });
    expect([url, answer.status, answer.text]).toEqual([url, 201, answer.text]);
    return answer.body;
  };
  await house.ask('PUT', '/api/v1/company', { as, body: company });
  const service = await post('/api/v1/services', echo);
  const one = await post('/api/v1/services/echo/functions', room);
  await post('/api/v1/services/echo/figures', { kind: 'mau', value: 7, asOf: '2026-11-01' });
  const happening = await post('/api/v1/services/echo/happenings', { kind: 'user-growth', on: '2026-11-01' });
  const stored = await house.ask('POST', '/api/v1/filing-documents?name=report.pdf', {
    as,
    body: 'a stamped report of the example company',
    headers: { 'content-type': 'application/pdf' },
  });
  expect(stored).toMatchObject({ status: 201, body: { name: 'report.pdf', bytes: 39, mediaType: 'application/pdf' } });
  const filing = await post('/api/v1/filings', {
    rulebook: 'cn-2018',
    service: 'echo',
    function: 'room',
    authority: '示例市网信办',
    filedOn: '2026-11-20',
    filedBy: 'An Li',
    document: { kind: 'file', sha256: stored.body.sha256 },
  });
  return { service, one, happening, filing, document: stored.body };
}

describe.each(['embedded', 'server'] as const)('on a database that is %s', (on) => {
  test('what one company registers is nothing to another, also when a query forgets its filter', async () => {
    const house = await openHouse({ on });
    const admin = await house.setUp();
    const other = await house.addOrganisation(admin, { kind: 'company', name: 'Example Echo Ltd' });
    const { service, one, happening, filing, document } = await fill(house, admin);

    for (const url of [
      `/api/v1/services/${service.id}`,
      '/api/v1/services/echo',
      `/api/v1/services/${service.id}/figures`,
      `/api/v1/services/${service.id}/happenings`,
      `/api/v1/functions/${one.id}`,
      `/api/v1/functions/${one.id}/versions`,
      `/api/v1/filings/${filing.id}`,
      `/api/v1/filing-documents/${document.sha256}`,
      `/api/v1/gate?service=${service.id}`,
      `/api/v1/functions?service=${service.id}`,
      `/api/v1/filings?service=${service.id}`,
    ]) {
      expect([url, (await house.ask('GET', url, { as: admin })).status]).toEqual([url, 200]);
      const answer = await house.ask('GET', url, { as: other });
      expect([url, answer.status]).toEqual([url, 404]);
      expect(answer.text).not.toContain('回声');
    }
    for (const url of ['/api/v1/services', '/api/v1/functions', '/api/v1/filings']) {
      expect((await house.ask('GET', url, { as: admin })).body.items).toHaveLength(1);
      expect((await house.ask('GET', url, { as: other })).body.items).toEqual([]);
    }
    expect((await house.ask('GET', '/api/v1/company', { as: other })).body).toEqual({ company: null });
    const writes: [string, object][] = [
      [`/api/v1/services/${service.id}/moves`, { to: 'launched', on: '2026-11-01', revision: 1 }],
      [`/api/v1/services/${service.id}/functions`, room],
      [`/api/v1/services/${service.id}/figures`, { kind: 'mau', value: 7, asOf: '2026-11-01' }],
      [`/api/v1/functions/${one.id}/moves`, { to: 'launched', on: '2026-11-01', revision: 1 }],
      [`/api/v1/happenings/${happening.id}/settle`, { reason: 'none of ours' }],
      [`/api/v1/filings/${filing.id}/moves`, { to: 'accepted', on: '2026-11-21', revision: 1 }],
      [`/api/v1/services/${service.id}/question`, { event: 'none' }],
    ];
    for (const [url, body] of writes) {
      expect([url, (await house.ask('POST', url, { as: other, body })).status]).toEqual([url, 404]);
    }
    // A hash is no secret: who knows it has not handed the file in.
    await house.ask('POST', '/api/v1/services', { as: other, body: echo });
    const borrowed = await house.ask('POST', '/api/v1/filings', {
      as: other,
      body: {
        rulebook: 'cn-2018',
        service: 'echo',
        authority: 'x',
        filedOn: '2026-11-20',
        filedBy: 'x',
        document: { kind: 'file', sha256: document.sha256 },
      },
    });
    expect(borrowed).toMatchObject({ status: 404, body: { code: 'document-unknown' } });

    const tables = [
      'company',
      'service_figure',
      'service_function',
      'function_version',
      'happening',
      'filed_document',
      'filing',
      'filing_step',
    ];
    const counts = (person: Person) =>
      actAs(house.database, { organisation: person.organisation, person: null }, async (tx) => {
        const found: number[] = [];
        for (const table of tables) found.push((await sql`select * from ${sql.table(table)}`.execute(tx)).rows.length);
        return found;
      });
    expect(await counts(admin)).toEqual(tables.map(() => 1));
    expect(await counts(other)).toEqual(tables.map(() => 0));
    const slugs = (person: Person) =>
      actAs(house.database, { organisation: person.organisation, person: null }, async (tx) => {
        const { rows } = await sql<{ organisation_id: string }>`select organisation_id from service`.execute(tx);
        return rows.map(({ organisation_id }) => organisation_id);
      });
    expect(await slugs(admin)).toEqual([admin.organisation]);
    expect(await slugs(other)).toEqual([other.organisation]);
    // Nor may it write into another's rows, filter or not.
    await expect(
      actAs(house.database, { organisation: other.organisation, person: null }, (tx) =>
        sql`insert into service_figure (organisation_id, service_id, kind, value, as_of, noted_at)
          values (${admin.organisation}, ${service.id}, 'mau', 1, '2026-01-01', now())`.execute(tx),
      ),
    ).rejects.toThrow('row-level security');
    await expect(
      actAs(house.database, { organisation: other.organisation, person: null }, (tx) =>
        sql`insert into service_figure (organisation_id, service_id, kind, value, as_of, noted_at)
          values (${other.organisation}, ${service.id}, 'mau', 1, '2026-01-01', now())`.execute(tx),
      ),
    ).rejects.toThrow('foreign key');
  });

  test('of two who record one filing or settle one happening at once, the second is told of the first', async () => {
    const house = await openHouse({ on });
    const admin = await house.setUp();
    const { filing, happening, one } = await fill(house, admin);
    const post = (url: string, body: object) => house.ask('POST', url, { as: admin, body });
    await post(`/api/v1/filings/${filing.id}/moves`, { to: 'withdrawn', on: '2026-11-21', reason: 'r', revision: 1 });
    const again = {
      rulebook: 'cn-2018',
      service: 'echo',
      function: one.id,
      authority: 'a',
      filedOn: '2026-11-02',
      filedBy: 'An Li',
    };
    const codesOf = async (url: string, body: object) => {
      const answers = await Promise.all([post(url, body), post(url, body), post(url, body)]);
      return answers.map(({ status, body: said }) => (status < 300 ? 'done' : said.code)).sort();
    };
    expect(await codesOf('/api/v1/filings', again)).toEqual(['done', 'filing-exists', 'filing-exists']);
    const settled = await codesOf(`/api/v1/happenings/${happening.id}/settle`, { reason: 'none of ours' });
    expect(settled).toEqual(['done', 'settled-already', 'settled-already']);
  });

  test('of two who edit at once the second is told who changed what, and nothing of theirs is saved', async () => {
    const house = await openHouse({ on });
    const admin = await house.setUp();
    const engineer = await house.addMember(admin, ['engineer']);
    await house.ask('POST', '/api/v1/services', { as: admin, body: echo });
    const patch = (as: Person, body: object, headers = {}) =>
      house.ask('PATCH', '/api/v1/services/echo', { as, body, headers });

    expect((await patch(engineer, { revision: 1, features: ['search'], type: 'site' })).body).toMatchObject({
      revision: 2,
    });
    const late = await patch(admin, { revision: 1, jurisdictions: ['cn', 'eu'] });
    expect(late).toMatchObject({ status: 409, body: { code: 'changed-meanwhile' } });
    expect(late.body.title).toMatch(/^engineer \d changed it on .*: type, features\./);
    expect(late.body.fields.map(({ path }: { path: string }) => path)).toEqual(['/type', '/features']);
    const read = await house.ask('GET', '/api/v1/services/echo', { as: admin });
    expect(read.body).toMatchObject({ revision: 2, jurisdictions: ['cn'], features: ['search'] });
    expect(read.headers['etag']).toBe('"2"');
    expect(await patch(admin, { jurisdictions: ['eu', 'cn', 'eu'] }, { 'if-match': '"2"' })).toMatchObject({
      status: 200,
      body: { revision: 3, jurisdictions: ['cn', 'eu'] },
    });
    expect(await patch(admin, { type: 'app' })).toMatchObject({ status: 428, body: { code: 'revision-missing' } });
    // What changes nothing is no edit.
    expect((await patch(admin, { revision: 3, type: 'site' })).body.revision).toBe(3);

    const { body } = await house.ask('GET', `/api/v1/events?subjectType=service&subjectId=${read.body.id}`, {
      as: admin,
    });
    expect(body.items.map(({ kind }: { kind: string }) => kind)).toEqual([
      'service-changed',
      'service-changed',
      'service-added',
    ]);
    expect(body.items[0].data).toEqual({
      revision: 3,
      changes: [{ field: 'jurisdictions', before: ['cn'], after: ['cn', 'eu'] }],
    });
  });

  test('two apply the same plan at once: one does it, the other is told to plan again', async () => {
    const house = await openHouse({ on });
    const admin = await house.setUp();
    const document = { schema: 'clearmirror.register/1', services: [{ ...echo, functions: [room] }] };
    const plan = await house.ask('POST', '/api/v1/register/plan', { as: admin, body: { document } });
    const apply = () =>
      house.ask('POST', '/api/v1/register/apply', { as: admin, body: { document, hash: plan.body.hash } });
    const answers = await Promise.all([apply(), apply(), apply()]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('plan-changed');
    expect((await house.ask('GET', '/api/v1/functions', { as: admin })).body.items).toHaveLength(1);

    // An edit by hand in between counts as well.
    const wish = { ...document, services: [{ ...echo, type: 'site', functions: [] }] };
    const planned = await house.ask('POST', '/api/v1/register/plan', {
      as: admin,
      body: { document: wish, prune: true },
    });
    expect(planned.body.items.map(({ action }: { action: string }) => action)).toEqual(['change', 'withdraw']);
    await house.ask('PATCH', '/api/v1/services/echo', { as: admin, body: { revision: 1, features: ['search'] } });
    const { hash } = planned.body;
    const stale = await house.ask('POST', '/api/v1/register/apply', {
      as: admin,
      body: { document: wish, prune: true, hash },
    });
    expect(stale).toMatchObject({ status: 409, body: { code: 'plan-changed' } });
    expect((await house.ask('GET', '/api/v1/services/echo', { as: admin })).body.type).toBe('app');
    // What was planned without prune is not applied with it.
    const mild = await house.ask('POST', '/api/v1/register/plan', { as: admin, body: { document: wish } });
    const swapped = { document: wish, prune: true, hash: mild.body.hash };
    expect((await house.ask('POST', '/api/v1/register/apply', { as: admin, body: swapped })).status).toBe(409);
  });
});

test('what is withdrawn stays readable, gives its short name free, and takes its functions along', async () => {
  const house = await openHouse();
  const admin = await house.setUp();
  const { service, one } = await fill(house, admin);
  const move = (body: object) => house.ask('POST', `/api/v1/services/${service.id}/moves`, { as: admin, body });
  expect(await move({ to: 'withdrawn', on: '2026-11-22', revision: 1 })).toMatchObject({
    body: { code: 'reason-missing' },
  });
  expect((await move({ to: 'withdrawn', on: '2026-11-22', reason: 'sold', revision: 1 })).body.state).toBe('withdrawn');
  expect((await house.ask('GET', `/api/v1/functions/${one.id}`, { as: admin })).body).toMatchObject({
    state: 'withdrawn',
    withdrawnReason: 'sold',
  });
  const again = await house.ask('POST', '/api/v1/services', { as: admin, body: echo });
  expect(again.status).toBe(201);
  expect((await house.ask('GET', '/api/v1/services/echo', { as: admin })).body.id).toBe(again.body.id);
  expect((await house.ask('GET', `/api/v1/services/${service.id}`, { as: admin })).body.withdrawnReason).toBe('sold');
  expect((await house.ask('POST', '/api/v1/services', { as: admin, body: echo })).body.code).toBe('slug-taken');
  const patched = await house.ask('PATCH', `/api/v1/services/${service.id}`, {
    as: admin,
    body: { type: 'site', revision: 2 },
  });
  expect(patched).toMatchObject({ status: 409, body: { code: 'withdrawn' } });
  const gate = await house.ask('GET', `/api/v1/gate?service=${service.id}&function=${one.id}`, { as: admin });
  expect(gate.body.open).toBe(false);
  expect(gate.body.reasons.map(({ code }: { code: string }) => code)).toEqual(
    expect.arrayContaining(['service-withdrawn', 'function-withdrawn']),
  );
});

test('what was filed keeps its facts: to change them is a new version', async () => {
  const house = await openHouse();
  const admin = await house.setUp();
  const { one, filing } = await fill(house, admin);
  const patch = (revision: number) =>
    house.ask('PATCH', `/api/v1/functions/${one.id}`, {
      as: admin,
      body: { revision, features: ['voice_room', 'face_swap'] },
    });
  expect(await patch(1)).toMatchObject({ status: 409, body: { code: 'facts-fixed' } });
  const document = {
    schema: 'clearmirror.register/1',
    services: [{ ...echo, functions: [{ ...room, features: ['voice_room', 'face_swap'] }] }],
  };
  const plan = await house.ask('POST', '/api/v1/register/plan', { as: admin, body: { document } });
  expect(plan.body.obstacles).toMatchObject([{ code: 'facts-fixed' }]);
  const { hash } = plan.body;
  const applied = await house.ask('POST', '/api/v1/register/apply', { as: admin, body: { document, hash } });
  expect(applied).toMatchObject({
    status: 422,
    body: { code: 'plan-has-obstacles', fields: [{ code: 'facts-fixed' }] },
  });
  const returned = { to: 'returned', on: '2026-11-21', reason: 'item 3', revision: 1 };
  await house.ask('POST', `/api/v1/filings/${filing.id}/moves`, { as: admin, body: returned });
  expect((await patch(1)).status).toBe(200);
});

test('figures are added, never overwritten; the later of two for one day counts', async () => {
  const house = await openHouse();
  const admin = await house.setUp();
  await house.ask('POST', '/api/v1/services', { as: admin, body: echo });
  const note = (value: number, asOf: string) =>
    house.ask('POST', '/api/v1/services/echo/figures', { as: admin, body: { kind: 'mau', value, asOf } });
  await note(10, '2026-10-01');
  await note(30, '2026-11-01');
  await note(31, '2026-11-01');
  await note(20, '2026-10-15');
  expect((await note(1, '2026-12-24')).body.code).toBe('day-in-future');
  expect((await house.ask('GET', '/api/v1/services/echo', { as: admin })).body.figures).toEqual({
    mau: { value: 31, asOf: '2026-11-01' },
  });
  const pages: number[] = [];
  for (let after = ''; ; ) {
    const { body } = await house.ask('GET', `/api/v1/services/echo/figures?limit=3${after}`, { as: admin });
    pages.push(...body.items.map(({ value }: { value: number }) => value));
    if (body.next === null) break;
    after = `&after=${body.next}`;
  }
  expect(pages).toEqual([31, 30, 20, 10]);
  await sql`insert into service_figure (organisation_id, service_id, kind, value, as_of, noted_at)
    select organisation_id, service_id, kind, value, as_of + n, noted_at from service_figure, generate_series(1, 30) n`.execute(
    house.database.owner,
  );
  expect((await note(5, '2024-01-01')).body).toMatchObject({ value: 5, asOf: '2024-01-01', notedBy: 'first 1' });
  await expect(sql`update service_figure set value = 0`.execute(house.database.owner)).rejects.toThrow('never changed');
});

test('lists are paged, filtered and searched, and odd questions are answered, not stumbled over', async () => {
  const house = await openHouse();
  const admin = await house.setUp();
  for (let count = 0; count < 7; count += 1) {
    const body = { ...echo, slug: `echo-${count}`, name: { zh: `回声${count}号`, en: `100%_Echo ${count}` } };
    await house.ask('POST', '/api/v1/services', { as: admin, body: { ...body, type: count % 2 ? 'site' : 'app' } });
  }
  await house.ask('POST', '/api/v1/services/echo-3/functions', { as: admin, body: room });
  const slugs = async (query: string) => {
    const { body } = await house.ask('GET', `/api/v1/services?${query}`, { as: admin });
    return body.items.map(({ slug }: { slug: string }) => slug);
  };
  const first = await house.ask('GET', '/api/v1/services?limit=3', { as: admin });
  expect(first.body.items).toHaveLength(3);
  expect(await slugs(`limit=100&after=${first.body.next}`)).toEqual(['echo-3', 'echo-4', 'echo-5', 'echo-6']);
  expect(await slugs(`search=${encodeURIComponent('声5')}`)).toEqual(['echo-5']);
  expect(await slugs(`search=${encodeURIComponent('100%_echo 6')}`)).toEqual(['echo-6']);
  expect(await slugs(`search=${encodeURIComponent('100_')}`)).toEqual([]);
  expect(await slugs('type=site')).toEqual(['echo-1', 'echo-3', 'echo-5']);
  expect(await slugs('feature=voice_room')).toEqual(['echo-3']);
  expect(await slugs('jurisdiction=eu')).toEqual([]);
  expect(await slugs('state=live')).toHaveLength(7);
  for (const query of [
    'after=nonsense',
    'search=%00',
    `after=${Buffer.from('["a","b"]').toString('base64url')}`,
    'limit=0',
  ]) {
    expect([query, (await house.ask('GET', `/api/v1/services?${query}`, { as: admin })).status]).toEqual([query, 400]);
  }
  expect((await house.ask('GET', '/api/v1/services/nobody%00', { as: admin })).status).toBe(400);
});

test('a wrong credit code is told by the character, in the language asked for', async () => {
  const house = await openHouse();
  const admin = await house.setUp();
  const put = (uscc: string, revision = 0) =>
    house.ask('PUT', '/api/v1/company', {
      as: admin,
      body: { ...company, uscc, revision },
      headers: { 'accept-language': 'zh' },
    });
  const wrong = await put('91350100MO00100Y43');
  expect(wrong).toMatchObject({ status: 422, body: { code: 'uscc-wrong', fields: [{ path: '/uscc' }] } });
  expect(wrong.body.title).toContain('第 10 位是“O”');
  expect((await put('91350100m000100y43')).body).toMatchObject({ uscc: '91350100M000100Y43', revision: 1 });
  const person = { kind: 'person', name: { zh: '示例' }, uscc: '91350100M000100Y43', revision: 1 };
  const putPerson = (lang: string) =>
    house.ask('PUT', '/api/v1/company', { as: admin, body: person, headers: { 'accept-language': lang } });
  const says = (message: string) => ({ status: 400, body: { fields: [{ path: '/uscc', message }] } });
  expect(await putPerson('zh')).toMatchObject(says('统一社会信用代码只属于单位'));
  expect(await putPerson('en')).toMatchObject(says('only a unit has a unified social credit code'));
});

test('the first to write the company need not say what they saw; whoever comes later must', async () => {
  const house = await openHouse();
  const admin = await house.setUp();
  const put = (body: object, headers = {}) => house.ask('PUT', '/api/v1/company', { as: admin, body, headers });
  expect(await put(company, { 'if-match': '"7"' })).toMatchObject({ status: 409, body: { code: 'changed-meanwhile' } });
  expect(await put(company)).toMatchObject({ status: 200, body: { revision: 1 } });
  const moved = { ...company, operationsPlace: '示例市' };
  expect(await put(moved)).toMatchObject({ status: 428, body: { code: 'revision-missing' } });
  expect(await put({ ...moved, revision: 0 })).toMatchObject({ status: 409, body: { code: 'changed-meanwhile' } });
  expect(await put(moved, { 'if-match': '"1"' })).toMatchObject({ status: 200, body: { revision: 2 } });
});

test('who may do what', async () => {
  const house = await openHouse();
  const admin = await house.setUp();
  const { filing } = await fill(house, admin);
  const authority = {
    kind: 'authority',
    name: 'Example City Internet Office',
    level: 'prefecture',
    region: '990000',
  } as const;
  const people = {
    assessor: await house.addMember(admin, ['assessor']),
    engineer: await house.addMember(admin, ['engineer']),
    signatory: await house.addMember(admin, ['signatory']),
    officer: await house.addOrganisation(admin, authority),
  };
  const key = await house.ask('POST', '/api/v1/api-keys', { as: admin, body: { name: 'ci', roles: ['engineer'] } });
  const facts = { jurisdictions: ['cn'] };
  const move = (to: string) => ({ to, on: '2026-11-21', reason: 'r', revision: 99 });
  const table: [string, 'GET' | 'POST' | 'PUT' | 'PATCH', string, object | undefined, string[]][] = [
    ['read', 'GET', '/api/v1/services/echo', undefined, ['assessor', 'engineer', 'signatory', 'key']],
    ['gate', 'GET', '/api/v1/gate?service=echo', undefined, ['assessor', 'engineer', 'signatory', 'key']],
    ['question', 'POST', '/api/v1/question', { facts }, ['assessor', 'engineer', 'signatory', 'key', 'officer']],
    [
      'rulebooks',
      'GET',
      '/api/v1/rulebooks/cn-2018',
      undefined,
      ['assessor', 'engineer', 'signatory', 'key', 'officer'],
    ],
    ['company', 'PUT', '/api/v1/company', company, ['assessor']],
    ['service', 'PATCH', '/api/v1/services/echo', { revision: 99 }, ['assessor', 'engineer', 'key']],
    [
      'plan',
      'POST',
      '/api/v1/register/plan',
      { document: { schema: 'clearmirror.register/1' } },
      ['assessor', 'engineer', 'key'],
    ],
    ['record', 'POST', '/api/v1/filings', {}, ['signatory']],
    [
      'accepted',
      'POST',
      `/api/v1/filings/${filing.id}/moves`,
      { to: 'accepted', on: '2026-11-21', revision: 99 },
      ['signatory'],
    ],
    ['returned', 'POST', `/api/v1/filings/${filing.id}/moves`, move('returned'), ['assessor', 'signatory']],
    ['withdrawn', 'POST', `/api/v1/filings/${filing.id}/moves`, move('withdrawn'), ['signatory']],
    ['correct', 'PATCH', `/api/v1/filings/${filing.id}`, { revision: 99 }, ['signatory']],
    ['document', 'GET', '/api/v1/filing-documents/00', undefined, ['assessor', 'engineer', 'signatory', 'key']],
    ['upload', 'POST', '/api/v1/filing-documents', undefined, ['assessor', 'signatory']],
  ];
  for (const [what, method, url, body, expected] of table) {
    const allowed: string[] = [];
    for (const [who, as] of [...Object.entries(people), ['key', { key: key.body.key }] as const]) {
      const { status } = await house.ask(method, url, { as, ...(body === undefined ? {} : { body }) });
      expect([what, who, status]).not.toEqual([what, who, 500]);
      if (status !== 403) allowed.push(who);
    }
    expect([what, allowed.toSorted()]).toEqual([what, expected.toSorted()]);
    expect([what, (await house.ask(method, url, body === undefined ? {} : { body })).status]).toEqual([what, 401]);
  }
  // A document about the company needs who may speak for it, and changes nothing otherwise.
  const document = { schema: 'clearmirror.register/1', company: { ...company, operationsPlace: '示例市' } };
  const { hash } = (await house.ask('POST', '/api/v1/register/plan', { as: people.engineer, body: { document } })).body;
  const applied = await house.ask('POST', '/api/v1/register/apply', { as: people.engineer, body: { document, hash } });
  expect(applied).toMatchObject({ status: 403, body: { code: 'company-not-allowed' } });
  expect((await house.ask('GET', '/api/v1/company', { as: admin })).body.company.operationsPlace).toBeNull();
});

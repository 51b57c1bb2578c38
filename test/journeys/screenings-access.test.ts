import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { actAs } from '../../src/platform/database/database.ts';
import { type House, openHouse, type Person } from '../house.ts';
import { begin, bytesOf, raw, send, settled, tus } from '../screenings.ts';

const picture = 'labels-images/png-text.png';
const nobody = '00000000-0000-4000-8000-000000000000';

async function makeKey(house: House, as: Person, roles: string[]): Promise<{ key: string }> {
  const { body } = await house.ask('POST', '/api/v1/api-keys', { as, body: { name: roles.join(), roles } });
  return { key: body.key };
}

test('who may do what, of a company and of an authority', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const desk = await house.addOrganisation(first, {
    kind: 'authority',
    name: 'Example City Internet Office',
    level: 'prefecture',
    region: '990100',
  });
  const people = {
    administrator: first,
    assessor: await house.addMember(first, ['assessor']),
    engineer: await house.addMember(first, ['engineer']),
    signatory: await house.addMember(first, ['signatory']),
    'key of an engineer': await makeKey(house, first, ['engineer']),
    'key of an administrator': await makeKey(house, first, ['administrator']),
    nobody: null,
  };
  const officers = {
    administrator: desk,
    clerk: await house.addMember(desk, ['clerk']),
    examiner: await house.addMember(desk, ['examiner']),
    director: await house.addMember(desk, ['director']),
  };
  const screened = async (as: Person) => {
    const { body } = await send(house, as, bytesOf(picture), { name: 'a.png' });
    return (await settled(house, as, body.screening.id)).id;
  };
  type Who = Person | { key: string } | null;
  const deeds = (id: string): Record<string, (as: Who) => Promise<{ status: number }>> => ({
    list: (as) => house.ask('GET', '/api/v1/screenings', { as }),
    look: (as) => house.ask('GET', `/api/v1/screenings/${id}`, { as }),
    media: (as) => raw(house, as, { method: 'GET', url: `/api/v1/screenings/${id}/media` }),
    table: (as) => raw(house, as, { method: 'GET', url: '/api/v1/exports/screenings.csv' }),
    send: (as) => send(house, as, bytesOf(picture)),
    upload: (as) => tus(house, as, { method: 'POST', url: '/api/v1/uploads', headers: { 'upload-length': '5' } }),
    note: (as) => house.ask('POST', `/api/v1/screenings/${id}/notes`, { as, body: { text: 'x' } }),
    retry: (as) => house.ask('POST', `/api/v1/screenings/${id}/retry`, { as }),
    override: (as) =>
      house.ask('PUT', `/api/v1/screenings/${id}/override`, { as, body: { word: 'some', reason: 'x' } }),
  });
  const see = { list: 200, look: 200, media: 200, table: 200 };
  const work = { ...see, send: 200, upload: 201, note: 201, retry: 409 };
  const expected: Record<string, Record<string, number>> = {
    administrator: { ...work, override: 200 },
    assessor: { ...work, override: 200 },
    engineer: { ...work, override: 403 },
    signatory: { ...see, send: 403, upload: 403, note: 403, retry: 403, override: 403 },
    'key of an engineer': { ...work, override: 403 },
    'key of an administrator': { ...work, override: 403 },
    nobody: {
      list: 401,
      look: 401,
      media: 401,
      table: 401,
      send: 401,
      upload: 401,
      note: 401,
      retry: 401,
      override: 401,
    },
    clerk: { ...work, override: 403 },
    examiner: { ...work, override: 200 },
    director: { ...work, override: 200 },
  };
  for (const [group, id] of [
    [people, await screened(first)],
    [officers, await screened(desk)],
  ] as const) {
    for (const [name, as] of Object.entries(group)) {
      const answered: Record<string, number> = {};
      for (const [deed, ask] of Object.entries(deeds(id))) answered[deed] = (await ask(as)).status;
      expect([name, answered]).toEqual([name, expected[name]]);
    }
    const remove = (as: Who) => house.ask('DELETE', `/api/v1/screenings/${id}/media`, { as, body: { reason: 'x' } });
    const may = group === people ? 'assessor' : 'director';
    for (const [name, as] of Object.entries(group)) {
      if (!['administrator', 'assessor', 'director'].includes(name)) {
        expect([name, (await remove(as)).status]).toEqual([name, as === null ? 401 : 403]);
      }
    }
    const [, remover] = Object.entries(group).find(([name]) => name === may) ?? [];
    expect((await remove(remover ?? null)).status).toBe(200);
  }
});

describe.each(['embedded', 'server'] as const)('on a database that is %s', (on) => {
  test('what is another organisation’s does not exist', async () => {
    const house = await openHouse({ on });
    const one = await house.setUp();
    const other = await house.addOrganisation(one, { kind: 'company', name: 'Example Glow Ltd' });
    const batch = '0b9e6a52-3c39-4c25-9f0e-5f2c9f6a0a11';
    const { body } = await send(house, one, bytesOf('provenance/ai.mp4'), { name: 'secret launch.mp4', batch });
    const { id } = await settled(house, one, body.screening.id);
    const upload = await begin(house, one, 10, { name: 'later.png' });
    const at = `/api/v1/screenings/${id}`;
    const asked: [method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown][] = [
      ['GET', at],
      ['GET', `${at}/media`],
      ['GET', `${at}/exhibits/1`],
      ['GET', `${at}/waveform`],
      ['GET', `${at}/record.json`],
      ['GET', `${at}/report.html`],
      ['POST', `${at}/notes`, { text: 'x' }],
      ['PUT', `${at}/override`, { word: 'some', reason: 'x' }],
      ['DELETE', `${at}/override`, { reason: 'x' }],
      ['POST', `${at}/retry`],
      ['DELETE', `${at}/media`, { reason: 'x' }],
      ['GET', `/api/v1/batches/${batch}`],
      ['GET', `${upload}/outcome`],
    ];
    for (const [method, url, sent] of asked) {
      const answer = await house.ask(method, url, { as: other, ...(sent ? { body: sent } : {}) });
      expect([url, answer.status]).toEqual([url, 404]);
      // The same as for what was never there: not even that tells.
      const never = url.replace(id, nobody).replace(batch, nobody).replace(upload, `/api/v1/uploads/${nobody}`);
      const without = (text: string) => text.replace(/"requestId":"[^"]*"/, '');
      const unknown = await house.ask(method, never, { as: other, ...(sent ? { body: sent } : {}) });
      expect(without(answer.text)).toBe(without(unknown.text));
    }
    // A colleague is not the one who sends it either.
    const colleague = await house.addMember(one, ['engineer']);
    for (const as of [other, colleague]) {
      expect((await tus(house, as, { method: 'HEAD', url: upload })).status).toBe(404);
      expect((await tus(house, as, { method: 'DELETE', url: upload })).status).toBe(404);
      const headers = { 'upload-offset': '0' };
      const push = await tus(house, as, { method: 'PATCH', url: upload, payload: Buffer.from('0123456789'), headers });
      expect([push.status, push.body.code]).toEqual([404, 'upload-unknown']);
    }
    expect((await tus(house, one, { method: 'HEAD', url: upload })).headers['upload-offset']).toBe('0');
    for (const url of [
      '/api/v1/screenings',
      `/api/v1/screenings?batch=${batch}`,
      `/api/v1/screenings?after=${id}`,
      '/api/v1/exports/screenings.csv',
    ]) {
      const { text } = await house.ask('GET', url, { as: other });
      expect([url, text.includes('secret launch'), text.includes(id)]).toEqual([url, false, false]);
    }
    // The same batch id in both: each has its own.
    await send(house, other, Buffer.from('theirs'), { name: 'theirs.txt', batch });
    expect((await house.ask('GET', `/api/v1/batches/${batch}`, { as: other })).body.files).toBe(1);
  });

  test('a query that forgets its filter sees its own rows only', async () => {
    const house = await openHouse({ on });
    const one = await house.setUp();
    const other = await house.addOrganisation(one, { kind: 'company', name: 'Example Glow Ltd' });
    for (const as of [one, other]) {
      const batch = '0b9e6a52-3c39-4c25-9f0e-5f2c9f6a0a11';
      const { body } = await send(house, as, bytesOf('provenance/ai.mp4'), { name: `of ${as.email}`, batch });
      const { id } = await settled(house, as, body.screening.id);
      await house.ask('POST', `/api/v1/screenings/${id}/notes`, { as, body: { text: `by ${as.email}` } });
      await begin(house, as, 10, { name: `upload of ${as.email}` });
    }
    const tables = [
      'screening',
      'screening_record',
      'screening_batch',
      'screening_exhibit',
      'screening_decision',
      'upload',
    ];
    for (const as of [one, other]) {
      const foreign = as === one ? other : one;
      for (const table of tables) {
        const rows = await actAs(house.database, { organisation: as.organisation, person: null }, async (tx) => {
          const result = await sql<{ organisation_id: string }>`select * from ${sql.table(table)}`.execute(tx);
          return result.rows;
        });
        expect([table, rows.length > 0]).toEqual([table, true]);
        expect([table, [...new Set(rows.map(({ organisation_id }) => organisation_id))]]).toEqual([
          table,
          [as.organisation],
        ]);
        expect(JSON.stringify(rows)).not.toContain(foreign.email);
      }
      const written = actAs(house.database, { organisation: as.organisation, person: null }, (tx) =>
        sql`insert into screening_batch select ${foreign.organisation}, batch_id, screening_id, now() from screening_batch`.execute(
          tx,
        ),
      );
      await expect(written).rejects.toThrow(/row-level security/);
    }
  });
});

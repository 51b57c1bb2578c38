import { generateKeyPairSync, sign } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Assessment } from '../../src/contract/assessments.ts';
import { openEmbedded } from '../../src/platform/database/embedded.ts';
import { type House, openHouse, type Person } from '../house.ts';

/* Bad people, two of everything at once, and a lot of it. */

const service = { slug: 'video', name: { en: 'Video' }, type: 'site', jurisdictions: ['cn'], features: ['image_gen'] };
const rulebook = 'cn-2025-labelling';

async function begin(house: House, as: Person): Promise<Assessment> {
  await house.ask('POST', '/api/v1/services', { as, body: service });
  const begun = await house.ask('POST', '/api/v1/assessments', {
    as,
    body: { service: 'video', rulebooks: [rulebook] },
  });
  expect(begun.status).toBe(201);
  return begun.body;
}

const attestation = (requirements: unknown[], title = 'Statement') => ({
  ...{ kind: 'attestation', title, statement: 'Looked at.', observedAt: '2026-11-21T09:00:00Z', requirements },
});

/** Answers everything, writes the conclusion, names the signatory. */
async function readyToConclude(house: House, as: Person, signer: string): Promise<Assessment> {
  const { id, requirements } = await begin(house, as);
  const refs = requirements.map((one) => ({ rulebook, id: one.id }));
  await house.ask('POST', `/api/v1/assessments/${id}/evidence`, { as, body: attestation(refs) });
  for (const one of requirements) {
    const url = `/api/v1/assessments/${id}/requirements/${rulebook}/${one.id}`;
    await house.ask('PATCH', url, { as, body: { result: 'conforms', reason: 'Looked at.' } });
  }
  const signatories = [{ person: signer, role: 'Legal representative' }];
  const body = { conclusion: 'It conforms.', signatories };
  const written = await house.ask('PATCH', `/api/v1/assessments/${id}`, { as, body });
  expect(written.body.blocks).toEqual([]);
  return written.body;
}

test('an assessment of a hundred requirements and a thousand pieces of evidence costs as many queries as a small one', async () => {
  let queries = 0;
  const house = await openHouse({ database: await openEmbedded({ onQuery: () => (queries += 1) }) });
  const as = await house.setUp();
  const { id, requirements } = await begin(house, as);
  const count = async (url: string) => {
    queries = 0;
    expect((await house.ask('GET', url, { as })).status).toBe(200);
    return queries;
  };
  const urls = [`/api/v1/assessments/${id}`, '/api/v1/assessments', '/api/v1/hazards'];
  const before = await Promise.all([count(urls[0] ?? '')]);
  const small = [before[0], await count(urls[1] ?? ''), await count(urls[2] ?? '')];
  const drafted = await count(`/api/v1/assessments/${id}/draft/assessment.json`);
  const [first] = requirements;
  if (!first) throw new Error('no requirement');
  // By hand, as nobody would: a thousand requests would take minutes.
  await sql`insert into assessment_requirement (assessment_id, organisation_id, position, rulebook, requirement_id, said, result, changed)
    select assessment_id, organisation_id, 1000 + n, rulebook, 'X-' || n, said, 'open', '{}' from assessment_requirement, generate_series(1, 100) n
    where requirement_id = ${first.id}`.execute(house.database.owner);
  await sql`insert into assessment_evidence (organisation_id, assessment_id, no, kind, title, observed_at, received_at, statement)
    select organisation_id, id, n, 'attestation', 'Statement ' || n, now(), now(), 'Looked at.' from assessment, generate_series(1, 1000) n`.execute(
    house.database.owner,
  );
  await sql`insert into evidence_requirement select e.id, e.organisation_id, e.assessment_id, ${rulebook}, 'X-' || (1 + e.no % 100)
    from assessment_evidence e`.execute(house.database.owner);
  for (let hazards = 0; hazards < 12; hazards += 1) {
    const body = {
      title: `Hazard ${hazards}`,
      impact: 'hinders',
      frequency: 'usual',
      requirements: [{ rulebook, id: first.id }],
    };
    expect((await house.ask('POST', `/api/v1/assessments/${id}/hazards`, { as, body })).status).toBe(201);
  }
  const large = [await count(urls[0] ?? ''), await count(urls[1] ?? ''), await count(urls[2] ?? '')];
  expect(large).toEqual(small);
  expect(await count(`/api/v1/assessments/${id}/draft/assessment.json`)).toBe(drafted);
  const whole: Assessment = (await house.ask('GET', urls[0] ?? '', { as })).body;
  expect([whole.evidence.length, whole.requirements.length]).toEqual([1000, requirements.length + 100]);
});

test('strangers find nothing: not the assessment, its files, its runs, its hazards; nor may they be named in it', async () => {
  const house = await openHouse();
  const one = await house.setUp();
  const other = await house.addOrganisation(one, { kind: 'company', name: 'Example Glow Ltd' });
  const authority = await house.addOrganisation(one, {
    ...{ kind: 'authority', name: 'Example City Internet Office', level: 'prefecture', region: '990100' },
  });
  const { id, requirements } = await begin(house, one);
  const [first] = requirements;
  const refs = [{ rulebook, id: first?.id }];
  const hazard = await house.ask('POST', `/api/v1/assessments/${id}/hazards`, {
    as: one,
    body: { title: 'Unsafe', impact: 'hinders', frequency: 'usual', requirements: refs },
  });
  const mine = await begin(house, other);
  for (const url of [
    `/api/v1/assessments/${id}`,
    `/api/v1/assessments/${id}/draft/assessment.json`,
    `/api/v1/assessments/${id}/report/manifest.json`,
    `/api/v1/assessments/${id}/runs/${crypto.randomUUID()}`,
    `/api/v1/assessments/${id}/runs/${crypto.randomUUID()}/requests`,
    `/api/v1/hazards/${hazard.body.id}`,
  ]) {
    expect([url, (await house.ask('GET', url, { as: other })).status]).toEqual([url, 404]);
    expect([url, (await house.ask('GET', url, { as: authority })).status]).toEqual([url, 403]);
  }
  const person = (await house.ask('GET', '/api/v1/me', { as: one })).body.person.id;
  const name = await house.ask('PATCH', `/api/v1/assessments/${mine.id}`, {
    as: other,
    body: { signatories: [{ person, role: 'Stranger' }] },
  });
  // The first administrator made both organisations, and is a member of one.
  expect([name.status, name.body.code]).toEqual([404, 'person-unknown']);
  const previous = await house.ask('POST', '/api/v1/assessments', {
    as: other,
    body: { service: 'video', rulebooks: [rulebook], previous: id },
  });
  expect([previous.status, previous.body.code]).toEqual([404, 'assessment-unknown']);
  const document = await house.ask('POST', `/api/v1/assessments/${mine.id}/evidence`, {
    as: other,
    body: {
      ...{ kind: 'file', title: 'Theirs', observedAt: '2026-11-21T09:00:00Z', sha256: 'ab'.repeat(32) },
      requirements: [{ rulebook, id: mine.requirements[0]?.id }],
    },
  });
  expect(document.body.code).toBe('document-unknown');
});

test('two conclude at once and there is one report; a change while it is drawn is not left out of it', async () => {
  const house = await openHouse();
  const as = await house.setUp();
  const signatory = await house.addMember(as, ['signatory']);
  const signer = (await house.ask('GET', '/api/v1/me', { as: signatory })).body.person.id;
  const { id, requirements } = await readyToConclude(house, as, signer);
  const conclude = () => house.ask('POST', `/api/v1/assessments/${id}/conclusion`, { as, body: {} });
  const [first] = requirements;
  const late = async () => {
    await new Promise((resolve) => setTimeout(resolve, 250));
    return house.ask('POST', `/api/v1/assessments/${id}/evidence`, {
      as,
      body: attestation([{ rulebook, id: first?.id }], 'At the last moment'),
    });
  };
  const [drawn, added] = await Promise.all([conclude(), late()]);
  // Whichever was first, the report never lacks what the assessment holds.
  expect([drawn.status, added.status].sort()).toEqual(added.status === 201 ? [201, 409] : [200, 409]);
  if (drawn.status === 200) {
    await house.ask('POST', `/api/v1/assessments/${id}/moves`, { as, body: { to: 'assessing', reason: 'Again.' } });
  }
  const both = await Promise.all([conclude(), conclude()]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  const { report } = (await house.ask('GET', `/api/v1/assessments/${id}`, { as })).body as Assessment;
  expect(report?.files.length).toBeGreaterThan(3);

  // A signature that arrives while the report is opened again counts for nothing.
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const proof = sign(null, Buffer.from(`clearmirror signing key ${signer}`), privateKey).toString('base64url');
  const body = { name: 'Key', publicKey: publicKey.export({ format: 'jwk' }).x, proof };
  const made = await house.ask('POST', '/api/v1/signing-keys', { as: signatory, body });
  expect((await house.ask('POST', '/api/v1/signing-keys', { as, body })).body.code).toBe('key-not-held');
  await house.ask('GET', `/api/v1/assessments/${id}/report/${rulebook}.zh.pdf`, { as: signatory });
  const signature = sign(null, Buffer.from(report?.sha256 ?? '', 'hex'), privateKey).toString('base64url');
  const signing = { reportSha256: report?.sha256, key: made.body.items[0].id, signature };
  const [reopened, signed] = await Promise.all([
    house.ask('POST', `/api/v1/assessments/${id}/moves`, {
      as,
      body: { to: 'assessing', reason: 'A figure was wrong.' },
    }),
    house.ask('POST', `/api/v1/assessments/${id}/signatures`, { as: signatory, body: signing }),
  ]);
  expect([reopened.status, [201, 409].includes(signed.status)]).toEqual([200, true]);
  const after: Assessment = (await house.ask('GET', `/api/v1/assessments/${id}`, { as })).body;
  expect([after.state, after.signatures.every(({ voided }) => voided !== null)]).toEqual(['assessing', true]);
  expect(house.troubles).toEqual([]);
}, 60_000);

test('what was recorded is not rewritten, not by the owner of the tables either', async () => {
  const house = await openHouse();
  const as = await house.setUp();
  const { id } = await begin(house, as);
  await house.ask('POST', `/api/v1/assessments/${id}/comments`, { as, body: { text: 'Said once.' } });
  for (const statement of ["update assessment_comment set text = 'Never said.'", 'delete from assessment_comment']) {
    await expect(sql.raw(statement).execute(house.database.owner)).rejects.toThrow('never changed');
  }
});

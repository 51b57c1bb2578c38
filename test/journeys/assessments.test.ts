import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { openPlatform } from '../../demo/platform/platform.ts';
import type { Run } from '../../src/contract/assessment-runs.ts';
import type { Assessment, RequirementItem } from '../../src/contract/assessments.ts';
import type { Risk } from '../../src/engine/reports/oscal/shapes.ts';
import { type House, openHouse, type Person } from '../house.ts';
import { platformTarget } from '../platform-target.ts';
import { openSmallService, type SmallService, targetAt } from '../small-service.ts';

/* The assessment workspace on the server: from its beginning to the signed report, against services that really run. */

interface Crew {
  house: House;
  administrator: Person;
  assessor: Person;
  engineer: Person;
  signatory: Person;
}

async function openCrew(on: 'embedded' | 'server' = 'embedded'): Promise<Crew> {
  const house = await openHouse({ on, assessments: { allow: { networks: ['127.0.0.1/32'], ports: range } } });
  const administrator = await house.setUp({ kind: 'company', name: 'Example Shimmer Ltd' });
  const assessor = await house.addMember(administrator, ['assessor']);
  const engineer = await house.addMember(administrator, ['engineer']);
  const signatory = await house.addMember(administrator, ['signatory']);
  const made = await house.ask('POST', '/api/v1/services', {
    as: administrator,
    body: {
      slug: 'small',
      name: { en: 'A small service' },
      type: 'site',
      jurisdictions: ['cn'],
      features: ['image_gen'],
    },
  });
  expect(made.status).toBe(201);
  return { house, administrator, assessor, engineer, signatory };
}

/** Small services listen at any of these. */
const range = Array.from({ length: 65_535 - 1_024 }, (_, index) => index + 1_024);

async function describe({ house, engineer }: Crew, target: unknown, secrets: Record<string, string> = {}) {
  const { revision } = (await house.ask('GET', '/api/v1/services/small/target', { as: engineer })).body;
  const body = { revision, target, secrets };
  return house.ask('PUT', '/api/v1/services/small/target', { as: engineer, body });
}

async function begin({ house, assessor }: Crew, more: object = {}): Promise<Assessment> {
  const body = { service: 'small', rulebooks: ['cn-2025-labelling'], ...more };
  const begun = await house.ask('POST', '/api/v1/assessments', { as: assessor, body });
  expect([begun.status, begun.body.code]).toEqual([201, undefined]);
  return begun.body;
}

async function read({ house, assessor }: Crew, id: string): Promise<Assessment> {
  return (await house.ask('GET', `/api/v1/assessments/${id}`, { as: assessor })).body;
}

/** Asks for a run and waits until it ended. */
async function run(crew: Crew, id: string, body: object): Promise<Run> {
  const { house, engineer } = crew;
  const asked = await house.ask('POST', `/api/v1/assessments/${id}/runs`, { as: engineer, body });
  expect([asked.status, asked.body.code]).toEqual([202, undefined]);
  return ended(crew, id);
}

async function ended(crew: Crew, id: string): Promise<Run> {
  for (;;) {
    const [last] = (await read(crew, id)).runs;
    if (last && !['queued', 'working'].includes(last.state)) return last;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const requirement = ({ requirements }: Assessment, id: string): RequirementItem | undefined =>
  requirements.find((one) => one.id === id);

/** Answers what is open, each with an attestation. */
async function answerAll(crew: Crew, id: string): Promise<void> {
  const { house, assessor } = crew;
  const { requirements } = await read(crew, id);
  const bare = requirements.filter(({ evidence }) => evidence.length === 0);
  if (bare.length > 0) {
    const body = {
      kind: 'attestation',
      title: 'Statement of the product team',
      statement: 'We looked at each of these on the staging system.',
      observedAt: '2026-11-21T09:00:00Z',
      requirements: bare.map(({ rulebook, id: own }) => ({ rulebook, id: own })),
    };
    expect((await house.ask('POST', `/api/v1/assessments/${id}/evidence`, { as: assessor, body })).status).toBe(201);
  }
  for (const { rulebook, id: own, result } of requirements) {
    if (result !== 'open') continue;
    const body = { result: 'conforms', reason: 'Seen on the staging system.' };
    const url = `/api/v1/assessments/${id}/requirements/${rulebook}/${own}`;
    const answered = await house.ask('PATCH', url, { as: assessor, body });
    expect([own, answered.status, answered.body.code]).toEqual([own, 200, undefined]);
  }
}

async function personId({ house }: Crew, as: Person): Promise<string> {
  return (await house.ask('GET', '/api/v1/me', { as })).body.person.id;
}

async function registerKey(crew: Crew, as: Person): Promise<{ id: string; privateKey: KeyObject }> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'jwk' }).x ?? '';
  const proof = sign(null, Buffer.from(`clearmirror signing key ${await personId(crew, as)}`), privateKey);
  const body = { name: 'Laptop', publicKey: raw, proof: proof.toString('base64url') };
  const made = await crew.house.ask('POST', '/api/v1/signing-keys', { as, body });
  expect([made.status, made.body.code]).toEqual([201, undefined]);
  return { id: made.body.items[0].id, privateKey };
}

test.each(['embedded', 'server'] as const)(
  'from its beginning to the signed report, and a change voids what was signed (%s)',
  async (on) => {
    const crew = await openCrew(on);
    const { house, assessor, signatory } = crew;
    const service = await openSmallService();
    expect((await describe(crew, { ...service.target, secrets: {} })).status).toBe(200);
    const { id, state, requirements } = await begin(crew);
    expect([state, requirements.length > 5, requirements.every(({ result }) => result === 'open')]).toEqual([
      'draft',
      true,
      true,
    ]);
    const { state: came, requests, recordSha256 } = await run(crew, id, { samples: 14, probes: ['labels-survive'] });
    expect([came, requests, recordSha256?.length]).toEqual(['done', service.asked.length, 64]);
    const tested = await read(crew, id);
    expect(tested.state).toBe('assessing');
    const label = requirement(tested, 'GB-M1');
    expect([label?.result, label?.answeredBy, label?.evidence.length]).toEqual(['conforms', 'probe', 1]);
    // What nobody has read only warns: it is a hazard that holds nothing up.
    expect(tested.hazards.map(({ verifiedRule, state: now }) => [verifiedRule, now])).toEqual([[false, 'open']]);
    expect(service.items.size).toBe(0);

    const conclude = () => house.ask('POST', `/api/v1/assessments/${id}/conclusion`, { as: assessor, body: {} });
    const blocked = await conclude();
    expect([blocked.status, blocked.body.code]).toEqual([409, 'assessment-blocked']);
    await answerAll(crew, id);
    expect((await read(crew, id)).blocks.map(({ code }) => code)).toEqual(['conclusion-missing', 'signatory-missing']);
    const signer = await personId(crew, signatory);
    const body = {
      conclusion: '经评估，该服务符合上线要求。',
      signatories: [{ person: signer, role: '法定代表人' }],
      answers: { 'cn-2025-labelling/unit.contact_phone': '+86 000 0000 0000' },
    };
    expect((await house.ask('PATCH', `/api/v1/assessments/${id}`, { as: assessor, body })).status).toBe(200);
    const draft = await house.ask('GET', `/api/v1/assessments/${id}/draft/cn-2025-labelling.zh.pdf`, { as: assessor });
    expect([draft.status, draft.text.slice(0, 5)]).toEqual([200, '%PDF-']);
    const concluded = await conclude();
    expect([concluded.status, concluded.body.state]).toEqual([200, 'concluding']);
    const { report } = concluded.body as Assessment;
    expect(report?.files.map(({ name }) => name).filter((name) => !name.endsWith('.json'))).toEqual([
      'cn-2025-labelling.en.pdf',
      'cn-2025-labelling.zh.docx',
      'cn-2025-labelling.zh.pdf',
    ]);
    const manifest = await house.ask('GET', `/api/v1/assessments/${id}/report/manifest.json`, { as: signatory });
    expect(createHash('sha256').update(manifest.text).digest('hex')).toBe(report?.sha256);

    const late = await house.ask('POST', `/api/v1/assessments/${id}/evidence`, {
      as: assessor,
      body: {
        kind: 'attestation',
        title: 'Afterwards',
        statement: 'One more thing.',
        observedAt: '2026-11-21T09:00:00Z',
        requirements: [{ rulebook: 'cn-2025-labelling', id: 'GB-M1' }],
      },
    });
    expect([late.status, late.body.code]).toEqual([409, 'assessment-concluded']);

    const key = await registerKey(crew, signatory);
    const signIt = (over: string, reportSha256 = report?.sha256) =>
      house.ask('POST', `/api/v1/assessments/${id}/signatures`, {
        as: signatory,
        body: {
          reportSha256,
          key: key.id,
          signature: sign(null, Buffer.from(over, 'hex'), key.privateKey).toString('base64url'),
        },
      });
    const hash = report?.sha256 ?? '';
    expect((await signIt(hash)).body.code).toBe('report-not-read');
    const beside = (name: string) => house.ask('GET', `/api/v1/assessments/${id}/signed/${name}`, { as: signatory });
    expect((await beside('signatures.json')).status).toBe(404);
    const pages = await house.ask('GET', `/api/v1/assessments/${id}/report/cn-2025-labelling.zh.pdf`, {
      as: signatory,
    });
    expect(pages.text.slice(0, 5)).toBe('%PDF-');
    expect((await signIt('00'.repeat(32))).body.code).toBe('signature-wrong');
    expect((await signIt(hash, '11'.repeat(32))).body.code).toBe('report-changed');
    const signed = await signIt(hash);
    expect([signed.status, signed.body.state]).toEqual([201, 'signed']);
    expect((await signIt(hash)).body.code).toBe('not-concluded');
    for (const lang of ['zh', 'en']) expect((await beside(`signatures.${lang}.pdf`)).text.slice(0, 5)).toBe('%PDF-');
    const [told] = (await beside('signatures.json')).body.signatures;
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: told.publicKey }, format: 'jwk' });
    expect(verify(null, Buffer.from(hash, 'hex'), publicKey, Buffer.from(told.signature, 'base64url'))).toBe(true);
    expect((await beside('signatures.exe')).status).toBe(404);

    const reopen = (more: object) =>
      house.ask('POST', `/api/v1/assessments/${id}/moves`, { as: assessor, body: { to: 'assessing', ...more } });
    expect((await reopen({})).body.code).toBe('reopen-reason-missing');
    const again = await reopen({ reason: 'A figure was wrong.' });
    expect([again.body.state, again.body.report]).toEqual(['assessing', null]);
    expect(again.body.signatures[0].voided.reason).toBe('A figure was wrong.');
    expect((await beside('signatures.zh.pdf')).status).toBe(404);
    const { items } = (await house.ask('GET', '/api/v1/activity', { as: crew.administrator })).body;
    if (items) expect(items[0].kind).toBe('assessment-reopened');
    expect(house.troubles).toEqual([]);
  },
  120_000,
);

test('a gap is found, holds the conclusion up, is rectified, and only the same probe verifies it', async () => {
  const crew = await openCrew();
  const { house, assessor, engineer } = crew;
  const broken = await openPlatform({ port: 0, gaps: ['preview-unlabelled'] });
  const whole = await openPlatform({ port: 0, gaps: [] });
  try {
    const { target, secrets } = platformTarget(broken.url, ['jpeg', 'png']);
    const written = await describe(crew, target, secrets);
    expect([written.status, written.body.code, written.body.secrets]).toEqual([
      200,
      undefined,
      Object.keys(secrets).sort(),
    ]);
    expect(JSON.stringify(written.body)).not.toContain('sample-verified');
    const { id } = await begin(crew);
    expect((await run(crew, id, { samples: 12, probes: ['labels-survive'] })).state).toBe('done');
    const found = await read(crew, id);
    const hazard = found.hazards.find(({ verifiedRule }) => verifiedRule);
    expect([hazard?.seen?.subject, hazard?.seen?.code, hazard?.state]).toEqual(['image/preview', 'label-gone', 'open']);
    expect(requirement(found, 'CNLB-4')?.result).toBe('fails');
    expect(await expectPointersHold(crew, id)).toBeGreaterThan(0);
    expect(found.blocks.some(({ code, hazard: about }) => code === 'hazard-open' && about === hazard?.id)).toBe(true);
    const answer = await house.ask('PATCH', `/api/v1/assessments/${id}/requirements/cn-2025-labelling/CNLB-4`, {
      as: assessor,
      body: { result: 'conforms', reason: 'We believe it does.' },
    });
    expect([answer.status, answer.body.code]).toEqual([409, 'tested-otherwise']);

    const move = (body: object) => house.ask('POST', `/api/v1/hazards/${hazard?.id}/moves`, { as: engineer, body });
    const owner = await personId(crew, engineer);
    const planned = await move({ to: 'planned', owner, dueOn: '2026-12-04', plan: 'Keep metadata when scaling.' });
    expect([planned.body.state, planned.body.firstDueOn]).toEqual(['planned', '2026-12-04']);
    expect((await move({ to: 'planned', owner, dueOn: '2026-12-20', plan: 'Later.' })).body.code).toBe(
      'extend-instead',
    );
    const extended = await move({ to: 'extended', dueOn: '2026-12-20', reason: 'The library is being replaced.' });
    expect([extended.body.dueOn, extended.body.firstDueOn]).toEqual(['2026-12-20', '2026-12-04']);
    expect((await move({ to: 'done', note: 'Deployed.' })).body.state).toBe('done');
    expect((await move({ to: 'verified', evidence: crypto.randomUUID() })).body.code).toBe('hazard-verified-by-run');

    // It was not rectified after all: the same probe says so.
    await run(crew, id, { samples: 12, probes: ['labels-survive'] });
    expect((await read(crew, id)).hazards.find((one) => one.id === hazard?.id)?.state).toBe('open');
    await move({ to: 'planned', owner, dueOn: '2026-12-20', plan: 'Really keep metadata.' });
    await move({ to: 'done', note: 'Deployed again.' });
    await describe(crew, platformTarget(whole.url, ['jpeg', 'png']).target);
    // Fewer looks than when it was found show nothing.
    await run(crew, id, { samples: 2, probes: ['labels-survive'] });
    expect((await read(crew, id)).hazards.find((one) => one.id === hazard?.id)?.state).toBe('done');
    await run(crew, id, { samples: 12, probes: ['labels-survive'] });
    const gone = await read(crew, id);
    const verified = gone.hazards.find((one) => one.id === hazard?.id);
    expect(verified?.steps.map(({ to }) => to)).toEqual([
      ...['found', 'planned', 'extended', 'done', 'found-again', 'planned', 'done', 'not-verified', 'verified'],
    ]);
    expect(requirement(gone, 'GB-M1')?.result).toBe('conforms');
    expect(gone.blocks.some(({ code }) => code === 'hazard-open')).toBe(false);
    // One piece for each run, and only the last one counts.
    expect(gone.evidence.map(({ withdrawn }) => withdrawn === null)).toEqual([false, false, false, true]);

    const own = {
      title: 'The complaint page is three taps away',
      impact: 'hinders',
      frequency: 'usual',
      requirements: [{ rulebook: 'cn-2025-labelling', id: 'CNLB-4' }],
      reproduce: ['Open the home page.'],
    };
    expect((await house.ask('POST', `/api/v1/assessments/${id}/hazards`, { as: engineer, body: own })).status).toBe(
      201,
    );
    await expectWholePlan(crew, id);
    expect(await expectPointersHold(crew, id)).toBe(0);
    expect(house.troubles).toEqual([]);
  } finally {
    await broken.close();
    await whole.close();
  }
}, 180_000);

/** The plan of action has every hazard, whoever found it, with what was planned and done. */
async function expectWholePlan(crew: Crew, id: string): Promise<void> {
  const { house, assessor } = crew;
  const { hazards } = await read(crew, id);
  const drafted = await house.ask('GET', `/api/v1/assessments/${id}/draft/oscal-poam.en.json`, { as: assessor });
  const poam = drafted.body['plan-of-action-and-milestones'];
  const idOf = ({ props }: Told) => props.find(({ name }) => name === 'hazard')?.value;
  expect(poam['poam-items'].map(idOf)).toEqual(hazards.map((one) => one.id));
  expect(poam.risks.map(({ status, deadline }: Told) => [status, deadline])).toEqual(
    hazards.map(({ state, dueOn }) => [
      state === 'verified' ? 'closed' : 'open',
      dueOn ? '2026-12-20T15:59:59.999Z' : undefined,
    ]),
  );
  const tended: Told | undefined = poam.risks.find(({ status }: Told) => status === 'closed');
  const [remediation] = tended?.remediations ?? [];
  expect([remediation?.description, remediation?.props?.[0]?.name]).toEqual(['Really keep metadata.', 'owner']);
  expect(remediation?.tasks.map(({ title, timing }) => [title, timing['on-date'].date.slice(0, 10)])).toEqual([
    ['Planned', '2026-11-22'],
    ['Due', '2026-12-04'],
    ['Due after extension', '2026-12-20'],
    ['Done', '2026-11-22'],
    ['Verified', '2026-11-22'],
  ]);
  const steps = hazards.find(({ state }) => state === 'verified')?.steps ?? [];
  expect(tended?.['risk-log']?.entries.map(({ props }) => props[0]?.value)).toEqual(steps.map(({ to }) => to));
  expect(poam.risks.at(-1)?.statement).toContain('1. Open the home page.');
}

/** What the results point to is in the record that lies beside them. Returns how many trials they point to. */
async function expectPointersHold({ house, assessor }: Crew, id: string): Promise<number> {
  const draft = async (name: string) =>
    (await house.ask('GET', `/api/v1/assessments/${id}/draft/${name}`, { as: assessor })).body;
  const record = await draft('assessment.json');
  const { observations } = (await draft('oscal-assessment-results.en.json'))['assessment-results'].results[0];
  const pointers: string[][] = observations.flatMap((one: Told) =>
    (one['relevant-evidence'] ?? []).map(({ href }) => href.replace('assessment.json#/', '').split('/')),
  );
  expect(pointers.length).toBeGreaterThan(0);
  for (const pointer of pointers) {
    const found = pointer.reduce((value, key) => value?.[key], record);
    expect([pointer, found?.probe ?? found?.outcome]).toEqual([
      pointer,
      pointer.length === 4 ? 'labels-survive' : 'lost',
    ]);
  }
  return pointers.filter(({ length }) => length === 6).length;
}

interface Told extends Pick<Risk, 'props' | 'status' | 'deadline' | 'remediations' | 'risk-log'> {
  'relevant-evidence'?: { href: string }[];
}

test('what the operator did not open is never asked, and the run says so', async () => {
  const house = await openHouse();
  const administrator = await house.setUp({ kind: 'company', name: 'Example Shimmer Ltd' });
  await house.ask('POST', '/api/v1/services', {
    as: administrator,
    body: {
      slug: 'small',
      name: { en: 'A small service' },
      type: 'site',
      jurisdictions: ['cn'],
      features: ['image_gen'],
    },
  });
  const crew: Crew = {
    house,
    administrator,
    assessor: administrator,
    engineer: administrator,
    signatory: administrator,
  };
  const service = await openSmallService();
  await describe(crew, { ...service.target, secrets: {} });
  const { id } = await begin(crew);
  const { state } = await run(crew, id, { samples: 3, probes: ['labels-survive'] });
  expect([state, service.asked]).toEqual(['done', []]);
  expect(requirement(await read(crew, id), 'GB-M1')?.result).toBe('open');
}, 60_000);

test('a run that is stopped takes away what it published', async () => {
  const crew = await openCrew();
  const { house, engineer } = crew;
  const service = await openSmallService();
  await describe(crew, { ...service.target, secrets: {}, perSecond: 5 });
  const { id } = await begin(crew);
  const asked = await house.ask('POST', `/api/v1/assessments/${id}/runs`, {
    as: engineer,
    body: { samples: 60, probes: ['labels-survive'] },
  });
  const own = asked.body.runs[0].id;
  const second = await house.ask('POST', `/api/v1/assessments/${id}/runs`, { as: engineer, body: { samples: 5 } });
  expect([second.status, second.body.code]).toEqual([409, 'run-under-way']);
  while (service.items.size < 2) await new Promise((resolve) => setTimeout(resolve, 50));
  const stopped = await house.ask('POST', `/api/v1/assessments/${id}/runs/${own}/stop`, { as: engineer });
  expect(stopped.status).toBe(202);
  const last = await ended(crew, id);
  expect([last.state, last.leftBehind, service.items.size]).toEqual(['stopped', 0, 0]);
  const log = await house.server.inject({
    url: `/api/v1/assessments/${id}/runs/${own}/requests`,
    headers: { cookie: engineer.cookie, 'clearmirror-organisation': engineer.organisation },
  });
  expect(log.body.trim().split('\n').length).toBe(service.asked.length);
}, 60_000);

test('what was on its way when a run was stopped is taken away too', async () => {
  const crew = await openCrew();
  const { house, engineer } = crew;
  const service = await openSmallService();
  const gate = await openSlowGate(service.url);
  await describe(crew, { ...service.target, hosts: [gate], secrets: {} });
  const { id } = await begin(crew);
  const asked = await house.ask('POST', `/api/v1/assessments/${id}/runs`, {
    as: engineer,
    body: { samples: 60, probes: ['labels-survive'] },
  });
  // Published, and the answer has not come back yet.
  while (service.items.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await house.ask('POST', `/api/v1/assessments/${id}/runs/${asked.body.runs[0].id}/stop`, { as: engineer });
  const last = await ended(crew, id);
  expect([last.state, last.leftBehind, service.items.size]).toEqual(['stopped', 0, 0]);
}, 60_000);

/** Passes everything on at once, and what comes back to a POST only after more than a second. */
async function openSlowGate(url: string): Promise<string> {
  const gate = createServer(async (request, response) => {
    const body = await Array.fromAsync(request);
    const answer = await fetch(`${url}${request.url}`, {
      method: request.method ?? 'GET',
      headers: { 'content-type': request.headers['content-type'] ?? '' },
      body: request.method === 'POST' ? Buffer.concat(body) : null,
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (request.method === 'POST') await new Promise((resolve) => setTimeout(resolve, 1_200));
    response.writeHead(answer.status).end(bytes);
  });
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    gate.closeAllConnections();
    gate.close();
  });
  const address = gate.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

test('a re-assessment starts from the last: evidence and open hazards come along, answers stand beside', async () => {
  const crew = await openCrew();
  const { house, assessor } = crew;
  const service: SmallService = await openSmallService();
  await describe(crew, { ...service.target, secrets: {} });
  const { id } = await begin(crew);
  await answerAll(crew, id);
  const [first] = (await read(crew, id)).requirements;
  const refs = [{ rulebook: first?.rulebook, id: first?.id }];
  const added = await house.ask('POST', `/api/v1/assessments/${id}/hazards`, {
    as: assessor,
    body: { title: 'Moderators see no queue', impact: 'hinders', frequency: 'frequent', requirements: refs },
  });
  expect([added.status, added.body.severity]).toEqual([201, 'high']);
  const next = await begin(crew, { previous: id });
  expect(next.requirements.every(({ result, before }) => result === 'open' && before?.result === 'conforms')).toBe(
    true,
  );
  expect(next.hazards.map(({ title, state }) => [title, state])).toEqual([['Moderators see no queue', 'open']]);
  expect(next.evidence.map(({ carriedFrom, title }) => [carriedFrom !== null, title])).toEqual([
    [true, 'Statement of the product team'],
  ]);
  const lapse = await house.ask('POST', `/api/v1/assessments/${next.id}/evidence`, {
    as: assessor,
    body: {
      kind: 'link',
      title: 'Status page',
      url: 'https://status.shimmer.example/',
      observedAt: '2026-11-20T00:00:00Z',
      validUntil: '2026-11-23T00:00:00Z',
      requirements: refs,
    },
  });
  expect(lapse.status).toBe(201);
  house.clock.now = new Date('2026-11-24T00:00:00Z');
  expect((await read(crew, next.id)).evidence.map(({ lapsed }) => lapsed)).toEqual([false, true]);
}, 60_000);

test('targets: mistakes are named with their places, secrets come in and never go out', async () => {
  const crew = await openCrew();
  const faulty = await describe(crew, {
    ...targetAt('http://127.0.0.1:9'),
    headers: { authorization: 'Bearer {{secret.key}}' },
  });
  expect([faulty.status, faulty.body.code]).toEqual([422, 'target-broken']);
  expect(faulty.body.fields[0]).toMatchObject({ path: '/target/headers/authorization', code: 'unknown-secret' });
  // Whoever may write a target must not look into the folders of the server.
  const folder = { name: 'all', folder: '/', most: 20 };
  const reaching = await describe(crew, { ...targetAt('http://127.0.0.1:9'), published: [folder] });
  expect([reaching.status, reaching.body.fields]).toEqual([
    422,
    [expect.objectContaining({ path: '/target/published/0/folder', code: 'folder-elsewhere' })],
  ]);
  const target = { ...targetAt('http://127.0.0.1:9'), headers: { authorization: 'Bearer {{secret.key}}' } };
  const kept = await describe(crew, target, { key: 'very-secret' });
  expect([kept.status, kept.body.secrets]).toEqual([200, ['key']]);
  for (const who of [crew.administrator, crew.signatory]) {
    const seen = await crew.house.ask('GET', '/api/v1/services/small/target', { as: who });
    expect(seen.text).not.toContain('very-secret');
  }
  const env = await describe(crew, { ...target, secrets: { key: { env: 'CLEARMIRROR_SECRET' } } });
  expect([env.status, env.body.code]).toEqual([400, 'request-invalid']);
});

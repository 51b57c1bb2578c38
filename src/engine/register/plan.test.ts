import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RegisterDocument, registerDocumentSchema } from '../../contract/register-document.ts';
import { planRegister } from './plan.ts';
import type { Registered, RegisteredFunction, RegisteredService } from './registered.ts';
import type { Step } from './steps.ts';

const wish = { prune: false, latestDay: '2026-11-22' };
const empty: Registered = { company: null, services: [] };

/** Does what the steps say to a register in memory, one after another, as the server does to its tables. */
function perform(before: Registered, steps: readonly Step[]): Registered {
  const after = structuredClone(before);
  const serviceOf = (slug: string) => {
    const found = after.services.find((service) => service.slug === slug);
    if (!found) throw new Error(`a step about ${slug}, which is not there`);
    found.revision += 1;
    return found;
  };
  const functionOf = (service: string, slug: string) => {
    const found = serviceOf(service).functions.find((one) => one.slug === slug);
    if (!found) throw new Error(`a step about ${slug}, which is not there`);
    found.revision += 1;
    return found;
  };
  for (const step of steps) {
    switch (step.do) {
      case 'write-company':
        after.company = { ...step.fields, revision: (after.company?.revision ?? 0) + 1 };
        break;
      case 'add-service': {
        const fresh = { revision: 1, state: 'planned', launchedOn: null, figures: [], functions: [] } as const;
        after.services.push({ ...step.fields, ...structuredClone(fresh), figures: [], functions: [] });
        break;
      }
      case 'change-service':
        Object.assign(serviceOf(step.service), step.fields);
        break;
      case 'launch-service':
        Object.assign(serviceOf(step.service), { state: 'launched', launchedOn: step.on });
        break;
      case 'withdraw-service':
        after.services = after.services.filter(({ slug }) => slug !== step.service);
        break;
      case 'note-figure': {
        const service = serviceOf(step.service);
        const { kind, asOf } = step.figure;
        service.figures = service.figures.filter((one) => one.kind !== kind || one.asOf !== asOf);
        service.figures.push(step.figure);
        break;
      }
      case 'add-function': {
        const fresh = { revision: 1, state: 'planned', version: 1, launchedOn: null, lastLaunchedOn: null } as const;
        serviceOf(step.service).functions.push({ ...step.fields, ...fresh, fixed: false });
        break;
      }
      case 'change-function':
        Object.assign(functionOf(step.service, step.function), step.fields);
        break;
      case 'new-version': {
        const { reason: _reason, ...content } = step.content;
        const one = functionOf(step.service, step.function);
        Object.assign(one, content, { version: one.version + 1, state: 'changed', launchedOn: null, fixed: false });
        break;
      }
      case 'launch-function': {
        const launched = { state: 'launched', launchedOn: step.on, lastLaunchedOn: step.on, fixed: true };
        Object.assign(functionOf(step.service, step.function), launched);
        break;
      }
      case 'withdraw-function': {
        const service = serviceOf(step.service);
        service.functions = service.functions.filter(({ slug }) => slug !== step.function);
        break;
      }
    }
  }
  return after;
}

/** The same register, whatever the order in which things came into it. */
function sorted({ company, services }: Registered): unknown {
  const bySlug = <T extends { slug: string }>(list: T[]) =>
    list.toSorted((one, other) => (one.slug < other.slug ? -1 : 1));
  return {
    company: company && { ...company, revision: 0 },
    services: bySlug(services).map((service: RegisteredService) => ({
      ...service,
      revision: 0,
      figures: service.figures.map((figure) => JSON.stringify(figure)).toSorted(),
      functions: bySlug(service.functions).map((one: RegisteredFunction) => ({ ...one, revision: 0 })),
    })),
  };
}

const flag = fc.option(fc.boolean(), { nil: undefined });
const day = fc.constantFrom('2026-01-05', '2026-06-30', '2026-11-20');
const name = fc.record({ zh: fc.constantFrom('微光', '回声', null), en: fc.constantFrom('Shimmer', 'Echo') });
const features = fc.uniqueArray(fc.constantFrom('voice_room', 'short_video', 'face_swap', 'search'));
const slugs = ['alpha', 'beta', 'gamma'] as const;

const functionDocument = fc.record(
  {
    slug: fc.constantFrom(...slugs),
    name,
    features,
    facts: fc.record({ usesNewTech: flag, editsBiometrics: flag }).map((facts) => JSON.parse(JSON.stringify(facts))),
    plannedLaunch: fc.option(day),
    launchedOn: day,
  },
  { requiredKeys: ['slug', 'name', 'features'] },
);
const serviceDocument = fc.record(
  {
    slug: fc.constantFrom(...slugs),
    name,
    type: fc.constantFrom('app', 'site'),
    addresses: fc.uniqueArray(fc.constantFrom('https://shimmer.example/', 'https://echo.example/')),
    jurisdictions: fc.option(fc.uniqueArray(fc.constantFrom('cn', 'eu', 'uk'))),
    features: fc.option(features),
    facts: fc.record({ isGenerator: flag, hostsUserContent: flag }).map((facts) => JSON.parse(JSON.stringify(facts))),
    launchedOn: day,
    figures: fc.uniqueArray(fc.record({ kind: fc.constantFrom('mau', 'dau'), value: fc.nat(10_000), asOf: day }), {
      selector: ({ kind, asOf }) => `${kind} ${asOf}`,
      maxLength: 4,
    }),
    functions: fc.uniqueArray(functionDocument, { selector: ({ slug }) => slug }),
  },
  { requiredKeys: ['slug', 'name', 'type'] },
);
const documents = fc
  .record(
    {
      company: fc.record({ kind: fc.constant('unit'), name, operationsPlace: fc.option(fc.constant('示例市')) }),
      services: fc.uniqueArray(serviceDocument, { selector: ({ slug }) => slug }),
    },
    { requiredKeys: [] },
  )
  .map((given): RegisterDocument => registerDocumentSchema.parse({ schema: 'clearmirror.register/1', ...given }));

describe('whatever the document', () => {
  test('what was applied is not planned again', () => {
    fc.assert(
      fc.property(documents, fc.boolean(), (document, prune) => {
        const first = planRegister(document, empty, { ...wish, prune });
        expect(first.obstacles).toEqual([]);
        const second = planRegister(document, perform(empty, first.steps), { ...wish, prune });
        expect(second.items).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('nor upon what another document left, unless something stands in the way', () => {
    fc.assert(
      fc.property(documents, documents, fc.boolean(), (before, document, prune) => {
        const now = perform(empty, planRegister(before, empty, wish).steps);
        const plan = planRegister(document, now, { ...wish, prune });
        if (plan.obstacles.length > 0) return;
        expect(planRegister(document, perform(now, plan.steps), { ...wish, prune }).items).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('its order does not matter', () => {
    const turned = (document: RegisterDocument): RegisterDocument => ({
      ...document,
      ...(document.services
        ? {
            services: document.services.toReversed().map((service) => ({
              ...service,
              ...(service.features ? { features: service.features.toReversed() } : {}),
              ...(service.figures ? { figures: service.figures.toReversed() } : {}),
              ...(service.functions ? { functions: service.functions.toReversed() } : {}),
            })),
          }
        : {}),
    });
    fc.assert(
      fc.property(documents, documents, (before, document) => {
        const now = perform(empty, planRegister(before, empty, wish).steps);
        const [one, other] = [planRegister(document, now, wish), planRegister(turned(document), now, wish)];
        expect(other.hash).toBe(one.hash);
        expect(sorted(perform(now, other.steps))).toEqual(sorted(perform(now, one.steps)));
      }),
      { numRuns: 500 },
    );
  });

  test('without prune nothing is withdrawn, and what a document does not name stays', () => {
    fc.assert(
      fc.property(documents, documents, (before, document) => {
        const now = perform(empty, planRegister(before, empty, wish).steps);
        const { items } = planRegister(document, now, wish);
        expect(items.filter(({ action }) => action === 'withdraw')).toEqual([]);
      }),
    );
  });
});

const voiceRoom = { slug: 'voice-room', name: { zh: null, en: 'Voice room' }, features: ['voice_room' as const] };
const service = { slug: 'echo', name: { zh: null, en: 'Echo' }, type: 'app' as const };
const parse = (functions: object[], more: object = {}) =>
  registerDocumentSchema.parse({
    schema: 'clearmirror.register/1',
    services: [{ ...service, functions, ...more }],
  });
const launched = perform(empty, planRegister(parse([{ ...voiceRoom, launchedOn: '2026-02-02' }]), empty, wish).steps);

describe('what stands in the way', () => {
  test.each([
    ['a first version that is not the first', empty, [{ ...voiceRoom, version: 2 }], 'version-starts-at-1', 'version'],
    ['a version that skips one', launched, [{ ...voiceRoom, version: 3 }], 'version-skips', 'version'],
    ['a version without reason and facts', launched, [{ ...voiceRoom, version: 2 }], 'version-needs-more', 'version'],
    [
      'new features of what is launched',
      launched,
      [{ ...voiceRoom, features: ['voice_room', 'voice_clone'] }],
      'facts-fixed',
      'features',
    ],
    [
      'another day of launch',
      launched,
      [{ ...voiceRoom, launchedOn: '2026-02-03' }],
      'launched-on-another-day',
      'launchedOn',
    ],
    [
      'the day of the version before',
      launched,
      [{ ...voiceRoom, version: 2, reason: 'more', facts: {}, launchedOn: '2026-02-02' }],
      'launched-before',
      'launchedOn',
    ],
    ['a launch that has not come', empty, [{ ...voiceRoom, launchedOn: '2026-11-23' }], 'day-in-future', 'launchedOn'],
  ])('%s', (_name, now, functions, code, field) => {
    const { obstacles } = planRegister(parse(functions), now, wish);
    expect(obstacles).toMatchObject([{ code, path: ['services', 0, 'functions', 0, field] }]);
  });

  test('a name that stands twice, a figure that stands twice, a code that cannot be', () => {
    const figure = { kind: 'mau', value: 1, asOf: '2026-01-01' };
    const document = registerDocumentSchema.parse({
      schema: 'clearmirror.register/1',
      company: { kind: 'unit', name: { en: 'Echo Ltd' }, uscc: '91350100M000100Y44' },
      services: [
        { ...service, figures: [figure, { ...figure, value: 2 }], functions: [voiceRoom, voiceRoom] },
        service,
      ],
    });
    const { obstacles } = planRegister(document, empty, wish);
    expect(obstacles.map(({ code, path }) => [code, path.join('.')])).toEqual([
      ['uscc-wrong', 'company.uscc'],
      ['figure-twice', 'services.0.figures.1'],
      ['slug-twice', 'services.0.functions.1.slug'],
      ['slug-twice', 'services.1.slug'],
    ]);
  });

  test('a version behind the register', () => {
    const change = { ...voiceRoom, version: 2, reason: 'louder', facts: { usesNewTech: true } };
    const { steps, obstacles } = planRegister(parse([change]), launched, wish);
    expect([obstacles, steps.map((step) => step.do)]).toEqual([[], ['new-version']]);
    const changed = perform(launched, steps);
    expect(planRegister(parse([change]), changed, wish).items).toEqual([]);
    expect(planRegister(parse([{ ...voiceRoom, version: 1 }]), changed, wish).obstacles).toMatchObject([
      { code: 'version-behind' },
    ]);
  });
});

test('with prune, what the lists do not name is withdrawn; a list that is not there says nothing', () => {
  const prune = { ...wish, prune: true };
  const withdrawn = (document: object) =>
    planRegister(registerDocumentSchema.parse({ schema: 'clearmirror.register/1', ...document }), launched, prune)
      .steps;
  expect(withdrawn({})).toEqual([]);
  expect(withdrawn({ services: [service] })).toEqual([]);
  expect(withdrawn({ services: [{ ...service, functions: [] }] })).toEqual([
    { do: 'withdraw-function', service: 'echo', function: 'voice-room' },
  ]);
  expect(withdrawn({ services: [] })).toEqual([{ do: 'withdraw-service', service: 'echo' }]);
});

test('the same wishes upon another register have another hash', () => {
  const document = parse([voiceRoom, { ...voiceRoom, slug: 'other' }]);
  const edited = structuredClone(launched);
  for (const one of edited.services) one.revision += 1;
  expect(planRegister(document, edited, wish).hash).not.toBe(planRegister(document, launched, wish).hash);
});

test('a target is how a test reaches the service, and nothing that the register keeps', () => {
  const target = { hosts: ['https://staging.example'] };
  const now = { company: null, services: [] };
  expect(planRegister(parse([], { target }), now, wish)).toEqual(planRegister(parse([]), now, wish));
});

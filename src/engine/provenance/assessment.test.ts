import { describe, expect, test } from 'vitest';
import { assess } from './assessment.ts';
import { claimOfSourceType } from './source-types.ts';
import { gravestReason } from './statuses.ts';
import { parseStore } from './store.ts';

const iptc = 'http://cv.iptc.org/newscodes/digitalsourcetype/';

function storeOf(manifest: object, others: object = {}, results: object = {}) {
  const store = parseStore(
    JSON.stringify({
      active_manifest: 'a',
      manifests: { a: manifest, ...others },
      validation_state: 'Valid',
      ...results,
    }),
  );
  if (!store) throw new Error('not a store');
  return store;
}

const actions = (...list: object[]) => ({ assertions: [{ label: 'c2pa.actions.v2', data: { actions: list } }] });
const claimOf = (manifest: object) => assess(storeOf(manifest), true, true).claim;

describe('what the active manifest claims', () => {
  test.each<[string, object, string]>([
    [
      'created by a model',
      actions({ action: 'c2pa.created', digitalSourceType: `${iptc}trainedAlgorithmicMedia` }),
      'ai-generated',
    ],
    [
      'opened output of a model',
      actions({ action: 'c2pa.opened', digitalSourceType: `${iptc}trainedAlgorithmicMedia` }),
      'ai-generated',
    ],
    [
      'a region filled by a model',
      actions(
        { action: 'c2pa.created', digitalSourceType: `${iptc}digitalCapture` },
        { action: 'c2pa.edited', digitalSourceType: `${iptc}trainedAlgorithmicMedia` },
      ),
      'ai-edited',
    ],
    [
      'captured, then retouched by hand',
      actions(
        { action: 'c2pa.created', digitalSourceType: `${iptc}digitalCapture` },
        { action: 'c2pa.edited', digitalSourceType: `${iptc}humanEdits` },
      ),
      'captured',
    ],
    [
      'two action assertions',
      {
        assertions: [
          ...actions({ action: 'c2pa.opened' }).assertions,
          {
            label: 'c2pa.actions.v2__1',
            data: {
              actions: [{ action: 'c2pa.placed', digitalSourceType: `${iptc}compositeWithTrainedAlgorithmicMedia` }],
            },
          },
        ],
      },
      'ai-edited',
    ],
    [
      'only signed IPTC metadata',
      {
        assertions: [
          { label: 'cawg.metadata', data: { 'Iptc4xmpExt:DigitalSourceType': `${iptc}trainedAlgorithmicMedia` } },
        ],
      },
      'ai-generated',
    ],
    ['a software agent by index', actions({ action: 'c2pa.created' }), 'unspecified'],
    ['nothing', {}, 'unspecified'],
    [
      'actions that are no list',
      { assertions: [{ label: 'c2pa.actions.v2', data: { actions: 'none' } }] },
      'unspecified',
    ],
  ])('%s', (_name, manifest, claim) => {
    expect(claimOf(manifest)).toBe(claim);
  });

  test.each([
    [`${iptc}trainedAlgorithmicMedia`, 'ai-generated'],
    ['https://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic', 'ai-edited'],
    ['http://c2pa.org/digitalsourcetype/trainedAlgorithmicData', 'ai-generated'],
    ['computationalCapture', 'captured'],
    [`${iptc}minorHumanEdits`, 'human-made'],
    [`${iptc}algorithmicMedia`, 'unspecified'],
    [`${iptc}composite`, 'unspecified'],
    [`${iptc}screenCapture`, 'unspecified'],
    ['', 'unspecified'],
    ['http://c2pa.org/digitalsourcetype/empty', 'unspecified'],
  ])('source type %s is %s', (sourceType, claim) => {
    expect(claimOfSourceType(sourceType)).toBe(claim);
  });
});

describe('ingredients', () => {
  test('an ingredient of an ingredient is found, and a circle ends', () => {
    const store = storeOf(
      { ingredients: [{ title: 'parent', relationship: 'parentOf', active_manifest: 'b', label: 'i' }] },
      {
        b: { ingredients: [{ title: 'model', relationship: 'parentOf', active_manifest: 'c', label: 'i' }] },
        c: {
          ...actions({ action: 'c2pa.created', digitalSourceType: `${iptc}trainedAlgorithmicMedia` }),
          ingredients: [{ title: 'again', relationship: 'parentOf', active_manifest: 'a', label: 'i' }],
        },
      },
    );
    const { ingredients } = assess(store, true, true);
    expect(ingredients.map(({ title, depth, claim }) => [title, depth, claim])).toEqual([
      ['parent', 1, 'unspecified'],
      ['model', 2, 'ai-generated'],
      ['again', 3, 'unspecified'],
    ]);
  });

  test('what broke since the ingredient was taken in belongs to that ingredient', () => {
    const failure = [
      { code: 'assertion.hashedURI.mismatch', url: 'self#jumbf=/c2pa/b/c2pa.assertions/x', explanation: '' },
    ];
    const store = storeOf(
      {
        ingredients: [
          { title: 'sound', relationship: 'parentOf', label: 'c2pa.ingredient.v3' },
          { title: 'broken', relationship: 'componentOf', label: 'c2pa.ingredient.v3__1' },
        ],
      },
      {},
      {
        validation_results: {
          ingredientDeltas: [
            {
              ingredientAssertionURI: 'self#jumbf=/c2pa/a/c2pa.assertions/c2pa.ingredient.v3__1',
              validationDeltas: { success: [], informational: [], failure },
            },
          ],
        },
        validation_state: 'Invalid',
      },
    );
    const { ingredients, validity, reason } = assess(store, true, true);
    expect(ingredients.map(({ title, failures }) => [title, failures.length])).toEqual([
      ['sound', 0],
      ['broken', 1],
    ]);
    expect([validity, reason]).toEqual(['invalid', 'ingredient']);
  });
});

describe('why a manifest does not hold', () => {
  const status = (code: string, explanation = '') => ({ code, url: '', explanation });
  test.each([
    [
      'unprotected',
      status('assertion.dataHash.mismatch', 'data hash exclusion does not match the manifest location in the asset'),
    ],
    ['changed', status('assertion.dataHash.mismatch', 'hash verification( Hashes do not match )')],
    ['changed', status('assertion.boxesHash.unknownBox')],
    ['signature', status('claimSignature.missing')],
    ['expired', status('claimSignature.outsideValidity')],
    ['revoked', status('signingCredential.ocsp.revoked')],
    ['manifest', status('assertion.undeclared')],
    ['manifest', status('claim.hardBindings.missing')],
    ['other', status('some.future.code')],
    [null, status('signingCredential.untrusted')],
    [null, status('cawg.x509.signature.mismatch')],
  ])('%s', (reason, failure) => {
    expect(gravestReason([failure], [])).toBe(reason);
  });

  test('the gravest reason is said', () => {
    const all = ['signingCredential.expired', 'assertion.dataHash.mismatch', 'claimSignature.mismatch'];
    expect(
      gravestReason(
        all.map((code) => status(code)),
        [],
      ),
    ).toBe('signature');
  });
});

describe('stores made to harm', () => {
  test.each([
    '',
    'null',
    '[]',
    '{"active_manifest":"a"}',
    '{"active_manifest":"__proto__","manifests":{}}',
    '{"active_manifest":"a","manifests":{"a":',
    '"text"',
  ])('%s is no store', (json) => {
    expect(parseStore(json)).toBeNull();
  });

  test('fields of the wrong type are empty, long and hidden text is cut and shown', () => {
    const store = storeOf({
      title: `\u202e${'x'.repeat(500)}\u0007`,
      claim_version: 'two',
      signature_info: 7,
      ingredients: [null, 1, 'x', { title: ['list'] }],
      assertions: 'none',
      claim_generator_info: [{ name: { deep: true } }, 'Agent/1'],
    });
    expect(store.active.title).toBe(`\ufffd${'x'.repeat(199)}`);
    expect(store.active.claimVersion).toBeNull();
    expect(store.active.signature.commonName).toBe('');
    expect(store.active.ingredients).toHaveLength(4);
    expect(store.active.generators).toEqual([
      { name: '', version: '' },
      { name: 'Agent/1', version: '' },
    ]);
  });

  test('a store of a hundred thousand ingredients is bounded', () => {
    const ingredients = Array.from({ length: 100_000 }, (_, index) => ({
      title: `${index}`,
      relationship: 'parentOf',
    }));
    expect(assess(storeOf({ ingredients }), true, true).ingredients).toHaveLength(1_000);
  });
});

import { expect, test } from 'vitest';
import { aiMade, iptc, labelled } from '../../../../test/signing/test-signing.ts';
import { sourceTypes } from '../source-types.ts';
import { checkedSourceType, emptySource, type ManifestContent, manifestDefinition, stepActions } from './manifest.ts';

interface Said {
  assertions: {
    label: string;
    created: boolean;
    data: { actions?: Record<string, unknown>[]; [name: string]: unknown };
  }[];
}
const said = (content: ManifestContent): Said => JSON.parse(manifestDefinition(content));
const actionsOf = (content: ManifestContent) => said(content).assertions[0]?.data.actions ?? [];
const refusal = (work: () => unknown) => expect(work).toThrow(expect.objectContaining({ code: 'manifest-unfit' }));

test('C2PA-1: one actions assertion, whose first action alone says how the file began', () => {
  for (const content of [aiMade, labelled]) {
    const labels = said(content).assertions.map(({ label }) => label);
    expect(labels.filter((label) => label.startsWith('c2pa.actions'))).toEqual(['c2pa.actions.v2']);
    const beginnings = actionsOf(content).map(({ action }) => action === 'c2pa.created' || action === 'c2pa.opened');
    expect(beginnings).toEqual([true, ...beginnings.slice(1).map(() => false)]);
  }
});

test('C2PA-1: what came over a wire cannot begin a file twice either', () => {
  const steps: ManifestContent['steps'] = JSON.parse('[{"action":"c2pa.created"},{"action":"c2pa.opened"}]');
  for (const step of steps ?? []) {
    refusal(() => manifestDefinition({ ...aiMade, steps: [{ ...step, by: { name: 'x' }, at: new Date() }] }));
  }
});

test('C2PA-2: created carries its source, opened carries none', () => {
  expect(actionsOf(aiMade)[0]).toEqual({
    action: 'c2pa.created',
    when: '2026-03-01T10:00:00.000Z',
    softwareAgent: { name: 'Test Generator', version: '2.0' },
    digitalSourceType: `${iptc}trainedAlgorithmicMedia`,
  });
  expect(actionsOf(labelled)[0]).not.toHaveProperty('digitalSourceType');
  expect(actionsOf(labelled)[0]).toMatchObject({ parameters: { ingredientIds: ['parent'] } });
});

test('every term in use may be written, no deprecated one, and none at a wrong address', () => {
  expect(checkedSourceType(emptySource)).toBe(emptySource);
  for (const [term, { deprecated, vocabulary = iptc }] of sourceTypes) {
    if (deprecated) refusal(() => checkedSourceType(`${vocabulary}${term}`));
    else expect(checkedSourceType(`${vocabulary}${term}`)).toBe(`${vocabulary}${term}`);
  }
  for (const wrong of [
    'trainedAlgorithmicMedia',
    `${iptc}madeUp`,
    `${iptc}trainedAlgorithmicData`,
    '',
    'https://x/print',
  ]) {
    refusal(() => checkedSourceType(wrong));
  }
  refusal(() => manifestDefinition({ ...aiMade, metadata: { 'Iptc4xmpExt:DigitalSourceType': `${iptc}digitalArt` } }));
});

test('C2PA-3 and 4: steps follow in order, with agent, time and source', () => {
  expect(actionsOf(labelled).map(({ action }) => action)).toEqual([
    'c2pa.opened',
    'c2pa.edited',
    'c2pa.edited.metadata',
  ]);
  expect(stepActions).not.toContain('c2pa.created');
  expect(said({ ...labelled, allActionsIncluded: true }).assertions[0]?.data['allActionsIncluded']).toBe(true);
});

test('C2PA-5: a watermark that is on no list is not called a soft binding', () => {
  const watermark = {
    algorithm: 'clearmirror.x.1',
    value: new Uint8Array([1, 255]),
    by: { name: 'x' },
    at: new Date(0),
  };
  const { assertions } = said({ ...labelled, watermark });
  expect(assertions.map(({ label }) => label)).toEqual(['c2pa.actions.v2', 'clearmirror.watermark']);
  expect(assertions[1]?.data).toEqual({ alg: 'clearmirror.x.1', blocks: [{ scope: {}, value: '01ff' }] });
  expect(actionsOf({ ...labelled, watermark }).at(-1)).toMatchObject({
    action: 'c2pa.edited',
    description: 'imperceptible watermark clearmirror.x.1',
  });
});

test('metadata is JSON-LD with exactly the namespaces it uses', () => {
  const [, metadata] = said(aiMade).assertions;
  expect(metadata?.data['@context']).toEqual({
    Iptc4xmpExt: 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/',
    dc: 'http://purl.org/dc/elements/1.1/',
  });
  refusal(() => manifestDefinition({ ...aiMade, metadata: {} }));
  refusal(() => manifestDefinition({ ...aiMade, metadata: JSON.parse('{"evil:thing":1}') }));
});

test('uses for training, and that the signer answers for every assertion', () => {
  const { assertions } = said(aiMade);
  expect(assertions.find(({ label }) => label === 'cawg.training-mining')?.data).toEqual({
    entries: {
      'cawg.ai_training': { use: 'notAllowed' },
      'cawg.data_mining': { use: 'constrained', constraint_info: 'ask first' },
    },
  });
  expect(assertions.every(({ created }) => created)).toBe(true);
});

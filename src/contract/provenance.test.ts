import { describe, expect, test } from 'vitest';
import { samples } from '../../test/fixtures/reports/samples.ts';
import { readProvenance } from './provenance.ts';
import type { Signal } from './screening.ts';

async function read(name: string) {
  const signals = (await samples())[name]?.record.signals ?? [];
  return signals.filter(({ method }) => method === 'provenance.c2pa').flatMap(readProvenance);
}

test('a file edited from a camera original', async () => {
  expect(await read('trusted')).toMatchObject([
    {
      title: 'Oberbaumbrücke.jpg',
      depth: 0,
      state: 'trusted',
      signer: 'Darkroom Signing 3, Darkroom Imaging GmbH',
      time: '2026-11-06T17:20:11+01:00',
      generator: 'Darkroom 14.2',
      actions: [
        { action: 'c2pa.opened', source: 'digitalCapture' },
        { action: 'c2pa.cropped', source: '' },
        { action: 'c2pa.color_adjustments', source: '' },
      ],
      failures: [],
    },
    { title: 'L1008842.DNG', depth: 1, relationship: 'parentOf', state: 'carries' },
    { title: 'watermark.png', depth: 1, relationship: 'componentOf', state: 'bare' },
  ]);
});

test('a file that a generator made of others', async () => {
  const [root, ...parts] = await read('video');
  expect(root).toMatchObject({ title: 'launch-90s.mp4', depth: 0, state: 'unlisted', failures: [] });
  expect(root?.generator).toBe('Moon Gate Avatar 3.1');
  expect(parts.map(({ title, relationship, state }) => [title, relationship, state])).toEqual([
    ['presenter-reference.jpg', 'inputTo', 'bare'],
    ['script voice.wav', 'componentOf', 'bare'],
  ]);
});

test('failures of the file and of its ingredients', async () => {
  expect(await read('broken')).toMatchObject([
    { state: 'failed', failures: ['assertion.dataHash.mismatch'] },
    { state: 'failed', depth: 1, failures: ['claimSignature.mismatch'] },
    { state: 'bare', depth: 2 },
  ]);
});

describe('evidence of a wrong shape', () => {
  test.each<[string, Signal['evidence']]>([
    ['nothing', null],
    ['a word', 'manifest'],
    ['a list', [{ manifest: {} }]],
    ['a signer alone', { signer: { commonName: 'x' } }],
    ['ingredients alone', { ingredients: { list: [{ title: 'a' }], total: 1 } }],
    ['a manifest that is none', { manifest: 'x' }],
  ])('%s is no manifest', (_, evidence) => {
    expect(readProvenance(signalWith(evidence))).toEqual([]);
  });

  test('odd parts are left out', () => {
    const nodes = readProvenance(
      signalWith({
        manifest: { title: 5, generators: 'x' },
        actions: [null, 'x', { action: 7 }, { action: 'c2pa.opened', sourceType: [] }],
        ingredients: { list: [{ depth: 99, failures: 7 }, null, 'x'] },
      }),
    );
    expect(nodes).toMatchObject([
      { title: '', generator: '', actions: [{ action: 'c2pa.opened', source: '' }], state: 'carries', depth: 0 },
      { title: '', state: 'bare', depth: 6 },
    ]);
  });

  test('depth, number and length are bounded', () => {
    const list = Array.from({ length: 90 }, () => ({ depth: 99, title: '镜'.repeat(1000) }));
    const nodes = readProvenance(signalWith({ manifest: { generators: [] }, ingredients: { list, total: 90 } }));
    expect(nodes).toHaveLength(40);
    expect(nodes.at(-1)).toMatchObject({ depth: 6, title: `${'镜'.repeat(299)}…` });
  });
});

function signalWith(evidence: Signal['evidence']): Signal {
  return {
    id: 'provenance.c2pa#1',
    layer: 'provenance',
    method: 'provenance.c2pa',
    claim: 'unspecified',
    strength: 'not-applicable',
    code: 'x',
    params: {},
    place: null,
    checks: [],
    errorRate: null,
    evidence,
  };
}

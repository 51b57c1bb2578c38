import { expect, test } from 'vitest';
import type { Finding, Signal } from '../../contract/screening.ts';
import { decidePropagation, decideVerdict, findConflicts } from './verdict.ts';

let count = 0;
function signal(
  method: string,
  claim: Signal['claim'],
  strength: Signal['strength'],
  evidence: Signal['evidence'] = null,
): Signal {
  count += 1;
  const layer = method.startsWith('provenance') ? 'provenance' : method.startsWith('forensic') ? 'forensic' : 'label';
  return {
    id: `${method}#${count}`,
    layer,
    method,
    claim,
    strength,
    code: 'x',
    params: {},
    place: null,
    checks: [],
    errorRate: null,
    evidence,
  };
}

const label1 = signal('label.aigc', 'ai-generated', 'declared', { object: { Label: '1' } });
const label1Other = signal('label.aigc', 'ai-generated', 'declared', { object: { Label: '1', ProduceID: 'x' } });
const labelSuperseded = signal('label.aigc', 'unspecified', 'not-applicable', { object: { Label: '2' } });
const label2 = signal('label.aigc', 'ai-possible', 'declared', { object: { Label: '2' } });
const label3 = signal('label.aigc', 'ai-suspected', 'declared', { object: { Label: '3' } });
const labelBroken = signal('label.aigc', 'unspecified', 'some');
const iptc = signal('label.iptc', 'ai-edited', 'declared');
const manifestAi = signal('provenance.c2pa', 'ai-generated', 'declared');
const manifestInvalid = signal('provenance.c2pa', 'unspecified', 'some');
const manifestBroken = signal('provenance.c2pa', 'unspecified', 'not-applicable');
const captureTrusted = signal('provenance.c2pa', 'captured', 'little');
const handTrusted = signal('provenance.c2pa', 'human-made', 'little');
const captureUntrusted = signal('provenance.c2pa', 'captured', 'not-applicable');
const trace = signal('trace.sd-webui', 'ai-generated', 'strong');
const software = signal('trace.software', 'ai-generated', 'some');
const hearsay = signal('trace.voice-generator', 'ai-generated', 'little');
const watermark = signal('watermark.dwt-dct', 'ai-generated', 'strong');
const voiceStrong = signal('forensic.voice', 'ai-generated', 'strong');
const voiceSome = signal('forensic.voice', 'ai-generated', 'some');
const voiceLittle = signal('forensic.voice', 'unspecified', 'little');
const user = signal('declaration.user', 'ai-possible', 'declared');

const crashed: Finding = { code: 'unexaminable', severity: 'error', stage: 'decode', params: { reason: 'memory' } };

test.each([
  ['nothing', [], 'not-applicable', 'nothing-known', 'none', null, []],
  ['label 1', [label1], 'declared', 'declared-generated', 'confirmed', 'CNLB-4', []],
  ['label 2', [label2], 'declared', 'declared-possible', 'possible', 'CNLB-5', []],
  ['label 3', [label3], 'declared', 'declared-suspected', 'suspected', 'CNLB-6', []],
  [
    'labels 2 and 3',
    [label2, label3],
    'declared',
    'declared-possible-contradicted',
    'possible',
    'CNLB-5',
    ['labels-disagree'],
  ],
  ['unreadable label', [labelBroken], 'some', 'some-trace', 'suspected', 'CNLB-6', []],
  [
    'two labels that differ',
    [label1, label2],
    'declared',
    'declared-generated-contradicted',
    'confirmed',
    'CNLB-4',
    ['labels-disagree'],
  ],
  ['IPTC AI edit', [iptc], 'declared', 'declared-edited', 'suspected', 'CNLB-6', []],
  ['manifest says AI', [manifestAi], 'declared', 'declared-generated', 'suspected', 'CNLB-6', []],
  ['invalid manifest that claims AI', [manifestInvalid], 'some', 'some-trace', 'suspected', 'CNLB-6', []],
  ['invalid manifest without claim', [manifestBroken], 'not-applicable', 'nothing-known', 'none', null, []],
  ['trusted capture', [captureTrusted], 'little', 'little-captured', 'none', null, []],
  ['capture by nobody known', [captureUntrusted], 'not-applicable', 'nothing-weighs', 'none', null, []],
  ['hand-made, by a trusted signer', [handTrusted], 'little', 'little-human-made', 'none', null, []],
  ['a quoted label', [labelSuperseded], 'not-applicable', 'nothing-known', 'none', null, []],
  [
    'trusted capture with label 1',
    [captureTrusted, label1],
    'declared',
    'declared-generated-contradicted',
    'confirmed',
    'CNLB-4',
    ['captured-vs-generated'],
  ],
  [
    'untrusted capture with label 1',
    [captureUntrusted, label1],
    'declared',
    'declared-generated-contradicted',
    'confirmed',
    'CNLB-4',
    ['captured-vs-generated'],
  ],
  ['WebUI parameters', [trace], 'strong', 'strong-trace', 'suspected', 'CNLB-6', []],
  ['software tag', [software], 'some', 'some-trace', 'suspected', 'CNLB-6', []],
  [
    'two labels that differ in a number',
    [label1, label1Other],
    'declared',
    'declared-generated',
    'confirmed',
    'CNLB-4',
    ['labels-differ'],
  ],
  [
    'a label of an earlier save',
    [label1, labelSuperseded],
    'declared',
    'declared-generated',
    'confirmed',
    'CNLB-4',
    [],
  ],
  ['a name that nobody has verified', [hearsay], 'little', 'little-trace', 'none', null, []],
  [
    'watermark in a trusted capture',
    [captureTrusted, watermark],
    'strong',
    'strong-watermark',
    'suspected',
    'CNLB-6',
    ['captured-vs-generated'],
  ],
  ['strong voice', [voiceStrong], 'strong', 'strong-measured', 'suspected', 'CNLB-6', []],
  ['some voice puts no sign on a post', [voiceSome], 'some', 'some-measured', 'none', null, []],
  ['some voice does not contradict a capture', [voiceSome, captureTrusted], 'some', 'some-measured', 'none', null, []],
  ['voice below thresholds', [voiceLittle], 'little', 'little-measured', 'none', null, []],
  ['user declares', [user], 'declared', 'declared-possible', 'possible', 'CNLB-5', []],
] as const)('%s', (_name, signals, word, code, status, rule, conflicts) => {
  const verdict = decideVerdict(signals, []);
  expect({ word: verdict.word, code: verdict.code }).toEqual({ word, code });
  expect(decidePropagation(signals)).toMatchObject({ status, rule });
  expect(findConflicts(signals).map((conflict) => conflict.code)).toEqual(conflicts);
});

test('a file that could not be examined is not called anything else', () => {
  expect(decideVerdict([], [crashed])).toEqual({ word: 'not-applicable', code: 'unexaminable', because: [] });
});

test('what was read before a crash still counts', () => {
  expect(decideVerdict([label1], [crashed]).word).toBe('declared');
});

test('a credential that does not hold is pointed at', () => {
  const failed = {
    id: 'assertion.dataHash.mismatch',
    outcome: 'fail',
    clause: 'C2PA 2.x',
    verified: true,
    code: 'x',
  } as const;
  expect(decideVerdict([{ ...manifestBroken, checks: [failed] }], [])).toMatchObject({
    word: 'not-applicable',
    code: 'nothing-known-broken',
  });
});

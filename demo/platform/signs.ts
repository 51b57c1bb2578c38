import type { Propagation } from '../../src/contract/screening.ts';
import { type AigcFields, composeAigc, noFields } from '../../src/engine/labels/aigc/compose.ts';
import { decidePropagation } from '../../src/engine/verdict/verdict.ts';
import type { Gaps } from './gaps.ts';
import { type Label, propagatorCode } from './labels.ts';
import type { Reading } from './reading.ts';

/** What the public is told of an item (Labelling Measures, Art. 6). */
export type Sign = Propagation['status'];

export const signWords: Record<Exclude<Sign, 'none'>, { zh: string; en: string }> = {
  confirmed: { zh: '人工智能生成合成内容', en: 'AI-generated' },
  possible: { zh: '可能为人工智能生成合成内容', en: 'May be AI-generated' },
  suspected: { zh: '疑似人工智能生成合成内容', en: 'Suspected AI-generated' },
};

/** The platform's rule is Clearmirror's; a declaration of the uploader weighs less than a label and more than a trace. */
export function decideSign(reading: Reading, { declared }: { declared: boolean }, gaps: Gaps): Sign {
  const signals = gaps.has('traces-ignored')
    ? reading.signals.filter(({ method }) => method === 'label.aigc')
    : reading.signals;
  const { status } = decidePropagation(signals);
  if (status === 'confirmed') return status;
  if (declared && !gaps.has('declaration-ignored')) return 'possible';
  if (gaps.has('genuine-flagged') && status === 'none' && !declared && reading.fromCamera) return 'suspected';
  return status;
}

const levels = { confirmed: '1', possible: '2', suspected: '3' } as const;

/** The label that every rendition carries: what the producer said, and the platform's part. Null for what has no sign. */
export function decideLabel(sign: Sign, { labels }: Reading, item: string, gaps: Gaps): Label | null {
  if (sign === 'none') return null;
  const level = levels[sign];
  const produced = labels.find(({ fields }) => fields?.ContentProducer)?.fields;
  if (produced && gaps.has('propagation-not-written') && holds({ ...produced, Label: level }))
    return { level, fields: produced };
  const propagation = { ContentPropagator: propagatorCode, PropagateID: item };
  const whole = { ...noFields, ...produced, ...propagation };
  // A producer's part that breaks Annex E cannot be written again: ours remains.
  return { level, fields: holds({ ...whole, Label: level }) ? whole : { ...noFields, ...propagation } };
}

function holds(fields: AigcFields): boolean {
  return 'text' in composeAigc(fields);
}

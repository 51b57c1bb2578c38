import type { Seen } from '../../look.ts';
import { sampleProducer } from '../../samples/make-samples.ts';
import type { Sample } from '../../samples/sample.ts';
import type { Seeing } from '../probe.ts';

const label = ['GB-M1', 'GB-M2', 'GB-M3', 'CNLB-4'];
const propagation = ['CNLB-7', 'GB-M5', 'GB-M6'];

/** One rendition: does it still carry the producer's label, and did the platform write its own part? */
export function judgeRendition(sample: Sample, name: string, seen: Seen): Seeing[] {
  const subject = `${sample.kind}/${name}`;
  const of =
    (requirements: string[], place: string) =>
    (outcome: Seeing['outcome'], code: string, params = {}) => ({
      subject: place,
      requirements,
      outcome,
      code,
      params,
    });
  const about = of(label, subject);
  if (seen.state === 'unexaminable') return [about('unclear', 'unexaminable', { reason: seen.reason })];
  const [only] = seen.labels;
  if (!only) return [about('lost', 'label-gone')];
  if (seen.labels.length > 1) return [about('lost', 'label-twice', { n: seen.labels.length })];
  if (!only.fields) return [about('lost', 'label-unreadable')];
  const { Label, ContentProducer, ProduceID, ContentPropagator, PropagateID } = only.fields;
  const changed = [
    ...(Label === '1' ? [] : ['Label']),
    ...(ContentProducer === sampleProducer ? [] : ['ContentProducer']),
    ...(ProduceID === sample.produceId ? [] : ['ProduceID']),
  ];
  const isWritten = ContentPropagator.trim() !== '' && PropagateID.trim() !== '';
  return [
    changed.length === 0 ? about('kept', 'label-kept') : about('lost', 'label-changed', { fields: changed.join(', ') }),
    isWritten
      ? of(propagation, `${subject}/propagation`)('kept', 'propagation-written')
      : of(propagation, `${subject}/propagation`)('lost', 'propagation-missing'),
  ];
}

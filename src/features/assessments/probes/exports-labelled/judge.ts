import type { Check } from '../../../../contract/screening.ts';
import type { Seen } from '../../look.ts';
import type { Seeing } from '../probe.ts';

const implicit = ['CNLB-3', 'GB-M1', 'GB-M2', 'GB-M3'];
/** Clauses of GB 45438 on what people see or hear; of other regimes' checks nothing is made here. */
const explicit = /^GB-X\d/;

/** How the service says that it labels sounds. */
type SoundLabel = 'rhythm' | 'voice' | undefined;

/** One exported file: does it tell people, and machines, that it was generated? */
export function judgeExport(subject: string, seen: Seen, soundLabel?: SoundLabel): Seeing[] {
  const none = { subject, requirements: ['CNLB-2', ...implicit] };
  if (seen.state === 'unexaminable')
    return [{ ...none, outcome: 'unclear', code: 'unexaminable', params: { reason: seen.reason } }];
  return [...judgeExplicit(subject, seen, soundLabel), judgeLabel(`${subject}/implicit`, seen.labels)];
}

/** What a listener of a live room got: a stream has no place for an implicit label, and its turns are to be labelled in sound. */
export function judgeRoom(subject: string, seen: Seen, soundLabel?: SoundLabel): Seeing[] {
  const about = { subject: `${subject}/explicit`, requirements: ['CNLB-2', 'GB-X3'] };
  if (seen.state === 'unexaminable')
    return [{ ...about, outcome: 'unclear', code: 'unexaminable', params: { reason: seen.reason } }];
  const judged = judgeExplicit(subject, seen, soundLabel);
  return judged.length > 0 ? judged : [{ ...about, outcome: 'unclear', code: 'room-without-sound' }];
}

function judgeExplicit(subject: string, seen: Extract<Seen, { state: 'examined' }>, soundLabel: SoundLabel): Seeing[] {
  const checks = (seen.checks ?? []).filter(({ id }) => explicit.test(id));
  return checks.map((check) => {
    // Without that word of the service nobody knows whether a voice says it.
    const isPromised = check.code === 'sound-label-open' && soundLabel === 'rhythm';
    return judgeCheck(
      `${subject}/explicit`,
      isPromised ? { ...check, outcome: 'fail', code: 'rhythm-not-heard' } : check,
    );
  });
}

function judgeCheck(subject: string, { id, outcome, code, subject: figure }: Check): Seeing {
  const outcomes = { pass: 'kept', warn: 'unclear', fail: 'lost' } as const;
  return {
    ...{ subject, requirements: ['CNLB-2', id], outcome: outcomes[outcome], code: `explicit-${code}` },
    params: { figure: figure ?? '' },
  };
}

function judgeLabel(subject: string, labels: Extract<Seen, { state: 'examined' }>['labels']): Seeing {
  const about = { subject, requirements: implicit };
  const [only] = labels;
  if (!only) return { ...about, outcome: 'lost', code: 'label-gone' };
  if (labels.length > 1) return { ...about, outcome: 'lost', code: 'label-twice', params: { n: labels.length } };
  if (!only.fields) return { ...about, outcome: 'lost', code: 'label-unreadable' };
  const { Label, ContentProducer, ProduceID } = only.fields;
  const empty = [
    ...(Label === '1' ? [] : ['Label']),
    ...(ContentProducer.trim() === '' ? ['ContentProducer'] : []),
    ...(ProduceID.trim() === '' ? ['ProduceID'] : []),
  ];
  return empty.length === 0
    ? { ...about, outcome: 'kept', code: 'label-kept' }
    : { ...about, outcome: 'lost', code: 'label-changed', params: { fields: empty.join(', ') } };
}

import type { LabelSettings } from '../../../src/contract/labellings.ts';
import type { Plan } from './calls.ts';

/** What the form holds: a plan in the words of whoever labels. */
export interface PlanValues {
  /** Who speaks in the label: whoever generated the content, the platform that publishes it, or nobody any more. */
  role: 'producer' | 'platform' | 'nobody';
  label: Level;
  /** Of a platform: as the producer said, or as it sees it itself. */
  seen: Level | 'keep';
  contentProducer: string;
  produceId: string;
  contentPropagator: string;
  propagateId: string;
  /** A term of the vocabulary; `usual` follows from what the content is. */
  sourceType: string;
  replace: boolean;
  seal: boolean;
}

export type Level = '1' | '2' | '3';
export const levels: readonly Level[] = ['1', '2', '3'];

export function startFrom(settings: LabelSettings): PlanValues {
  return {
    role: settings.contentProducer === null && settings.contentPropagator !== null ? 'platform' : 'producer',
    label: settings.label,
    seen: 'keep',
    contentProducer: settings.contentProducer ?? '',
    produceId: '',
    contentPropagator: settings.contentPropagator ?? '',
    propagateId: '',
    sourceType: 'usual',
    replace: false,
    seal: false,
  };
}

/** The plan that the server is asked for. What is empty, it completes from the settings. */
export function planOf(values: PlanValues): Plan {
  const { sourceType: term, replace } = values;
  const sourceType = term === 'usual' ? {} : { sourceType: term === 'none' ? null : term };
  return { implicit: implicitOf(values), replace, ...sourceType };
}

function implicitOf(values: PlanValues): NonNullable<Plan['implicit']> {
  const { role, label, seen, seal, contentProducer, produceId, contentPropagator, propagateId } = values;
  if (role === 'nobody') return { mode: 'remove' };
  if (role === 'platform') {
    const level = seen === 'keep' ? {} : { label: seen };
    return { mode: 'update', seal, ...level, ...given({ contentPropagator, propagateId }) };
  }
  return { mode: 'write', seal, label, ...given({ contentProducer, produceId }) };
}

function given<Name extends string>(texts: Record<Name, string>): Partial<Record<Name, string>> {
  const said: Partial<Record<Name, string>> = {};
  for (const name in texts) if (texts[name].trim() !== '') said[name] = texts[name].trim();
  return said;
}

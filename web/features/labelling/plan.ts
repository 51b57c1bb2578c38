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
  /** A label that people see or hear, besides the one that machines read. */
  explicit: boolean;
  /** What it says of content whose own label says the rest. */
  claim: Claim;
  lang: 'zh' | 'en';
  style: 'text' | 'eu-icon';
  text: string;
  position: (typeof positions)[number];
  /** In seconds from the start of a film, or throughout. */
  shown: 'throughout' | '4' | '10';
  sound: 'rhythm' | 'notice';
  where: (typeof places)[number];
  watermark: boolean;
  /** What a regime asks for is added to what is said here. */
  profile: (typeof profiles)[number];
  /** Sign content credentials, in the name of this system. */
  credentials: boolean;
  system: string;
}

export const claims = ['generated', 'possible', 'suspected', 'edited'] as const;
export type Claim = (typeof claims)[number];
export const positions = ['bottom-right', 'bottom-left', 'top-right', 'top-left', 'bottom', 'top'] as const;
export const profiles = ['none', 'cn-2025', 'eu-2026', 'us-ca', 'in-2026', 'all'] as const;
export const places = ['start', 'middle', 'end'] as const;

export type Level = '1' | '2' | '3';
export const levels: readonly Level[] = ['1', '2', '3'];

export function startFrom(settings: LabelSettings, lang: 'zh' | 'en'): PlanValues {
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
    ...{ explicit: false, claim: 'generated', lang, style: 'text', text: '', position: 'bottom-right' },
    ...{ shown: '4', sound: 'rhythm', where: 'start', watermark: false },
    ...{ profile: 'none', credentials: false, system: '' },
  };
}

/** The plan that the server is asked for. What is empty, it completes from the settings. */
export function planOf(values: PlanValues): Plan {
  const { sourceType: term, replace } = values;
  const sourceType = term === 'usual' ? {} : { sourceType: term === 'none' ? null : term };
  return {
    ...{ implicit: implicitOf(values), replace, ...sourceType },
    ...(values.explicit && values.role !== 'nobody' ? { explicit: explicitOf(values) } : {}),
    ...(values.watermark && values.role !== 'nobody' ? { watermark: 'new' } : {}),
    ...(values.profile === 'none' || values.role === 'nobody' ? {} : { profile: values.profile }),
    ...(values.credentials && values.role !== 'nobody' ? { credentials: credentialsOf(values.system) } : {}),
  };
}

/** A name, and after an @ its version. */
function credentialsOf(system: string): NonNullable<Plan['credentials']> {
  const [name = '', version = ''] = system.trim().split('@', 2);
  return { system: name, ...(version === '' ? {} : { systemVersion: version }) };
}

function explicitOf(values: PlanValues): NonNullable<Plan['explicit']> {
  const { lang, style, text, position, shown, sound, where } = values;
  return {
    ...{ claim: claimOf(values), lang, style, position, sound, where: [where] },
    ...(text.trim() === '' ? {} : { text: text.trim() }),
    seconds: shown === 'throughout' ? null : Number(shown),
  };
}

/** What people read is what machines read; of a file whose label nobody has opened yet, the person says it. */
function claimOf({ role, label, seen, claim, sourceType }: PlanValues): Claim {
  if (role === 'producer') return sourceType.startsWith('composite') ? 'edited' : ofLevel[label];
  return seen === 'keep' ? claim : ofLevel[seen];
}

const ofLevel = { '1': 'generated', '2': 'possible', '3': 'suspected' } as const;

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

import type { Check } from '../../../contract/screening.ts';
import type { HeardRhythm } from './measure-audio.ts';
import type { SeenLabel } from './measure-image.ts';
import type { SeenInVideo } from './measure-video.ts';

/** How a label that is seen or heard fares under each clause. Subjects are figures, never words that were read. */

/** Below this part of the short side a text is too low by every reading of "text height" (the standard does not say which). */
const surelyTooLow = 0.04;
const required = 0.05;
/** The share that a measured height may miss by a pixel's rounding. */
const rounding = 0.5;
/** Shown at normal speed at least this long (GB 45438-2025 5.4). */
const requiredMs = 2_000;

export function checkImageLabel(label: SeenLabel | null): Check[] {
  return [
    ...checkElements(label),
    ...(label ? [...checkHeight('GB-X2', label), checkPosition(label)] : []),
    ...abroad(label),
  ];
}

export function checkVideoLabel(seen: SeenInVideo | null): Check[] {
  const { label = null } = seen ?? {};
  return [
    ...checkElements(label),
    ...(seen ? [...checkHeight('GB-X4', seen.label), ...checkTime(seen)] : []),
    ...abroad(label),
  ];
}

/** A spoken notice is not looked for: that would take a transcript. Where no mark is heard the question stays open. */
export function checkSoundLabel(heard: readonly HeardRhythm[]): Check[] {
  const [first] = heard;
  if (!first) return [check('GB-X3', 'warn', 'sound-label-open'), check('IN-2', 'warn', 'prefixed-sound-open')];
  const places = [...new Set(heard.map(({ where }) => where))].join(', ');
  const timing = `${first.timing.join(' · ')} ms`;
  return [
    check('GB-X3', 'pass', 'rhythm-heard', `${places}; ${timing}`),
    heard.some(({ where }) => where === 'start')
      ? check('IN-2', 'pass', 'sound-label-at-start')
      : check('IN-2', 'fail', 'sound-label-not-at-start', places),
    check('EUCOP-5', 'warn', 'rhythm-is-no-disclaimer'),
  ];
}

const rules = {
  'GB-X0': { clause: 'GB 45438-2025 5', verified: true },
  'GB-X2': { clause: 'GB 45438-2025 5.2', verified: true },
  'GB-X3': { clause: 'GB 45438-2025 5.3', verified: true },
  'GB-X4': { clause: 'GB 45438-2025 5.4', verified: true },
  'EUCOP-5': { clause: 'EU Code of Practice on marking and labelling of AI-generated content', verified: false },
  'USCA-3': { clause: 'Cal. Bus. & Prof. Code § 22757.3(a)', verified: false },
  'IN-2': { clause: 'IT (Intermediary) Amendment Rules 2026, G.S.R. 120(E)', verified: false },
} as const;

function check(id: keyof typeof rules, outcome: Check['outcome'], code: string, subject?: string): Check {
  const { clause, verified } = rules[id];
  return {
    id,
    // A rule whose text nobody has read may warn, never fail.
    outcome: outcome === 'fail' && !verified ? 'warn' : outcome,
    clause,
    verified,
    code,
    ...(subject === undefined ? {} : { subject }),
  };
}

function checkElements(label: SeenLabel | null): Check[] {
  if (!label) return [check('GB-X0', 'fail', 'explicit-label-not-found')];
  const { ai, generation } = label.elements;
  if (ai && generation) return [check('GB-X0', 'pass', 'both-elements-seen')];
  return [check('GB-X0', 'fail', ai ? 'generation-element-not-seen' : 'ai-element-not-seen')];
}

function checkHeight(id: 'GB-X2' | 'GB-X4', { heightPx, shortSidePx, ratio }: SeenLabel): Check[] {
  const subject = `${round(heightPx)} px / ${shortSidePx} px = ${round(ratio * 100)} %`;
  if (heightPx + rounding >= shortSidePx * required) return [check(id, 'pass', 'text-high-enough', subject)];
  if (ratio < surelyTooLow) return [check(id, 'fail', 'text-too-low', subject)];
  return [check(id, 'warn', 'text-height-doubtful', subject)];
}

function checkPosition({ position }: SeenLabel): Check {
  return position === 'middle'
    ? check('GB-X2', 'fail', 'label-not-at-border')
    : check('GB-X2', 'pass', position === 'corner' ? 'label-in-corner' : 'label-at-edge');
}

function checkTime({ fromMs, toMs, openEnded, lookedAtMs }: SeenInVideo): Check[] {
  const subject = `${round(fromMs / 1000)}–${round(toMs / 1000)} s`;
  const opening =
    fromMs <= openingMs
      ? check('GB-X4', 'pass', 'shown-from-opening', subject)
      : check('GB-X4', 'fail', 'not-in-opening', subject);
  // A film shorter than two seconds that shows it to its end shows it as long as it can.
  const whole = openEnded && toMs >= lookedAtMs - 1 && fromMs <= openingMs;
  const long = toMs - fromMs >= requiredMs - 1 || whole;
  return [
    opening,
    long ? check('GB-X4', 'pass', 'shown-long-enough', subject) : check('GB-X4', 'fail', 'shown-too-briefly', subject),
  ];
}

/** A label that fades in within this time is one of the opening. */
const openingMs = 300;

/** The other regimes ask for a label that is clear and conspicuous; contrast and size are what can be measured of that. */
function abroad(label: SeenLabel | null): Check[] {
  if (!label?.elements.ai) {
    return [
      check('EUCOP-5', 'warn', 'explicit-label-not-found'),
      check('USCA-3', 'warn', 'explicit-label-not-found'),
      check('IN-2', 'fail', 'explicit-label-not-found'),
    ];
  }
  const legible = label.contrast >= 3 && label.ratio >= surelyTooLow;
  const subject = `${round(label.contrast)} : 1; ${round(label.ratio * 100)} %`;
  const seen = legible ? (['pass', 'label-conspicuous'] as const) : (['warn', 'label-hard-to-see'] as const);
  return [
    check('EUCOP-5', 'pass', 'ai-sign-or-wording-seen'),
    check('USCA-3', seen[0], seen[1], subject),
    check('IN-2', seen[0], seen[1], subject),
  ];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

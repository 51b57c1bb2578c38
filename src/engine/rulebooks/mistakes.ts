/** What is wrong with a rulebook or a calendar. Each has its sentence `rulebook.mistake.<code>` in both languages. */
export const mistakeCodes = {
  'not-yaml': 'error',
  'too-large': 'error',
  unreadable: 'error',
  shape: 'error',
  missing: 'error',
  'unknown-key': 'error',
  'folder-name': 'error',
  'unknown-alternative': 'error',
  'id-twice': 'error',
  'unknown-fact': 'error',
  'wrong-question': 'error',
  'unknown-word': 'error',
  'unknown-definition': 'error',
  'definition-circle': 'error',
  'unknown-parameter': 'error',
  'unknown-source': 'error',
  'no-source': 'error',
  'verified-but-not-found': 'error',
  'quoted-but-not-found': 'error',
  'unknown-trigger': 'error',
  'unknown-clock': 'error',
  'unknown-requirement': 'error',
  'unverified-gate': 'error',
  'gate-without-launch': 'error',
  'filing-clock-in-due': 'error',
  'clock-not-a-day': 'error',
  'needs-calendar': 'error',
  'unknown-calendar': 'error',
  'unknown-time-zone': 'error',
  'dates-reversed': 'error',
  'before-rulebook': 'error',
  'not-chinese': 'error',
  'not-english': 'error',
  'choice-without-options': 'error',
  'unknown-about': 'error',
  'unknown-state': 'error',
  'calendar-year': 'error',
  'calendar-year-twice': 'error',
  'calendar-not-weekend': 'error',
  'calendar-overlap': 'error',
  'unused-trigger': 'warning',
  'unused-clock': 'warning',
  'unused-definition': 'warning',
  'unused-source': 'warning',
  'unreachable-state': 'warning',
} as const satisfies Record<string, 'error' | 'warning'>;
export type MistakeCode = keyof typeof mistakeCodes;

export interface Mistake {
  code: MistakeCode;
  /** Where in the file: `['triggers', 0, 'when', 'fact']`. */
  path: (string | number)[];
  /** Values for its sentence. */
  params: Record<string, string | number>;
}

/** Says where things stand while a check walks down. */
export type Report = (code: MistakeCode, path: (string | number)[], params?: Record<string, string | number>) => void;

/** Runs the checks and collects what they report. */
export function collect(check: (report: Report) => void): Mistake[] {
  const mistakes: Mistake[] = [];
  check((code, path, params = {}) => mistakes.push({ code, path, params }));
  return mistakes;
}

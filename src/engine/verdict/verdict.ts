import type { Claim, Conflict, Finding, Propagation, Signal, Strength, Verdict } from '../../contract/screening.ts';

/** Changes whenever the written rule changes: docs/decisions/verdict.md. */
export const verdictRule = '2';

/** Signals → verdict, by the written rule. The strongest word that any signal has earned; statements before measurements. */
export function decideVerdict(signals: readonly Signal[], findings: readonly Finding[]): Verdict {
  const word = strengthOrder.find((strength) =>
    signals.some((signal) => signal.strength === strength && speaks(signal)),
  );
  const because = signals.filter((signal) => signal.strength === word && speaks(signal));
  const code = sentenceFor(word ?? 'not-applicable', because, signals, findings);
  return { word: word ?? 'not-applicable', code, because: because.map((signal) => signal.id) };
}

/** CNLB-4…6 (Labelling Measures, Art. 6): what a propagation platform owes this piece of media. */
export function decidePropagation(signals: readonly Signal[]): Propagation {
  for (const { status, rule, applies } of propagationTable) {
    const because = signals.filter(applies);
    if (because.length > 0) return { status, rule, because: because.map((signal) => signal.id) };
  }
  return { status: 'none', rule: null, because: [] };
}

/** Statements that cannot both be true. Every one of them is shown; none is settled silently. */
export function findConflicts(signals: readonly Signal[]): Conflict[] {
  const conflicts: Conflict[] = [];
  const generated = signals.filter((signal) => isAi(signal.claim) && strongEnough(signal));
  for (const claim of ['captured', 'human-made'] as const) {
    const other = signals.filter((signal) => signal.claim === claim);
    if (generated.length > 0 && other.length > 0) {
      conflicts.push({ code: `${claim}-vs-generated`, signals: [...other, ...generated].map((signal) => signal.id) });
    }
  }
  const labels = signals.filter(({ method, strength }) => method === 'label.aigc' && strength !== 'not-applicable');
  if (new Set(labels.map(statementOf)).size > 1) {
    const disagree = new Set(labels.map(({ claim }) => claim)).size > 1;
    conflicts.push({
      code: disagree ? 'labels-disagree' : 'labels-differ',
      signals: labels.map((signal) => signal.id),
    });
  }
  return conflicts;
}

const strengthOrder: readonly Strength[] = ['declared', 'strong', 'some', 'little'];

function isAi(claim: Claim): boolean {
  return claim === 'ai-generated' || claim === 'ai-edited' || claim === 'ai-possible' || claim === 'ai-suspected';
}

/** `little` is said of what was measured or vouched for; every other word needs a claim that speaks of AI, or a label that is there but unreadable. */
function speaks(signal: Signal): boolean {
  return (
    signal.strength === 'little' || isAi(signal.claim) || (signal.strength === 'some' && signal.claim === 'unspecified')
  );
}

/** A guess does not contradict a statement; a declaration, a trace or a strong measurement does. */
function strongEnough(signal: Signal): boolean {
  return (
    signal.strength === 'declared' ||
    signal.strength === 'strong' ||
    (signal.layer === 'label' && signal.strength === 'some')
  );
}

function statementOf(signal: Signal): string {
  const { evidence } = signal;
  const object =
    evidence !== null && typeof evidence === 'object' && !Array.isArray(evidence) ? evidence['object'] : null;
  return `${signal.claim} ${JSON.stringify(object ?? null)}`;
}

const propagationTable: readonly {
  status: Propagation['status'];
  rule: string;
  applies: (signal: Signal) => boolean;
}[] = [
  {
    status: 'confirmed',
    rule: 'CNLB-4',
    applies: (signal) => signal.method === 'label.aigc' && signal.claim === 'ai-generated',
  },
  {
    status: 'possible',
    rule: 'CNLB-5',
    applies: (signal) =>
      signal.method === 'declaration.user' || (signal.method === 'label.aigc' && signal.claim === 'ai-possible'),
  },
  { status: 'suspected', rule: 'CNLB-6', applies: isTrace },
];

/** CNLB-6 "other traces". A forensic score alone must be strong: the sign is put on a person's post in public. */
function isTrace(signal: Signal): boolean {
  if (signal.method === 'label.aigc') return signal.strength !== 'not-applicable';
  if (signal.layer === 'forensic') return signal.strength === 'strong';
  // Changing one field after signing breaks a manifest (regulation catalogue 5.3, traps): that it said AI is a trace all the same.
  if (signal.layer === 'provenance' && signal.strength === 'some') return true;
  return isAi(signal.claim) && signal.strength !== 'not-applicable' && signal.strength !== 'little';
}

/** A content credential that does not hold is no evidence of synthesis, but nobody should overlook it. */
function isBroken(signal: Signal): boolean {
  return signal.layer === 'provenance' && signal.checks.some(({ outcome }) => outcome === 'fail');
}

function sentenceFor(word: Strength, because: Signal[], all: readonly Signal[], findings: readonly Finding[]): string {
  switch (word) {
    case 'declared': {
      const firm = because.some((signal) => signal.claim === 'ai-generated' || signal.claim === 'ai-edited');
      const edited = firm && !because.some((signal) => signal.claim === 'ai-generated');
      const possible = because.some((signal) => signal.claim === 'ai-possible');
      const what = edited
        ? 'declared-edited'
        : firm
          ? 'declared-generated'
          : possible
            ? 'declared-possible'
            : 'declared-suspected';
      return findConflicts(all).some(({ code }) => code !== 'labels-differ') ? `${what}-contradicted` : what;
    }
    case 'strong':
      return because.some((signal) => signal.layer === 'forensic')
        ? 'strong-measured'
        : because.some((signal) => signal.method.startsWith('watermark.'))
          ? 'strong-watermark'
          : 'strong-trace';
    case 'some':
      return because.some((signal) => signal.layer === 'forensic') ? 'some-measured' : 'some-trace';
    case 'little':
      if (because.some((signal) => signal.layer === 'provenance')) {
        return because.some((signal) => signal.claim === 'captured') ? 'little-captured' : 'little-human-made';
      }
      return because.some((signal) => signal.layer === 'forensic') ? 'little-measured' : 'little-trace';
    case 'not-applicable':
      if (findings.some((finding) => finding.severity === 'error')) return 'unexaminable';
      if (all.some(isBroken)) return 'nothing-known-broken';
      return all.some(({ claim }) => claim === 'captured' || claim === 'human-made')
        ? 'nothing-weighs'
        : 'nothing-known';
  }
}

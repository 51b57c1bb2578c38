import type { Severity } from '../../../src/contract/assessment.ts';
import type { AssessmentState } from '../../../src/contract/assessment-parts.ts';
import type { RunState } from '../../../src/contract/assessment-runs.ts';
import type { RequirementItem } from '../../../src/contract/assessments.ts';
import type { HazardState } from '../../../src/contract/hazards.ts';
import { SignalMark, type SignalShape } from '../../ui/signal-mark.tsx';
import { useWords } from '../../words/words.ts';
import { Mark, type MarkKind } from '../rulebooks/mark.tsx';

const results = {
  conforms: 'done',
  fails: 'due',
  'not-applicable': 'none',
  open: 'open',
} as const satisfies Record<RequirementItem['result'], MarkKind>;

export function ResultMark({ result, quiet = false }: { result: RequirementItem['result']; quiet?: boolean }) {
  const say = useWords();
  const word = say(`assessments.result.${result}`);
  if (!quiet) return <Mark of={results[result]}>{word}</Mark>;
  return (
    <span title={word}>
      <Mark of={results[result]} />
      <span className="unseen">{word}</span>
    </span>
  );
}

const severities = {
  critical: 'strong',
  high: 'strong',
  moderate: 'some',
  low: 'little',
} as const satisfies Record<Severity, SignalShape>;

/** A hazard that breaks only rules whose text nobody has read is a warning, whatever its severity. */
export function SeverityMark({ severity, verifiedRule }: { severity: Severity; verifiedRule: boolean }) {
  const say = useWords();
  if (!verifiedRule) return <SignalMark of="little">{say('assessments.warning')}</SignalMark>;
  return <SignalMark of={severities[severity]}>{say(`severity.${severity}`)}</SignalMark>;
}

const states = {
  draft: 'open',
  assessing: 'open',
  rectifying: 'due',
  concluding: 'waits',
  signed: 'done',
  filed: 'done',
  abandoned: 'none',
} as const satisfies Record<AssessmentState, MarkKind>;

export function StateMark({ state }: { state: AssessmentState }) {
  const say = useWords();
  return <Mark of={states[state]}>{say(`assessments.state.${state}`)}</Mark>;
}

const hazardStates = {
  open: 'due',
  planned: 'open',
  done: 'waits',
  verified: 'done',
} as const satisfies Record<HazardState, MarkKind>;

export function HazardStateMark({ state }: { state: HazardState }) {
  const say = useWords();
  return <Mark of={hazardStates[state]}>{say(`assessments.hazard.${state}`)}</Mark>;
}

const runStates = {
  queued: 'open',
  working: 'open',
  done: 'done',
  failed: 'due',
  stopped: 'none',
} as const satisfies Record<RunState, MarkKind>;

export function RunStateMark({ state }: { state: RunState }) {
  const say = useWords();
  return <Mark of={runStates[state]}>{say(`assessments.run.${state}`)}</Mark>;
}

import type { FilingState } from '../../contract/filings.ts';
import type { GateDue, GateReasonCode, GateWarningCode, Occasion } from '../../contract/gate.ts';
import type { Answer, DueAnswer, RulebookAnswer } from '../../contract/question.ts';
import type { DueKind, Rulebook } from '../../contract/rulebook.ts';

/** A report about one of the occasions. Of one occasion and rulebook at most one is not withdrawn. */
export interface FiledReport {
  id: string;
  rulebook: string;
  state: FilingState;
  number: string | null;
  /** Of the function that is asked about. */
  version: number | null;
  happening: string | null;
}

export interface GateQuestion {
  /** What the rulebooks answer about each occasion: earlier versions first. */
  asked: readonly { occasion: Occasion; answer: Answer }[];
  reports: readonly FiledReport[];
  rulebooks: readonly Rulebook[];
}

export interface Note<Code extends string> {
  code: Code;
  due: GateDue;
}

export interface GateDecision {
  reasons: Note<GateReasonCode>[];
  warnings: Note<GateWarningCode>[];
  dues: GateDue[];
}

/**
 * What keeps the gate shut. A rulebook's report about a version answers for the versions before it as well; a version that was launched
 * without any stays due until a later one is accepted. Only rules that are verified keep it shut, and they do so, too, while facts
 * that they ask for are unknown.
 */
export function decideGate({ asked, reports, rulebooks }: GateQuestion): GateDecision {
  const decision: GateDecision = { reasons: [], warnings: [], dues: [] };
  const current = Math.max(0, ...asked.map(({ occasion }) => occasion.version ?? 0));
  for (const { occasion, answer } of asked) {
    for (const rulebookAnswer of answer.rulebooks) {
      const rulebook = rulebooks.find(({ id }) => id === rulebookAnswer.id);
      if (!rulebook) continue;
      const report = reportOn(occasion, rulebook.id, reports);
      // An earlier version needs no word once it is settled.
      if (report?.state === 'accepted' && occasion.version !== null && occasion.version < current) continue;
      for (const due of rulebookAnswer.due) judge(due, { occasion, rulebookAnswer, rulebook, report }, decision);
    }
  }
  return decision;
}

interface Place {
  occasion: Occasion;
  rulebookAnswer: RulebookAnswer;
  rulebook: Rulebook;
  report: FiledReport | null;
}

/** What a report to an authority can settle. Labels and consents are done, not filed. */
const filedKinds: readonly DueKind[] = ['assessment', 'filing', 'review'];

function judge(due: DueAnswer, place: Place, decision: GateDecision): void {
  const gated = place.rulebook.due.some(({ id, gate }) => id === due.id && gate);
  if (!gated && !filedKinds.includes(due.kind)) return;
  const settled = place.report?.state === 'accepted';
  const shown = show(due, place, settled);
  decision.dues.push(shown);
  if (settled) return;
  const shut = reasonOf(due, gated, place.report);
  if (shut) decision.reasons.push({ code: shut, due: shown });
  else decision.warnings.push({ code: warningOf(due), due: shown });
}

function reasonOf(due: DueAnswer, gated: boolean, report: FiledReport | null): GateReasonCode | null {
  if (!due.verified) return null;
  const beforeLaunch = gated && due.by.kind === 'before-launch';
  if (due.state === 'may-be-due') return beforeLaunch ? 'facts-unknown' : null;
  const overdue = due.by.kind === 'date' && due.by.overdue;
  if (!due.blocks && !beforeLaunch && !overdue) return null;
  return report ? reasonsByState[report.state] : overdue ? 'overdue' : 'not-filed';
}

const reasonsByState = {
  filed: 'not-accepted',
  returned: 'filing-returned',
  withdrawn: 'filing-withdrawn',
  // Settled: never asked.
  accepted: 'not-accepted',
} as const satisfies Record<FilingState, GateReasonCode>;

function warningOf(due: DueAnswer): GateWarningCode {
  if (due.state === 'may-be-due') return 'facts-unknown';
  return due.verified ? 'due-later' : 'unverified-due';
}

/** A report about a version answers for the versions before it: the accepted one counts, else that of the latest version. */
function reportOn(
  { version, happening }: Occasion,
  rulebook: string,
  reports: readonly FiledReport[],
): FiledReport | null {
  const about = reports
    .filter((report) => report.rulebook === rulebook && report.happening === happening)
    .filter((report) => (version === null ? report.version === null : (report.version ?? 0) >= version))
    .sort((one, other) => (other.version ?? 0) - (one.version ?? 0));
  const standing = about.filter(({ state }) => state !== 'withdrawn');
  return standing.find(({ state }) => state === 'accepted') ?? standing[0] ?? about[0] ?? null;
}

function show(due: DueAnswer, { occasion, rulebookAnswer, report }: Place, settled: boolean): GateDue {
  const triggers = rulebookAnswer.triggers.filter(({ id }) => due.triggers.includes(id));
  const because = [rulebookAnswer.scope, ...triggers]
    .flatMap((trigger) => trigger.because)
    .filter(({ holds }) => holds);
  const missing = due.state === 'may-be-due' ? triggers.flatMap((trigger) => trigger.missing) : [];
  return {
    rulebook: rulebookAnswer.id,
    rulebookTitle: rulebookAnswer.shortTitle,
    due: due.id,
    title: due.title,
    state: due.state,
    triggers: triggers.map(({ id, clause, text, state }) => ({ id, clause, text, state })),
    because: [...new Map(because.map(({ fact, value }) => [fact, { fact, value }])).values()],
    missing: [...new Set(missing)],
    by: due.by,
    verified: due.verified,
    blocks: due.blocks,
    occasion,
    filing: report && { id: report.id, state: report.state, number: report.number },
    settled,
  };
}

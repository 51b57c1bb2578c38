import type { Gate, GateDue } from '../../contract/gate.ts';
import type { Lang } from '../../contract/lang.ts';
import { say } from '../../contract/words.ts';
import { decideGate, type FiledReport, type GateDecision, type Note } from '../../engine/register/decide-gate.ts';
import type { Tx } from '../../platform/database/database.ts';
import { filingsOf } from '../filings/filings.ts';
import { momentsOf, mostHappenings, readStored } from '../register/register.ts';
import { askRulebooks, type Rulebooks } from '../rulebooks/rulebooks.ts';

export interface GateSetup {
  rulebooks: Rulebooks & { broken: readonly unknown[] };
  now: Date;
  lang: Lang;
}

/**
 * May this service, or this function in its current version, be live? Reads in a constant number of queries. Throws `service-unknown`
 * and `function-unknown`: nobody passes by a misspelt name.
 */
export async function readGate(
  tx: Tx,
  { service, function: one }: { service: string; function?: string | undefined },
  setup: GateSetup,
): Promise<Gate> {
  const { rulebooks, now, lang } = setup;
  const stored = await readStored(tx, service, one ?? null);
  const filed = await filingsOf(tx, stored.service.id);
  const asked = momentsOf(stored).map(({ occasion, facts }) => ({
    occasion,
    answer: askRulebooks(rulebooks, { facts, now, lang }),
  }));
  const reports = filed
    .filter(({ function_id }) => function_id === null || function_id === stored.asked?.id)
    .map(({ id, rulebook, state, number, version, happening_id }): FiledReport => {
      return { id, rulebook, state, number, version, happening: happening_id };
    });
  const decision = decideGate({ asked, reports, rulebooks: rulebooks.rulebooks });
  const reasons = [...sayPlain(stored, rulebooks, lang), ...sayNotes(decision.reasons, 'reason', lang)];
  const warnings = [...sayBroken(rulebooks, lang), ...sayNotes(decision.warnings, 'warning', lang)];
  const { id, slug, name, state } = stored.service;
  return {
    schema: 'clearmirror.gate/1',
    open: reasons.length === 0,
    service: { id, slug, name, state },
    function: stored.asked && pick(stored.asked),
    reasons,
    warnings,
    dues: decision.dues,
    asOf: now.toISOString(),
  };
}

function pick({ id, slug, name, state, version }: NonNullable<Gate['function']>): NonNullable<Gate['function']> {
  return { id, slug, name, state, version };
}

const nothing = { rulebook: null, due: null, triggers: [], clauses: [], missing: [], occasion: null };

/** What shuts the gate before any rulebook is asked. */
function sayPlain(
  { service, asked, hasMoreHappenings }: Awaited<ReturnType<typeof readStored>>,
  { rulebooks }: Rulebooks,
  lang: Lang,
): Gate['reasons'] {
  const codes = [
    ...(service.state === 'withdrawn' ? (['service-withdrawn'] as const) : []),
    ...(asked?.state === 'withdrawn' ? (['function-withdrawn'] as const) : []),
    // Nobody asked about those that are beyond: one of them may be overdue.
    ...(hasMoreHappenings ? (['happenings-too-many'] as const) : []),
    ...(rulebooks.length === 0 ? (['no-rulebooks'] as const) : []),
  ];
  const params = { service: service.slug, function: asked?.slug ?? '', most: mostHappenings };
  return codes.map((code) => ({
    code,
    message: say(lang, `gate.reason.${code}`, params),
    next: say(lang, `gate.next.${code}`, params),
    ...nothing,
  }));
}

function sayBroken({ broken }: GateSetup['rulebooks'], lang: Lang): Gate['warnings'] {
  if (broken.length === 0) return [];
  const code = 'rulebooks-broken' as const;
  return [{ code, message: say(lang, `gate.warning.${code}`), next: say(lang, `gate.next.${code}`), ...nothing }];
}

type Said<Code extends string> = Omit<Gate['reasons'][number], 'code'> & { code: Code };

function sayNotes<Code extends string>(
  notes: GateDecision['reasons'] | Note<Code>[],
  kind: 'reason' | 'warning',
  lang: Lang,
): Said<Code>[];
function sayNotes(notes: Note<string>[], kind: 'reason' | 'warning', lang: Lang): Said<string>[] {
  return notes.map(({ code, due }) => {
    const params = wordsOf(due, lang);
    return {
      code,
      message: say(lang, `gate.${kind}.${code}`, params),
      next: say(lang, `gate.next.${code}`, params),
      rulebook: due.rulebook,
      due: due.due,
      triggers: due.triggers.map(({ id }) => id),
      clauses: due.triggers.map(({ clause }) => clause),
      missing: due.missing,
      occasion: due.occasion,
    };
  });
}

/** The values that the sentences name. */
function wordsOf(due: GateDue, lang: Lang): Record<string, string | number> {
  const and = say(lang, 'gate.and');
  const { occasion } = due;
  return {
    rulebook: due.rulebookTitle[lang],
    id: due.rulebook,
    due: due.due,
    title: due.title[lang],
    triggers: due.triggers.map(({ id }) => id).join(and),
    clauses: due.triggers.map(({ clause }) => clause[lang]).join(and),
    missing: due.missing.map((fact) => say(lang, `fact.${fact}`)).join(and),
    number: due.filing?.number ?? '–',
    occasion: say(lang, `gate.occasion.${occasion.event}`, { version: occasion.version ?? '', on: occasion.on ?? '–' }),
    by: sayBy(due, lang),
  };
}

function sayBy({ by }: GateDue, lang: Lang): string {
  if (by.kind === 'date') return say(lang, by.projected ? 'gate.by.projected' : 'gate.by.date', { date: by.date });
  return say(lang, `gate.by.${by.kind}`);
}

import { recordSchema, type ScreeningRecord } from '../../contract/screening.ts';
import type { Batch, Decision, Doer, Exhibit, Screening, ScreeningItem } from '../../contract/screenings.ts';
import type { strengths } from '../../contract/strengths.ts';
import { mediaTypeOf } from '../../engine/media/media-types.ts';
import type { countBatch, DecisionRow, ExhibitRow, ScreeningRow } from './reading-store.ts';

export function itemOf(row: ScreeningRow): ScreeningItem {
  const { verdict_word, verdict_code, stage } = row;
  return {
    id: row.id,
    name: row.name,
    bytes: row.bytes,
    sha256: row.sha256,
    kind: row.kind,
    format: row.format,
    state: row.state,
    failure: row.failure,
    progress: row.state === 'examining' && stage ? { stage, share: row.share ?? 0 } : null,
    verdict: verdict_word && verdict_code ? { word: verdict_word, code: verdict_code } : null,
    propagation: row.propagation,
    conflicts: row.conflicts,
    declared: row.declared,
    source: row.source,
    address: row.address,
    batch: row.batch_id,
    createdAt: row.created_at.toISOString(),
    doneAt: row.done_at?.toISOString() ?? null,
    by: doerOf({ ...row, person_id: row.created_by, key_id: row.created_key }),
    duplicateOf: row.duplicate_of,
    noteCount: row.note_count,
    overridden: row.override_word,
    mediaRemovedAt: row.media_removed_at?.toISOString() ?? null,
  };
}

export interface Whole {
  row: ScreeningRow;
  record: string | null;
  exhibits: ExhibitRow[];
  decisions: DecisionRow[];
  same: { id: string; name: string; created_at: Date }[];
}

export function screeningOf({ row, record, exhibits, decisions, same }: Whole): Screening {
  return {
    ...itemOf(row),
    record: record === null ? null : readRecord(record),
    ...peopleSaid(decisions),
    exhibits: exhibits.map(exhibitOf),
    decisions: decisions.map(decisionOf),
    media: row.sha256 === null || row.media_removed_at ? null : mediaTypeOf(row),
    sameBytes: same
      .filter(({ id }) => id !== row.id)
      .map(({ id, name, created_at }) => ({ id, name, createdAt: created_at.toISOString() })),
  };
}

/** The notes, and the override that is in force. */
export function peopleSaid(decisions: readonly DecisionRow[]): Pick<Screening, 'notes' | 'override'> {
  const told = decisions.map(decisionOf);
  const last = told.findLast(({ kind }) => kind === 'override' || kind === 'override-withdrawn');
  return {
    notes: told.flatMap(({ id, kind, reason, by, at }) =>
      kind === 'note' ? [{ id, text: reason ?? '', by, at }] : [],
    ),
    override:
      last?.kind === 'override' && last.word
        ? { word: last.word, reason: last.reason ?? '', by: last.by, at: last.at }
        : null,
  };
}

export function readRecord(text: string): ScreeningRecord {
  return recordSchema.parse(JSON.parse(text));
}

function exhibitOf(row: ExhibitRow): Exhibit {
  const { number, kind, width, height } = row;
  return { number, kind, width, height, atMs: row.at_ms, durationMs: row.duration_ms, maxHz: row.max_hz };
}

export function decisionOf(row: DecisionRow): Decision {
  const { id, kind, word, reason, at } = row;
  return { id, kind, word, reason, at: at.toISOString(), by: doerOf(row) };
}

interface DoerRow {
  person_id: string | null;
  person_name: string | null;
  key_id: string | null;
  key_name: string | null;
}

function doerOf({ person_id, person_name, key_id, key_name }: DoerRow): Doer | null {
  if (key_id !== null) return { type: 'key', id: key_id, name: key_name ?? '' };
  if (person_id !== null) return { type: 'person', id: person_id, name: person_name ?? '' };
  return null;
}

/** Null for a batch that nobody sent here. */
export function batchOf(id: string, rows: Awaited<ReturnType<typeof countBatch>>): Batch | null {
  if (rows.length === 0) return null;
  const sum = (of: typeof rows) => of.reduce((total, { files }) => total + files, 0);
  const inState = (state: ScreeningItem['state']) => sum(rows.filter((row) => row.state === state));
  const done = rows.filter(({ state }) => state === 'done');
  const examined = done.filter(({ verdict_code }) => verdict_code !== 'unexaminable');
  const saying = (word: (typeof strengths)[number]) =>
    sum(examined.filter(({ verdict_word }) => verdict_word === word));
  const instants = (of: Date[]) => of.map((at) => at.getTime());
  return {
    id,
    files: sum(rows),
    bytes: rows.reduce((total, { bytes }) => total + (bytes ?? 0), 0),
    states: {
      queued: inState('queued'),
      examining: inState('examining'),
      done: inState('done'),
      failed: inState('failed'),
    },
    verdicts: {
      declared: saying('declared'),
      strong: saying('strong'),
      some: saying('some'),
      little: saying('little'),
      'not-applicable': saying('not-applicable'),
      unexaminable: sum(done) - sum(examined),
    },
    firstAt: new Date(Math.min(...instants(rows.map(({ first_at }) => first_at)))).toISOString(),
    lastAt: new Date(Math.max(...instants(rows.map(({ last_at }) => last_at)))).toISOString(),
  };
}

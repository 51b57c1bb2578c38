import { Readable } from 'node:stream';
import type { Assessment, AssessmentMove } from '../../../contract/assessments.ts';
import { Problem } from '../../../contract/problem.ts';
import type { Blobs } from '../../../platform/blobs/blobs.ts';
import { holdBlobs } from '../../../platform/blobs/held-blobs.ts';
import { actAs, type Database, type Tx } from '../../../platform/database/database.ts';
import type { Caller } from '../../../platform/http/endpoint.ts';
import { findCompany, readStored } from '../../register/register.ts';
import { type Rulebooks, requirementsIn } from '../../rulebooks/rulebooks.ts';
import { refuseMover } from './access.ts';
import { type Change, hold, recordDone, refuseSeen } from './change.ts';
import { factsNow } from './facts-now.ts';
import { readAssessment, sha256Of } from './read.ts';
import { renderSheets } from './render.ts';
import { type ReportParts, sheetsOf, textsOf } from './report.ts';
import { recordsOf } from './runs-store.ts';
import { insertReportFiles, type ReportFileRow, voidSignatures } from './signing-store.ts';
import { refuseAssessmentMove } from './states.ts';

export interface ConcludeSetup {
  database: Database;
  documents: Blobs;
  rulebooks: () => Rulebooks;
}

/** All of a report, read in the asking person's transaction. */
export async function reportParts(
  tx: Tx,
  id: string,
  { now, caller, rulebooks }: { now: Date; caller: Caller; rulebooks: Rulebooks },
): Promise<ReportParts> {
  const assessment = await readAssessment(tx, id, { now, person: caller.actor.person });
  const stored = await readStored(tx, assessment.service.id, assessment.function?.id ?? null);
  const known = new Set([...rulebooks.rulebooks, ...rulebooks.notChosen].map((one) => one.id));
  const ids = assessment.rulebooks.map((one) => one.id).filter((one) => known.has(one));
  return {
    assessment,
    records: (await recordsOf(tx, id)).map(({ record }) => record),
    service: stored.service,
    function: stored.asked,
    company: await findCompany({ tx }),
    rulebooks: requirementsIn(rulebooks, { ids, facts: factsNow(stored), now, lang: caller.lang }),
    now,
  };
}

/**
 * Concludes an assessment: draws its report, stores it, and fixes it by the hash that signatories sign. Nothing is concluded while something
 * stands in the way (`assessment-blocked` names it) or when something changed while it was drawn (`assessment-changed`).
 */
export async function conclude(
  setup: ConcludeSetup,
  { caller, now }: { caller: Caller; now: Date },
  id: string,
  seen: number | undefined,
): Promise<Assessment> {
  const { database, documents } = setup;
  const { parts, changes } = await actAs(database, caller.actor, async (tx) => {
    const held = await hold(tx, id);
    refuseSeen(held, seen);
    refuseAssessmentMove(held.state, 'concluding');
    const read = await reportParts(tx, id, { now, caller, rulebooks: setup.rulebooks() });
    refuseBlocked(read.assessment);
    return { parts: read, changes: held.changes };
  });
  const files = await storeFiles(documents, await drawReport(parts, caller));
  const manifest = manifestOf(id, files);
  return actAs(database, caller.actor, async (tx) => {
    const held = await hold(tx, id);
    if (held.changes !== changes) {
      throw new Problem('assessment-changed', 'It was changed meanwhile.', {
        status: 409,
        params: { revision: held.revision },
      });
    }
    const addresses = files.map(({ sha256 }) => sha256);
    if (!(await holdBlobs(tx, documents, addresses))) {
      throw new Problem('storage-busy', 'A file of the report was just being deleted.', { status: 503 });
    }
    const reportSha256 = sha256Of(manifest);
    await insertReportFiles(tx, { organisation: held.organisation_id, assessment: id, reportSha256 }, files);
    await recordDone({ tx, now, caller }, held, {
      kind: 'assessment-concluded',
      data: { report: reportSha256, files: files.map(({ name, sha256 }) => ({ name, sha256 })) },
      columns: { state: 'concluding', report: manifest, report_at: now },
      isEdit: true,
    });
    return readAssessment(tx, id, { now, person: caller.actor.person });
  });
}

function refuseBlocked({ blocks }: Assessment): void {
  if (blocks.length === 0) return;
  throw new Problem('assessment-blocked', 'Something stands in the way of the conclusion.', {
    status: 409,
    params: { count: blocks.length },
    fields: blocks.slice(0, 50).map(({ code, requirement, hazard, evidence }) => ({
      path: requirement
        ? `/requirements/${requirement.rulebook}/${requirement.id}`
        : hazard
          ? `/hazards/${hazard}`
          : '/',
      code,
      message: evidence ?? '',
    })),
  });
}

interface DrawnFile {
  name: string;
  mediaType: string;
  bytes: Buffer;
}

async function drawReport(parts: ReportParts, { lang }: Caller): Promise<DrawnFile[]> {
  const sheets = sheetsOf(parts);
  const drawn = await renderSheets(sheets);
  return [
    ...sheets.map(({ name, kind }, index) => ({
      name,
      mediaType: mediaTypes[kind],
      bytes: drawn[index] ?? Buffer.alloc(0),
    })),
    ...textsOf(parts, lang).map(({ name, mediaType, text }) => ({ name, mediaType, bytes: Buffer.from(text) })),
  ];
}

export const mediaTypes = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  /** Pages to be looked at; no file of a report. */
  svg: 'image/svg+xml',
} as const;

async function storeFiles(documents: Blobs, files: readonly DrawnFile[]): Promise<ReportFileRow[]> {
  const stored: ReportFileRow[] = [];
  for (const { name, mediaType, bytes } of files) {
    const { sha256 } = await documents.put(Readable.from([bytes]), { maxBytes: bytes.length + 1 });
    stored.push({ name, sha256, bytes: bytes.length, media_type: mediaType });
  }
  return stored;
}

/** Every file with its hash; the hash of this text is what is signed. */
function manifestOf(assessment: string, files: readonly ReportFileRow[]): string {
  const named = files
    .map(({ name, sha256, bytes }) => ({ name, sha256, bytes }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  return `${JSON.stringify({ schema: 'clearmirror.report/1', assessment, files: named }, null, 2)}\n`;
}

/** What the filing that is named was about. Undefined when there is none. */
export type FindFiling = (
  tx: Tx,
  id: string,
) => Promise<
  { rulebook: string; service: string; function: string | null; version: number | null; state: string } | undefined
>;

/** Every move but the conclusion. Reopening voids the signatures: they were given to another report. */
export async function moveAssessment(
  change: Change,
  id: string,
  move: AssessmentMove,
  findFiling: FindFiling,
): Promise<Assessment> {
  const { tx, now, caller } = change;
  refuseMover(caller, move.to);
  const held = await hold(tx, id);
  refuseSeen(held, move.revision);
  refuseAssessmentMove(held.state, move.to);
  const reason = 'reason' in move ? move.reason : null;
  const isReopened = held.report !== null && move.to === 'assessing';
  if (isReopened && reason === null) {
    throw new Problem('reopen-reason-missing', 'Why it is opened again has to be said.', { status: 422 });
  }
  if (move.to === 'filed') await refuseForeignFiling(tx, held, move.filing, findFiling);
  const isOver = isReopened || (move.to === 'abandoned' && held.report !== null);
  const voided = isOver ? await voidSignatures(tx, id, reason ?? '', now) : 0;
  await recordDone(change, held, {
    kind: isReopened ? 'assessment-reopened' : `assessment-${move.to}`,
    data: { from: held.state, ...(reason === null ? {} : { reason }), ...(voided > 0 ? { voided } : {}) },
    columns: {
      state: move.to,
      ...(isOver ? { report: null, report_at: null } : {}),
      ...(move.to === 'filed' ? { filing_id: move.filing } : {}),
    },
    isEdit: true,
  });
  return readAssessment(tx, id, { now, person: caller.actor.person });
}

async function refuseForeignFiling(
  tx: Tx,
  held: Awaited<ReturnType<typeof hold>>,
  id: string,
  findFiling: FindFiling,
): Promise<void> {
  const filing = await findFiling(tx, id);
  if (!filing) throw new Problem('filing-unknown', 'There is no such filing.', { status: 404 });
  const isOurs =
    filing.service === held.service_id &&
    filing.function === held.function_id &&
    filing.version === held.version &&
    held.rulebooks.some((rulebook) => rulebook.id === filing.rulebook) &&
    filing.state !== 'withdrawn';
  if (!isOurs) throw new Problem('filing-foreign', 'That filing is about something else.', { status: 409 });
}

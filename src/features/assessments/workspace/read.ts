import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Assessment, assessmentQuerySchema } from '../../../contract/assessments.ts';
import type { hazardQuerySchema } from '../../../contract/hazards.ts';
import { Problem } from '../../../contract/problem.ts';
import { blocksOf } from '../../../engine/assessments/blocks.ts';
import type { Tx } from '../../../platform/database/database.ts';
import { findService } from '../../register/register.ts';
import { assessmentUnknown } from './change.ts';
import { evidenceRowsOf, linksOf } from './evidence-store.ts';
import { hazardRowsOf, listHazards, stepsOf } from './hazards-store.ts';
import { runsOf } from './runs-store.ts';
import {
  showComments,
  showEvidence,
  showHazards,
  showItem,
  showRequirements,
  showRun,
  showSignatures,
} from './show.ts';
import { readBy, reportFilesOf, signaturesOf } from './signing-store.ts';
import { isWorkable, movesFrom } from './states.ts';
import { assessmentById, commentsOf, knownPeople, listAssessments, requirementsOf } from './store.ts';
import { targetRow } from './targets-store.ts';

/** The whole of an assessment, in a constant number of queries. Throws `assessment-unknown`. */
export async function readAssessment(
  tx: Tx,
  id: string,
  { now, person }: { now: Date; person: string | null },
): Promise<Assessment> {
  const row = await assessmentById(tx, id);
  if (!row) throw assessmentUnknown();
  const evidence = showEvidence(await evidenceRowsOf(tx, id), await linksOf(tx, id), now);
  const hazardRows = await hazardRowsOf(tx, id);
  const hazards = showHazards(
    hazardRows,
    await stepsOf(
      tx,
      hazardRows.map((hazard) => hazard.id),
    ),
  );
  const comments = showComments(await commentsOf(tx, id));
  const requirements = showRequirements(await requirementsOf(tx, id), { evidence, hazards, comments });
  const runs = (await runsOf(tx, id)).map(showRun);
  const people = await knownPeople(
    tx,
    row.signatories.map((one) => one.person),
  );
  const { requirements: _count, ...item } = showItem(row);
  const { conclusion, signatories } = row;
  return {
    ...item,
    hasTarget: (await targetRow(tx, row.service_id)) !== undefined,
    ...{ requirements, evidence, hazards, runs, comments, conclusion },
    answers: row.answers,
    signatories: signatories.map(({ person: one, role }) => ({
      person: { id: one, name: people.get(one) ?? '' },
      role,
    })),
    report: await readReport(tx, row, person),
    signatures: showSignatures(await signaturesOf(tx, id)),
    filing: row.filing_id,
    blocks: isWorkable(row.state) ? blocksOf({ requirements, evidence, hazards, runs, conclusion, signatories }) : [],
    moves: movesFrom(row.state),
  };
}

export function sha256Of(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

async function readReport(
  tx: Tx,
  { id, report, report_at }: { id: string; report: string | null; report_at: Date | null },
  person: string | null,
): Promise<Assessment['report']> {
  if (report === null || report_at === null) return null;
  const sha256 = sha256Of(report);
  const files = await reportFilesOf(tx, id, sha256);
  return {
    sha256,
    at: report_at.toISOString(),
    files: files.map(({ media_type: mediaType, ...file }) => ({ ...file, mediaType })),
    read: person === null ? [] : await readBy(tx, id, sha256, person),
  };
}

export async function assessments(tx: Tx, query: z.output<typeof assessmentQuerySchema>) {
  const { after, limit, service, state } = query;
  const rows = await listAssessments(tx, {
    after: readSeq(after),
    limit: limit + 1,
    service: service && (await findService(tx, service)).id,
    function: query.function,
    state,
  });
  return pageOfRows(rows, limit, showItem);
}

export async function hazards(tx: Tx, query: z.output<typeof hazardQuerySchema>) {
  const { after, limit, assessment, service, state, owner, open } = query;
  const rows = await listHazards(tx, {
    after: readSeq(after),
    limit: limit + 1,
    service: service && (await findService(tx, service)).id,
    ...{ assessment, state, owner, open },
  });
  const steps = await stepsOf(
    tx,
    rows.map(({ id }) => id),
  );
  return pageOfRows(rows, limit, (row) => {
    const [hazard] = showHazards([row], steps);
    if (!hazard) throw new Error('a row is a hazard');
    return hazard;
  });
}

/** The place in the list goes out in a wrapping of its own: it counts the rows of everybody. */
function readSeq(after: string | undefined): string | undefined {
  if (after === undefined) return undefined;
  const seq = Buffer.from(after, 'base64url').toString('utf8');
  if (/^\d{1,15}$/.test(seq)) return seq;
  throw new Problem('cursor-unknown', 'This page is not one that was given out.', { status: 400 });
}

function pageOfRows<Row extends { seq: number }, Shown>(rows: Row[], limit: number, show: (row: Row) => Shown) {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next = rows.length > limit && last ? Buffer.from(String(last.seq)).toString('base64url') : null;
  return { items: page.map(show), next };
}

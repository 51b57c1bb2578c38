import type { Company, CompanyFields } from '../../contract/company.ts';
import { Problem } from '../../contract/problem.ts';
import { diffFields } from '../../engine/register/diff.ts';
import { findUsccFault } from '../../engine/register/uscc.ts';
import { readCompany, writeCompany } from './company-store.ts';
import { type Change, organisationOf, recordChange, refuseStale } from './revisions.ts';
import { holdRegister } from './revisions-store.ts';
import { showCompany } from './show.ts';

export async function findCompany({ tx }: Pick<Change, 'tx'>): Promise<Company | null> {
  const row = await readCompany(tx);
  return row ? showCompany(row) : null;
}

/** Writes what the company says about itself, whole. `seen`: the revision that was seen, 0 for none; null when the lock is held. */
export async function saveCompany(change: Change, fields: CompanyFields, seen: number | null): Promise<Company> {
  const { tx, now } = change;
  refuseWrongUscc(fields.uscc);
  const organisation = organisationOf(change);
  await holdRegister(tx, organisation);
  const before = await findCompany(change);
  const subject = { type: 'company', id: organisation } as const;
  if (seen !== null) await refuseStale(tx, subject, seen, before?.revision ?? 0);
  const changes = diffFields(before ?? {}, fields);
  if (before && changes.length === 0) return before;
  await writeCompany(tx, organisation, fields, now);
  const after = await findCompany(change);
  if (!after) throw new Error('the company just written is not there');
  await recordChange(change, before ? 'company-changed' : 'company-written', subject, after.revision, changes);
  return after;
}

function refuseWrongUscc(uscc: string | null): void {
  const fault = uscc === null ? null : findUsccFault(uscc);
  if (!fault) return;
  const { reason, ...params } = fault;
  const known = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, value ?? '']));
  throw new Problem('uscc-wrong', 'This unified social credit code cannot be right.', {
    params: { ...known, reason },
    fields: [{ path: '/uscc', code: `uscc-${reason}`, message: 'at' in fault ? `character ${fault.at}` : reason }],
  });
}

import type { z } from 'zod';
import { Problem } from '../../../contract/problem.ts';
import type { newServiceTargetSchema, ServiceTarget } from '../../../contract/service-target.ts';
import { type Target, targetSchema } from '../../../contract/target.ts';
import { say } from '../../../contract/words.ts';
import { checkTarget } from '../../../engine/assessments/check-target.ts';
import { diffFields } from '../../../engine/register/diff.ts';
import type { Tx } from '../../../platform/database/database.ts';
import { recordDeed } from '../../../platform/database/events.ts';
import { seal, unseal } from '../../../platform/http/sealed.ts';
import { findService } from '../../register/register.ts';
import { authorOf, type Change, organisationOf } from './change.ts';
import { doerOf } from './show.ts';
import { targetRow, writeTarget } from './targets-store.ts';

/** What is kept about how a service is reached. Values of secrets never go out again. */
export async function findTarget(tx: Tx, service: string): Promise<ServiceTarget> {
  const row = await targetRow(tx, (await findService(tx, service)).id);
  if (!row) return { revision: 0, target: null, secrets: [], changedAt: null, by: null };
  return {
    revision: row.revision,
    target: JSON.parse(row.target),
    secrets: Object.keys(row.secrets).sort(),
    changedAt: row.changed_at.toISOString(),
    by: doerOf(row),
  };
}

/** Writes the target whole. Throws `target-broken` with every fault and its place, `target-changed`. */
export async function saveTarget(
  change: Change,
  ref: string,
  { revision: seen, target, secrets }: z.output<typeof newServiceTargetSchema>,
  installationSecret: string,
): Promise<ServiceTarget> {
  const { tx, now, caller } = change;
  const organisation = organisationOf(change);
  const service = await findService(tx, ref);
  const before = await targetRow(tx, service.id);
  if ((before?.revision ?? 0) !== seen) {
    throw new Problem('target-changed', 'It was changed meanwhile.', {
      status: 409,
      params: { revision: before?.revision ?? 0 },
    });
  }
  const kept = { ...before?.secrets };
  for (const [name, value] of Object.entries(secrets)) {
    if (value === null) delete kept[name];
    else kept[name] = seal(value, sealOf(service.id, name, installationSecret)).toString('base64');
  }
  refuseFaults(change, withNames(target, Object.keys(kept)));
  await writeTarget(tx, {
    organisation,
    service: service.id,
    revision: seen + 1,
    target: JSON.stringify(target),
    secrets: kept,
    author: authorOf(caller),
    now,
  });
  const changes = diffFields(before ? JSON.parse(before.target) : {}, target);
  const named = Object.keys(secrets).sort();
  await recordDeed(tx, caller, {
    kind: 'target-written',
    subject: { type: 'service', id: service.id },
    data: { revision: seen + 1, changes, secrets: named },
  });
  return findTarget(tx, service.id);
}

/** How a service is reached, with the values. Throws when it was sealed by another installation. */
export async function openTarget(
  tx: Tx,
  service: string,
  installationSecret: string,
): Promise<{ target: Target; secrets: Record<string, string> } | null> {
  const row = await targetRow(tx, service);
  if (!row) return null;
  const secrets = Object.fromEntries(
    Object.entries(row.secrets).map(([name, sealed]) => [
      name,
      openSecret(sealed, sealOf(service, name, installationSecret)),
    ]),
  );
  return { target: withNames(targetSchema.parse(JSON.parse(row.target)), Object.keys(secrets)), secrets };
}

function openSecret(sealed: string, seal: ReturnType<typeof sealOf>): string {
  try {
    return unseal(Buffer.from(sealed, 'base64'), seal);
  } catch (cause) {
    throw new Problem('target-sealed-elsewhere', 'A secret of the target was sealed by another installation.', {
      cause,
    });
  }
}

function sealOf(service: string, name: string, secret: string) {
  return { secret, key: `target ${name}`, owner: service };
}

/** Texts of a target name its secrets; here they are kept apart, and where they come from is nobody's business. */
function withNames(target: Target, names: readonly string[]): Target {
  return { ...target, secrets: Object.fromEntries(names.map((name) => [name, { env: name }])) };
}

function refuseFaults({ caller }: Change, target: Target): void {
  // Whoever writes a target must not look into the folders of the server.
  const faults = checkTarget(target, { folders: false });
  if (faults.length === 0) return;
  throw new Problem('target-broken', 'The target does not hold.', {
    status: 422,
    params: { count: faults.length },
    fields: faults.slice(0, 50).map(({ code, path, params }) => ({
      path: `/target/${path.join('/')}`,
      code,
      message: say(caller.lang, `assess.fault.${code}`, params),
    })),
  });
}

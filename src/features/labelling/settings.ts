import type { z } from 'zod';
import type { KeptLabelSettings, LabelSettingsFields, newLabelSettingsSchema } from '../../contract/labellings.ts';
import { Problem } from '../../contract/problem.ts';
import { say } from '../../contract/words.ts';
import type { Tx } from '../../platform/database/database.ts';
import { recordDeed } from '../../platform/database/events.ts';
import { holdLock } from '../../platform/database/named-lock.ts';
import type { Caller } from '../../platform/http/endpoint.ts';
import { tell } from '../../platform/http/live.ts';
import { organisationOf } from './access.ts';
import { refuseUnfit } from './plan.ts';
import { doerOf } from './present.ts';
import { settingsRow, writeSettings } from './settings-store.ts';

/** What the organisation says in its labels each time; before it ever said, what most will want. */
export async function findSettings(tx: Tx): Promise<KeptLabelSettings> {
  const row = await settingsRow(tx);
  if (!row) return { ...untouched, revision: 0, changedAt: null, by: null };
  return {
    contentProducer: row.content_producer,
    contentPropagator: row.content_propagator,
    label: row.label,
    sourceType: row.source_type,
    revision: row.revision,
    changedAt: row.changed_at.toISOString(),
    by: doerOf(row),
  };
}

const untouched: LabelSettingsFields = {
  contentProducer: null,
  contentPropagator: null,
  label: '1',
  sourceType: 'trainedAlgorithmicMedia',
};

/** Saves the settings over the revision that was seen. Throws `changed-meanwhile`. */
export async function saveSettings(
  tx: Tx,
  { caller, now }: { caller: Caller; now: Date },
  { revision: seen, ...fields }: z.output<typeof newLabelSettingsSchema>,
): Promise<KeptLabelSettings> {
  refuseUnfit(fields, (key, params) => say(caller.lang, key, params));
  const organisation = organisationOf(caller);
  await holdLock(tx, `label settings ${organisation}`);
  const before = await findSettings(tx);
  if (before.revision !== seen) throw changedMeanwhile(before, fields);
  const changed = namesOf(fields).filter((name) => before[name] !== fields[name]);
  if (before.revision > 0 && changed.length === 0) return before;
  const revision = before.revision + 1;
  const person = caller.key === null ? caller.actor.person : null;
  await writeSettings(tx, { organisation, revision, fields, at: now, person, key: caller.key });
  await recordDeed(tx, caller, {
    kind: 'label-settings-changed',
    subject: { type: 'label-settings', id: organisation },
    data: {
      revision,
      changes: changed.map((field) => ({ field, before: before[field], after: fields[field] })),
    },
  });
  await tell(tx, { organisation, topic: 'label-settings', id: organisation, data: { revision } });
  return findSettings(tx);
}

function changedMeanwhile(now: KeptLabelSettings, wanted: LabelSettingsFields): Problem {
  const fields = namesOf(wanted).filter((name) => now[name] !== wanted[name]);
  const by = now.by?.name ?? '?';
  const at = now.changedAt ?? '?';
  return new Problem('changed-meanwhile', 'It was changed meanwhile.', {
    status: 409,
    params: { by, at, fields: fields.join(', ') || '–', revision: now.revision },
    fields: fields.map((name) => ({ path: `/${name}`, code: 'changed-meanwhile', message: `${by}, ${at}` })),
  });
}

function namesOf(_: LabelSettingsFields): (keyof LabelSettingsFields)[] {
  return ['contentProducer', 'contentPropagator', 'label', 'sourceType'];
}

import { labellingSchema, labelPlanSchema } from '../../contract/labelling.ts';
import type { LabellingDetail, LabellingItem } from '../../contract/labellings.ts';
import type { Doer } from '../../contract/screenings.ts';
import { mediaTypeOf } from '../../engine/media/media-types.ts';
import { labelledName, sidecarName } from './names.ts';
import type { LabellingRow } from './store.ts';

export function itemOf(row: LabellingRow): LabellingItem {
  const { labelled_sha256: sha256, labelled_bytes: bytes } = row;
  return {
    id: row.id,
    name: row.name,
    bytes: row.bytes,
    sha256: row.sha256,
    source: row.source,
    kind: row.kind,
    format: row.format,
    state: row.state,
    failure: row.failure,
    share: row.state === 'working' ? (row.share ?? 0) : null,
    labelled: sha256 === null || bytes === null ? null : { name: labelledName(row.name), bytes, sha256 },
    wrote: row.wrote,
    shortfalls: row.shortfalls,
    createdAt: row.created_at.toISOString(),
    doneAt: row.done_at?.toISOString() ?? null,
    by: doerOf(row),
    filesRemovedAt: row.files_removed_at?.toISOString() ?? null,
  };
}

export function detailOf(row: LabellingRow, record: string | null): LabellingDetail {
  const { sidecar_sha256: sha256, sidecar_bytes: bytes } = row;
  const here = row.files_removed_at === null;
  return {
    ...itemOf(row),
    plan: labelPlanSchema.parse(JSON.parse(row.plan)),
    record: record === null ? null : labellingSchema.parse(JSON.parse(record)),
    media: here && row.labelled_sha256 !== null ? mediaTypeOf(row) : null,
    sidecar: here && sha256 !== null && bytes !== null ? { name: sidecarName(row.name), bytes, sha256 } : null,
  };
}

interface DoerRow {
  person_id: string | null;
  person_name: string | null;
  key_id: string | null;
  key_name: string | null;
}

export function doerOf({ person_id, person_name, key_id, key_name }: DoerRow): Doer | null {
  if (key_id !== null) return { type: 'key', id: key_id, name: key_name ?? '' };
  if (person_id !== null) return { type: 'person', id: person_id, name: person_name ?? '' };
  return null;
}

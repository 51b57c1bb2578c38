import type { Filing } from '../../contract/filings.ts';
import type { FilingRow } from './store.ts';

export function showFiling(row: FilingRow): Filing {
  return {
    id: row.id,
    revision: row.revision,
    made: row.made,
    rulebook: row.rulebook,
    service: {
      id: row.service_id,
      slug: row.service_slug,
      name: { zh: row.service_name_zh, en: row.service_name_en },
    },
    function:
      row.function_id !== null && row.function_slug !== null && row.version !== null
        ? {
            id: row.function_id,
            slug: row.function_slug,
            name: { zh: row.function_name_zh, en: row.function_name_en },
            version: row.version,
          }
        : null,
    happening:
      row.happening_id !== null && row.happening_kind !== null && row.happened_on !== null
        ? { id: row.happening_id, kind: row.happening_kind, on: row.happened_on }
        : null,
    state: row.state,
    authority: row.authority,
    number: row.number,
    filedOn: row.filed_on,
    filedBy: row.filed_by,
    reason: row.reason,
    document: showDocument(row),
    updatedAt: row.updated_at.toISOString(),
  };
}

function showDocument(row: FilingRow): Filing['document'] {
  const { document_sha256: sha256, document_link: text, document_name: name, bytes, media_type: mediaType } = row;
  if (text !== null) return { kind: 'link', text };
  if (sha256 === null || name === null || bytes === null || mediaType === null) return null;
  return { kind: 'file', file: { sha256, name, bytes, mediaType } };
}

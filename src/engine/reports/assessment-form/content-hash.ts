import { createHash } from 'node:crypto';
import type { FilledForm } from './form.ts';

/** SHA-256 of what the report says, in hex. The reading copy carries that of the official one: only the language differs. */
export function contentHash({ lang: _lang, officialHash: _hash, ...content }: FilledForm): string {
  return createHash('sha256').update(JSON.stringify(content, inOrder)).digest('hex');
}

/** The order in which an object got its keys is no content. */
function inOrder(_: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

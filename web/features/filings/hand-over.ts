import { uploadDocument } from '../../api/filings.ts';
import type { Handed } from './document-field.tsx';

/** The file is handed in first: what is recorded names it by its hash. */
export async function handOver(document: Handed | undefined) {
  if (document?.file) return { kind: 'file' as const, sha256: (await uploadDocument(document.file)).sha256 };
  const text = document?.link?.trim() ?? '';
  return text === '' ? null : { kind: 'link' as const, text };
}

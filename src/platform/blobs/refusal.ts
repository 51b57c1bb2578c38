import { httpRefusalsOf } from '../refusal.ts';

/** What the blob store refuses, with the HTTP status of each. */
export const refuse = httpRefusalsOf({
  'too-large': 413,
  'storage-full': 507,
  'storage-not-writable': 503,
  'storage-without-locks': 503,
  'blob-missing': 404,
  'blob-range': 416,
  'blob-key-missing': 503,
  'blob-damaged': 500,
});

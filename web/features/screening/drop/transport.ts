import { type DetailedError, type PreviousUpload, Upload } from 'tus-js-client';
import { callHeaders } from '../../../api/api.ts';
import { readProblem, Unreachable } from '../../../api/problem.ts';
import { readUpload } from '../calls.ts';
import type { Purpose } from './sending.ts';

/** What one transfer tells on its way. */
export interface Heard {
  /** False when it was stopped while we looked for an earlier one. */
  wanted: () => boolean;
  onBegun: (said: { batch: string | null }) => void;
  onProgress: (sent: number) => void;
  /** So many bytes the server has for good: from there it goes on. */
  onArrived: (arrived: number) => void;
  onSent: (sent: { came: string; duplicate: boolean }) => void;
  onError: (error: unknown) => void;
}

export interface Parcel {
  file: File;
  name: string;
  organisation: string;
  person: string;
  /** Of a screening. */
  batch: string | null;
  declared: boolean;
  /** Of a labelling: makes one of the upload once all bytes are in, and answers with its id. */
  label?: (upload: string) => Promise<string>;
}

/** A resumable transfer (tus 1.0.0). It goes on where an earlier one of the same file stopped, also one of an earlier visit. */
export function transfer(parcel: Parcel, heard: Heard): Upload {
  const { file, name, organisation, batch, declared } = parcel;
  const upload = new Upload(file, {
    endpoint,
    // Each piece is bounded in time by the server; at 0.3 Mbit/s this one takes two minutes.
    chunkSize: 4 * 1024 * 1024,
    retryDelays: [0, 1000, 3000, 6000],
    metadata: parcel.label ? { name, for: 'label' } : { name, batch: batch ?? '', declared: String(declared) },
    fingerprint: async () => fingerprintOf(parcel),
    onBeforeRequest: (request) => {
      // Each piece is another request: a key that says "the same one" would be wrong.
      const { 'idempotency-key': _, ...headers } = callHeaders(request.getMethod());
      for (const [header, value] of Object.entries({ ...headers, 'clearmirror-organisation': organisation })) {
        request.setHeader(header, value);
      }
    },
    onProgress: (sent) => heard.onProgress(sent),
    onChunkComplete: (_, arrived) => heard.onArrived(arrived),
    onSuccess: ({ lastResponse }) => {
      const screening = lastResponse.getHeader('Clearmirror-Screening');
      const duplicate = lastResponse.getHeader('Clearmirror-Duplicate') === 'true';
      void settle(parcel, screening ? { came: screening, duplicate } : null, upload).then(heard.onSent, heard.onError);
    },
    onError: (error) => void explain(error).then(heard.onError),
  });
  return upload;
}

/** All bytes are there: what came of them. Only then is the upload forgotten, so that a lost answer is asked for again. */
async function settle(
  { label, file, ...rest }: Parcel,
  screened: { came: string; duplicate: boolean } | null,
  upload: Upload,
): Promise<{ came: string; duplicate: boolean }> {
  const id = upload.url?.split('/').at(-1) ?? '';
  const sent = label ? { came: await label(id), duplicate: false } : screened;
  if (sent === null) throw new Error('the server took all bytes and said nothing of them');
  const prints = await upload.options.urlStorage?.findUploadsByFingerprint(
    fingerprintOf({ file, ...rest, ...(label && { label }) }),
  );
  for (const { urlStorageKey } of prints ?? []) await upload.options.urlStorage?.removeUpload(urlStorageKey);
  return sent;
}

/** Begins or goes on. Says to which drop the file belongs: an interrupted upload stays in the one it began in. */
export async function startOrResume(upload: Upload, heard: Heard): Promise<void> {
  const [previous] = (await upload.findPreviousUploads()).sort((a, b) => b.creationTime.localeCompare(a.creationTime));
  const here = previous === undefined ? null : await whatArrived(previous);
  if (previous && here?.screening) {
    // All bytes arrived at the last visit; only the answer was lost.
    await upload.options.urlStorage?.removeUpload(previous.urlStorageKey);
    heard.onBegun({ batch: previous.metadata['batch'] ?? null });
    heard.onSent({ came: here.screening, duplicate: here.duplicate });
    return;
  }
  if (previous && here) {
    upload.resumeFromPreviousUpload(previous);
    heard.onBegun({ batch: previous.metadata['batch'] ?? null });
    heard.onArrived(here.received);
  } else heard.onBegun({ batch: null });
  if (heard.wanted()) upload.start();
}

/** Null when the server no longer has it, or does not answer. */
export async function whatArrived({ uploadUrl }: PreviousUpload) {
  const id = uploadUrl?.split('/').at(-1);
  return id === undefined ? null : await readUpload(id).catch(() => null);
}

export function fingerprintOf({ organisation, person, file, name, label }: Parcel): string {
  return `${fingerprintsOf(organisation, person, label ? 'label' : 'screen')}${file.size}:${file.lastModified}:${name}`;
}

/** What all fingerprints of one person in one organisation begin with: another one's uploads are not theirs to go on with. */
export function fingerprintsOf(organisation: string, person: string, purpose: Purpose): string {
  return `${purpose === 'label' ? 'clearmirror-label' : 'clearmirror'}:${organisation}:${person}:`;
}

export const endpoint = '/api/v1/uploads';

async function explain(error: Error | DetailedError): Promise<unknown> {
  const answer = 'originalResponse' in error ? error.originalResponse : null;
  if (!answer) return 'originalRequest' in error ? new Unreachable(error) : error;
  return readProblem(new Response(answer.getBody() || null, { status: answer.getStatus() || 500 }));
}

import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../../src/contract/problem.ts';

export const maxUploadBytes = 32 * 1024 * 1024;
/** What a form needs around its file. */
const formBytes = 64 * 1024;

export interface Upload {
  path: string;
  fields: ReadonlyMap<string, string>;
  discard(): Promise<void>;
}

/** Takes a multipart form: the file under `fileField` into the folder, everything else as texts, in any order. */
export async function receiveUpload(request: FastifyRequest, fileField: string, folder: string): Promise<Upload> {
  refuseLong(request);
  const path = join(folder, `upload-${randomUUID()}`);
  const fields = new Map<string, string>();
  const discard = () => rm(path, { force: true });
  let received = false;
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') fields.set(part.fieldname, String(part.value));
      else if (part.fieldname !== fileField || received) part.file.resume();
      else {
        received = true;
        await pipeline(part.file, createWriteStream(path));
        if (part.file.truncated) throw tooLarge();
      }
    }
    if (!received) throw new Problem('file-missing', `The form has no file "${fileField}".`, { status: 400 });
    return { path, fields, discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

/** Before a byte is read: a long upload should not be sent in vain. */
function refuseLong({ headers }: FastifyRequest): void {
  if (Number(headers['content-length'] ?? 0) > maxUploadBytes + formBytes) throw tooLarge();
}

export function tooLarge(): Problem {
  return new Problem('too-large', `At most ${maxUploadBytes} bytes.`, { status: 413 });
}

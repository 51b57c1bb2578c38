import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../contract/problem.ts';
import type { Blobs } from '../blobs/blobs.ts';
import { readRange } from './range.ts';

/** A stored file, and how it may be handed out. */
export interface HandedOut {
  sha256: string;
  bytes: number;
  name: string;
  contentType: string;
  download: boolean;
}

/** Answers with a stored file, or the range of it that is asked for (RFC 9110 §14). */
export async function handOut(
  { request, reply, blobs }: { request: FastifyRequest; reply: FastifyReply; blobs: Blobs },
  { sha256, bytes, name, contentType, download }: HandedOut,
): Promise<FastifyReply> {
  quiet(reply).type(contentType).header('content-disposition', dispose(download, name));
  // The hash of the content: the strongest validator there is.
  const etag = `"${sha256}"`;
  reply.header('etag', etag).header('accept-ranges', 'bytes');
  const range = readRange(request.headers, etag, bytes);
  if (range === 'outside') {
    reply.header('content-range', `bytes */${bytes}`);
    throw new Problem('blob-range', 'The file has no such bytes.', {
      status: 416,
      params: { first: 0, last: 0, bytes },
    });
  }
  if (range === null) {
    reply.header('content-length', bytes);
    return reply.send(request.method === 'HEAD' ? Readable.from([]) : await blobs.open(sha256));
  }
  reply.code(206).header('content-length', range.last - range.first + 1);
  reply.header('content-range', `bytes ${range.first}-${range.last}/${bytes}`);
  return reply.send(request.method === 'HEAD' ? Readable.from([]) : await blobs.open(sha256, range));
}

/** Nothing that is opened from here may run, be framed, be taken for another type or stay on the disk of a shared computer. */
export function quiet(reply: FastifyReply): FastifyReply {
  return reply
    .header('content-security-policy', "default-src 'none'; sandbox; frame-ancestors 'none'")
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'private, no-store');
}

/** RFC 6266: the name for old readers, then in UTF-8 (RFC 8187). */
export function dispose(download: boolean, name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%/]/g, '_');
  const whole = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${download ? 'attachment' : 'inline'}; filename="${plain}"; filename*=UTF-8''${whole}`;
}

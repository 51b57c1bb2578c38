import { closeSync, fstatSync, openSync, read, unlinkSync, writeSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readFully } from '../engine/media/bytes.ts';
import type { DecoderInput } from '../engine/media/probe.ts';

/** A way for the decoder to the bytes, until `end`. */
export interface Reach {
  input: DecoderInput;
  end(): void;
}

/** Bytes that came as payload: a file in the scratch folder that has no name any more, so nothing is left whatever happens. */
export function reachPayload(payload: Uint8Array): Reach {
  const path = join(tmpdir(), `media-${process.pid}-${process.hrtime.bigint()}`);
  // `wx+`: without a sandbox the folder is everybody's, and a link prepared there is not followed.
  const fd = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  for (let at = 0; at < payload.length; ) at += writeSync(fd, payload, at, payload.length - at, at);
  return { input: { fd }, end: () => closeSync(fd) };
}

/**
 * The file behind a descriptor. Decoders open it anew, which is refused when only its owner may read it and the box runs as
 * somebody else (root screens the files of a user). Inside a sandbox it is then served on the box's own loopback, which nobody
 * else can reach; without one, null.
 */
export async function reachDescriptor(fd: number, sandboxed: boolean): Promise<Reach | null> {
  if (opensAnew(fd)) return { input: { fd }, end: () => {} };
  return sandboxed ? serve(fd) : null;
}

/** For the picture decoder: a path, or the bytes where opening anew is refused; null when they are too many for that. */
export function reachPicture(fd: number): string | Uint8Array | null {
  if (opensAnew(fd)) return `/proc/self/fd/${fd}`;
  const { size } = fstatSync(fd);
  if (size > maxPictureBytes) return null;
  return readFully(fd, 0, size);
}

const maxPictureBytes = 256 * 1024 * 1024;

function opensAnew(fd: number): boolean {
  try {
    closeSync(openSync(`/proc/self/fd/${fd}`, 'r'));
    return true;
  } catch {
    return false;
  }
}

async function serve(fd: number): Promise<Reach> {
  const { size } = fstatSync(fd);
  // Seldom needed, and loading it takes longer than all the rest of an examiner's start.
  const { createServer } = await import('node:http');
  const server = createServer((request, response) => {
    const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const from = Number(first);
    const to = Math.min(size, last === '' ? size : Number(last) + 1);
    if (from >= size) {
      response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
      return;
    }
    response.writeHead(206, {
      'accept-ranges': 'bytes',
      'content-length': to - from,
      'content-range': `bytes ${from}-${to - 1}/${size}`,
    });
    // A decoder that seeks hangs up in the middle of an answer.
    send(fd, from, to, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    input: { url: `http://127.0.0.1:${port}/` },
    end: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function send(fd: number, from: number, to: number, response: ServerResponse): Promise<void> {
  for (let at = from; at < to && !response.destroyed; ) {
    const length = Math.min(servedBytes, to - at);
    const { bytesRead, buffer } = await readAt(fd, Buffer.allocUnsafe(length), 0, length, at);
    if (bytesRead === 0) break;
    at += bytesRead;
    if (!response.write(buffer.subarray(0, bytesRead))) await drained(response);
  }
  response.end();
}

const servedBytes = 256 * 1024;
const readAt = promisify(read);

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
}

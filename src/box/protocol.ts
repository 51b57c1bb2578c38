import type { Readable, Writable } from 'node:stream';
import type { Card } from '../contract/card.ts';
import type { Exhibits, Finding, Media, MediaFormat, MediaKind, Signal } from '../contract/screening.ts';

/** Stages of one examination, in their usual order. */
export const stages = ['sniff', 'labels', 'provenance', 'decode', 'hash'] as const;
export type Stage = (typeof stages)[number];

/** What an examiner is told once, before any file. */
export interface Setup {
  type: 'setup';
  /** Whether the walls of the sandbox stand around the examiner. */
  sandboxed: boolean;
  trust: { anchorsPem: string; tsaAnchorsPem: string; lists: { id: string; version: string }[] };
  /** Public keys of providers that somebody vouches for: a seal under one of them says who sealed. */
  pinnedKeys: readonly { id: string; publicKeyHex: string }[];
  /** Cards, checked by the parent, with the path of the model inside the box. */
  models: { card: Card; modelFile: string }[];
}

/** One file to examine. Its bytes follow the message, or lie behind the descriptor the box was born with. */
export interface Order {
  type: 'examine';
  input: 'payload' | 'descriptor';
  exhibits: boolean;
  /** Files above this many bytes are not hashed; null hashes all. */
  hashLimit: number | null;
  /** Media seconds that are decoded at most; null decodes all. */
  windowSeconds: number | null;
  /** The decoder's own wall limit in milliseconds, below the limit of the box. */
  decodeMs: number;
  /** A stage that brought a box down before: it is run last, so that all others are heard first. */
  last: Stage | null;
}

export type ToExaminer = Setup | Order;

/** Facts as they are found; each message adds to what came before. */
export interface Part {
  type: 'part';
  bytes?: number;
  sha256?: string;
  format?: MediaFormat;
  kind?: MediaKind;
  media?: Media;
  signals?: Signal[];
  findings?: Finding[];
  exhibits?: Exhibits;
  /** Versions of tools that this file needed beyond those of the ready message. */
  tools?: Record<string, string>;
}

export type FromExaminer =
  | { type: 'ready'; tools: Record<string, string> }
  | { type: 'stage'; stage: Stage }
  | Part
  /** `spent`: something inside no longer holds; this examiner should not get another file. */
  | { type: 'done'; spent: boolean };

/** Larger messages are a fault of the sender, and so are more bytes than this about one file. Exhibits of one file stay far below. */
export const maxMessageBytes = 64 * 1024 * 1024;
/** Files up to this size travel as bytes to a long-lived examiner; larger ones are opened for a box of their own. */
export const maxPayloadBytes = 32 * 1024 * 1024;

/** Frame: 4 bytes length of the JSON, 4 bytes length of the payload (both big-endian), JSON, payload. */
export function writeMessage<Message extends { type: string }>(
  stream: Writable,
  message: Message,
  payload?: Uint8Array,
): void {
  const json = Buffer.from(JSON.stringify(message), 'utf8');
  const head = Buffer.alloc(8);
  head.writeUInt32BE(json.length, 0);
  head.writeUInt32BE(payload?.byteLength ?? 0, 4);
  stream.write(head);
  stream.write(json);
  if (payload && payload.byteLength > 0) stream.write(payload);
}

export interface Received {
  message: unknown;
  payload: Uint8Array;
  /** Size of the whole frame. */
  bytes: number;
}

/** Reads frames from a stream. Throws on a frame that is larger than allowed or is not JSON. */
export async function* readMessages(stream: Readable): AsyncGenerator<Received> {
  const reader = chunkReader(stream);
  for (;;) {
    const head = await reader.take(8);
    if (!head) return;
    const jsonLength = head.readUInt32BE(0);
    const payloadLength = head.readUInt32BE(4);
    if (jsonLength > maxMessageBytes || payloadLength > maxMessageBytes) throw new Error('message too large');
    const json = await reader.take(jsonLength);
    const payload = payloadLength > 0 ? await reader.take(payloadLength) : Buffer.alloc(0);
    if (!json || !payload) return;
    yield { message: JSON.parse(json.toString('utf8')) as unknown, payload, bytes: 8 + jsonLength + payloadLength };
  }
}

function chunkReader(stream: Readable) {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  return {
    /** Exactly `length` bytes, or null at the end of the stream. */
    async take(length: number): Promise<Buffer | null> {
      if (rest.length >= length) return cut(length);
      const parts = [rest];
      let have = rest.length;
      while (have < length) {
        const next = await chunks.next();
        if (next.done) return null;
        parts.push(next.value);
        have += next.value.length;
      }
      rest = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, have);
      return cut(length);
    },
  };

  function cut(length: number): Buffer {
    const taken = rest.subarray(0, length);
    rest = rest.subarray(length);
    return taken;
  }
}

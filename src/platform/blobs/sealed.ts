import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/**
 * A sealed blob: a header of 64 bytes, then the content in chunks of 64 KiB, each AES-256-GCM ciphertext and its tag of 16 bytes.
 * An empty blob has one empty chunk.
 *
 *     0  8  `CMBLOB1\n`
 *     8  8  which key
 *    16 32  salt: HKDF-SHA-256 makes from it a key for this file alone, so nonces can simply count
 *    48 16  tag over all that, the content's SHA-256 and its length: the file cannot stand under another address or be cut
 *
 * A chunk's nonce is its number; its number and whether it is the last one are authenticated with it (STREAM: Hoang, Reyhanitabar,
 * Rogaway, Vizár 2015), so chunks cannot be moved, repeated or left out.
 */
export const headerBytes = 64;
export const chunkBytes = 64 * 1024;
export const sealedChunkBytes = chunkBytes + 16;

export interface BlobKey {
  /** 16 hex digits, stored with every blob and named when the key is missing. Says nothing about the key. */
  id: string;
  secret: Uint8Array;
}

/** Throws for anything but 32 bytes. */
export function makeKey(secret: Uint8Array): BlobKey {
  if (secret.length !== 32) throw new RangeError(`a blob key has 32 bytes, not ${secret.length}`);
  return { id: Buffer.from(hkdfSync('sha256', secret, '', 'clearmirror blob key id', 8)).toString('hex'), secret };
}

export interface Sealer {
  chunk(number: number, content: Uint8Array, last: boolean): Uint8Array[];
  /** Known only when all chunks are written. */
  header(sha256: string, bytes: number): Buffer;
}

export function beginSealing(key: BlobKey): Sealer {
  const preamble = Buffer.concat([magic, Buffer.from(key.id, 'hex'), randomBytes(32)]);
  const fileKey = fileKeyOf(key, preamble);
  return {
    chunk(number, content, last) {
      const cipher = createCipheriv(algorithm, fileKey, nonceOf(BigInt(number)));
      cipher.setAAD(chunkContext(number, last));
      const ciphertext = cipher.update(content);
      cipher.final();
      return [ciphertext, cipher.getAuthTag()];
    },
    header(sha256, bytes) {
      const cipher = createCipheriv(algorithm, fileKey, nonceOf(headerNumber));
      cipher.setAAD(headerContext(preamble, sha256, bytes)).final();
      return Buffer.concat([preamble, cipher.getAuthTag()]);
    },
  };
}

export type Unsealing =
  | { state: 'open'; chunk(number: number, sealed: Uint8Array, last: boolean): Buffer | null }
  | { state: 'damaged' }
  | { state: 'key-missing'; id: string };

/** Checks that the header belongs to this content under one of the keys; `chunk` then gives null for a chunk that does not. */
export function beginUnsealing(keys: BlobKey[], header: Buffer, sha256: string, bytes: number): Unsealing {
  const preamble = header.subarray(0, preambleBytes);
  if (header.length !== headerBytes || !header.subarray(0, magic.length).equals(magic)) return { state: 'damaged' };
  const id = header.toString('hex', 8, 16);
  const key = keys.find((known) => known.id === id);
  if (!key) return { state: 'key-missing', id };
  const fileKey = fileKeyOf(key, preamble);
  const context = headerContext(preamble, sha256, bytes);
  const tag = header.subarray(preambleBytes);
  if (!decrypt(fileKey, headerNumber, context, Buffer.alloc(0), tag)) return { state: 'damaged' };
  return {
    state: 'open',
    chunk(number, sealed, last) {
      const [ciphertext, tagOfChunk] = [sealed.subarray(0, -16), sealed.subarray(-16)];
      return decrypt(fileKey, BigInt(number), chunkContext(number, last), ciphertext, tagOfChunk);
    },
  };
}

/** How long the content of a sealed file of that length is; null for a length that none can have. */
export function contentBytes(fileBytes: number): number | null {
  const body = fileBytes - headerBytes;
  const chunks = Math.ceil(body / sealedChunkBytes);
  const bytes = body - 16 * chunks;
  const cutInTag = chunks > 0 && body - (chunks - 1) * sealedChunkBytes < 16;
  const emptyLast = chunks > 1 && bytes % chunkBytes === 0 && bytes / chunkBytes < chunks;
  return chunks < 1 || cutInTag || emptyLast ? null : bytes;
}

const algorithm = 'aes-256-gcm';
const magic = Buffer.from('CMBLOB1\n');
const preambleBytes = 48;
const headerNumber = 2n ** 64n - 1n;

function fileKeyOf({ secret }: BlobKey, preamble: Buffer): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, preamble.subarray(16), 'clearmirror blob content v1', 32));
}

function nonceOf(number: bigint): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(number, 4);
  return nonce;
}

function chunkContext(number: number, last: boolean): Buffer {
  const context = Buffer.alloc(9);
  context.writeBigUInt64BE(BigInt(number));
  context.writeUInt8(last ? 1 : 0, 8);
  return context;
}

function headerContext(preamble: Buffer, sha256: string, bytes: number): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(bytes));
  return Buffer.concat([preamble, Buffer.from(sha256, 'hex'), length]);
}

function decrypt(key: Uint8Array, number: bigint, context: Buffer, ciphertext: Uint8Array, tag: Uint8Array) {
  // A tag of another length would be accepted and is easier to guess.
  if (tag.length !== 16) return null;
  const decipher = createDecipheriv(algorithm, key, nonceOf(number), { authTagLength: 16 });
  decipher.setAAD(context).setAuthTag(tag);
  const content = decipher.update(ciphertext);
  try {
    decipher.final();
    return content;
  } catch {
    return null;
  }
}

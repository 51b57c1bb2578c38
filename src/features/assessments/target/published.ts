import { createHash } from 'node:crypto';
import { type Dirent, constants as flags } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { AwsV4Signer } from 'aws4fetch';
import { SaxesParser } from 'saxes';
import type { PublishedPlace } from '../../../contract/target.ts';
import { errorCode } from '../../../platform/error-code.ts';
import type { Answer } from './client.ts';
import { TargetFailure } from './failure.ts';

/** A file as the public gets it from a folder or bucket. */
export interface PublishedFile {
  /** Its path or address as it is. */
  key: string;
  /** Below the place, without what would disturb a line of text. */
  name: string;
  url: string;
  read(maxBytes: number): Promise<Buffer>;
}

export interface PlaceTools {
  get: (url: string, maxBytes: number, options: { headers: Record<string, string> }) => Promise<Answer>;
  /** Value of a secret of the target. */
  secret: (name: string) => string | undefined;
  /** The same one draws the same lot. */
  seed: string;
}

/** attacker-controlled number: a place may hold any number of files. */
const mostListed = 100_000;

/** What lies at the place, in the order in which it is to be looked at. Throws a TargetFailure where it cannot be listed. */
export async function listPublished(place: PublishedPlace, tools: PlaceTools): Promise<PublishedFile[]> {
  const { folder, bucket } = place;
  const files = bucket ? await listBucket(bucket, tools) : await listFolder(folder ?? '', place.name);
  const lot = ({ key }: PublishedFile) => createHash('sha256').update(`${tools.seed}\0${key}`).digest('hex');
  return files
    .map((file) => ({ file, lot: lot(file) }))
    .toSorted((one, other) => (one.lot < other.lot ? -1 : 1))
    .map(({ file }) => file);
}

/** Regular files only: a link could lead out of it. */
async function listFolder(folder: string, label: string): Promise<PublishedFile[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    throw new TargetFailure('nothing-there', { path: `${label} (${errorCode(error) ?? '?'})` }, error);
  }
  return (
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({ path, key: relative(folder, path).split(sep).join('/') }))
      // What is hidden, and what lies in a hidden folder, is not published.
      .filter(({ key }) => !key.split('/').some((segment) => segment.startsWith('.')))
      .slice(0, mostListed)
      .map(({ path, key }) => {
        const name = plain(key);
        return { key, name, url: `${label}/${name}`, read: (maxBytes) => readRegular(path, maxBytes) };
      })
  );
}

async function readRegular(path: string, maxBytes: number): Promise<Buffer> {
  try {
    // Between the list and now it may have become a link, or a pipe on which nobody writes.
    const handle = await open(path, flags.O_RDONLY | flags.O_NOFOLLOW | flags.O_NONBLOCK);
    try {
      const facts = await handle.stat();
      if (!facts.isFile()) throw new TargetFailure('nothing-there', { path: plain(basename(path)) });
      if (facts.size > maxBytes) throw new TargetFailure('too-large', { megabytes: Math.round(maxBytes / 1e6) });
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof TargetFailure) throw error;
    throw new TargetFailure('nothing-there', { path: `${plain(basename(path))} (${errorCode(error) ?? '?'})` }, error);
  }
}

type Bucket = NonNullable<PublishedPlace['bucket']>;

/** Objects below the prefix, by ListObjectsV2; addresses in path style, which every S3-compatible store takes. */
async function listBucket(bucket: Bucket, { get, secret }: PlaceTools): Promise<PublishedFile[]> {
  const { endpoint, name, prefix, region } = bucket;
  const keyId = bucket.keyId === undefined ? undefined : secret(bucket.keyId);
  const key = bucket.key === undefined ? undefined : secret(bucket.key);

  async function ask(url: string, maxBytes: number): Promise<Answer> {
    const headers = keyId && key ? await signed(url, { keyId, key, region }) : {};
    const answer = await get(url, maxBytes, { headers });
    if (answer.status !== 200)
      throw new TargetFailure('status', { status: answer.status, place: new URL(url).pathname });
    return answer;
  }

  const files = new Map<string, PublishedFile>();
  let token: string | null = null;
  // attacker-controlled number: a store could always promise one page more.
  for (let pages = 0; pages < mostPages && files.size < mostListed; pages++) {
    const query = new URLSearchParams({
      'list-type': '2',
      prefix,
      ...(token === null ? {} : { 'continuation-token': token }),
    });
    const page = listing((await ask(`${endpoint}/${name}?${query}`, maxListBytes)).bytes.toString('utf8'));
    for (const one of page.keys) {
      // A folder that somebody made in a console, or a name that an address would resolve to something else.
      if (one.endsWith('/') || one.split('/').some((segment) => /^\.{0,2}$/.test(segment))) continue;
      const url = `${endpoint}/${name}/${one.split('/').map(encodeSegment).join('/')}`;
      files.set(url, { key: url, name: plain(one), url, read: async (maxBytes) => (await ask(url, maxBytes)).bytes });
    }
    token = page.next;
    if (token === null) break;
  }
  return [...files.values()];
}

const mostPages = 200;
const maxListBytes = 16 * 1024 * 1024;

/** AWS Signature Version 4. */
async function signed(url: string, { keyId, key, region }: { keyId: string; key: string; region: string }) {
  const signer = new AwsV4Signer({ url, accessKeyId: keyId, secretAccessKey: key, service: 's3', region });
  const { headers } = await signer.sign();
  return Object.fromEntries([...headers].filter(([name]) => name !== 'host'));
}

/** As SigV4 wants it in a path: encodeURIComponent leaves `!'()*`. */
function encodeSegment(segment: string): string {
  const encoded = encodeURIComponent(segment.toWellFormed());
  return encoded.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function listing(xml: string): { keys: string[]; next: string | null } {
  const keys: string[] = [];
  let next: string | null = null;
  const path: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw new TargetFailure('not-a-listing', {}, error);
  });
  parser.on('opentag', ({ name }) => path.push(name));
  parser.on('closetag', () => void path.pop());
  parser.on('text', (text) => {
    const place = path.join('/');
    if (place === 'ListBucketResult/Contents/Key') keys.push(text);
    if (place === 'ListBucketResult/NextContinuationToken') next = text;
  });
  parser.write(xml).close();
  return { keys, next };
}

function plain(name: string): string {
  return name.toWellFormed().replace(/\p{C}/gu, '\u{FFFD}').slice(0, 500);
}

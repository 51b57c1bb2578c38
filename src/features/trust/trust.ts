import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Lang } from '../../contract/lang.ts';
import { judgeAnchors, maxListBytes, sha256Of } from './anchors.ts';
import { refuse } from './refusal.ts';
import {
  changeLists,
  findLists,
  type ListKind,
  listIdPattern,
  pemFile,
  placeList,
  readList,
  type StoredList,
  shelfOf,
} from './stored-lists.ts';

export { type ListSource, type ListUpdate, parseSource, updateTrustLists } from './update.ts';

/** An installed list of authorities. Which signers are trusted is a choice of the installation, so it is data. */
export interface TrustList {
  id: string;
  name: string;
  version: string;
  /** Of the list as it was given, hex. */
  sha256: string;
  /** `signer`: vouches for signers of manifests. `tsa`: vouches for time stamps. */
  kind: ListKind;
  /** How many certificates. */
  certificates: number;
  /** When each certificate ends, ISO 8601, earliest first. */
  validUntil: string[];
  addedAt: string;
  updatedAt: string;
  /** File name or address that it came from. */
  source: string;
}

export interface BrokenTrustList {
  id: string;
  reason: string;
}

/**
 * The installed lists by id. A list whose file is damaged stops everything with a Problem: screening on without it
 * would call signers unlisted whom the operator trusts.
 */
export function installedTrustLists(dataFolder: string, lang: Lang = 'en'): TrustList[] {
  const { lists, broken } = listTrust(dataFolder);
  const [first] = broken;
  if (first) throw refuse(lang, 'trust-list-broken', { id: first.id, reason: first.reason });
  return lists;
}

/** The certificates of the installed lists, for the manifest reader. */
export function readAnchors(dataFolder: string): { anchorsPem: string; tsaAnchorsPem: string } {
  const shelf = shelfOf(dataFolder);
  const pemOf = (kind: ListKind) =>
    installedTrustLists(dataFolder)
      .filter((list) => list.kind === kind)
      .map(({ id }) => readFileSync(pemFile(shelf, id), 'utf8'))
      .join('\n');
  return { anchorsPem: pemOf('signer'), tsaAnchorsPem: pemOf('tsa') };
}

/** Every list on the shelf, sound or damaged. */
export function listTrust(dataFolder: string): { lists: TrustList[]; broken: BrokenTrustList[] } {
  const shelf = shelfOf(dataFolder);
  const found = findLists(shelf).map((id) => ({ id, ...readList(shelf, id) }));
  return {
    lists: found.flatMap(({ list }) => (list ? [describeList(list)] : [])),
    broken: found.flatMap(({ id, reason }) => (reason === null ? [] : [{ id, reason }])),
  };
}

export interface AddTrustList {
  dataFolder: string;
  file: string;
  id: string;
  kind: ListKind;
  name?: string | undefined;
  /** Given by the list's keeper; else the date of adding. */
  version?: string | undefined;
  now: Date;
  lang: Lang;
}

/** Installs a list from a PEM file, or throws a Problem and leaves everything as it was. */
export async function addTrustList(request: AddTrustList): Promise<TrustList> {
  const { dataFolder, file, id, kind, now, lang } = request;
  if (!listIdPattern.test(id)) throw refuse(lang, 'trust-bad-id', { id });
  const bytes = await readListFile(file, lang);
  const certificates = judgeAnchors(bytes, basename(file), lang);
  return changeLists(dataFolder, lang, async (changes, shelf) => {
    if (findLists(shelf).includes(id)) throw refuse(lang, 'trust-exists', { id });
    const list: StoredList = {
      schema: 'clearmirror.trust-list/1',
      id,
      name: request.name?.trim() || id,
      version: request.version?.trim() || now.toISOString().slice(0, 10),
      kind,
      sha256: sha256Of(bytes),
      addedAt: now.toISOString(),
      updatedAt: now.toISOString(),
      source: basename(file),
      certificates,
    };
    await placeList(changes, list, bytes);
    return describeList(list);
  });
}

export async function removeTrustList(request: { dataFolder: string; id: string; lang: Lang }): Promise<void> {
  const { dataFolder, id, lang } = request;
  await changeLists(dataFolder, lang, async ({ takeOff }, shelf) => {
    if (!findLists(shelf).includes(id)) throw refuse(lang, 'trust-unknown', { id });
    await takeOff(id);
  });
}

function describeList(list: StoredList): TrustList {
  const { id, name, version, sha256, kind, certificates, addedAt, updatedAt, source } = list;
  const validUntil = certificates.map((certificate) => certificate.validUntil).sort();
  return { id, name, version, sha256, kind, certificates: certificates.length, validUntil, addedAt, updatedAt, source };
}

async function readListFile(file: string, lang: Lang): Promise<Buffer> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      if (size > maxListBytes) throw refuse(lang, 'trust-too-large', { source: file, limit: maxListBytes });
      const bytes = Buffer.alloc(maxListBytes + 1);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
      return bytes.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) throw error;
    throw refuse(lang, 'trust-path-missing', { file, reason: String(error.code) }, error);
  }
}

import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { Lang } from '../../contract/lang.ts';
import { errorCode } from '../../platform/error-code.ts';
import { type Anchor, judgeAnchors, sha256Of } from './anchors.ts';
import { download } from './download.ts';
import { refuse } from './refusal.ts';
import {
  changeLists,
  findLists,
  type ListKind,
  listIdPattern,
  listKindSchema,
  placeList,
  readList,
  type StoredList,
  shelfOf,
} from './stored-lists.ts';

/** Where a list is kept by its keeper. */
export interface ListSource {
  id: string;
  name: string;
  kind: ListKind;
  url: string;
}

export interface ListUpdate {
  id: string;
  state: 'installed' | 'updated' | 'unchanged';
  url: string;
  version: string;
  certificates: number;
  /** Subjects of authorities that are new, and that are no longer there. */
  added: string[];
  removed: string[];
}

/** Addresses that c2patool's documentation names (c2pa-org/conformance-public, `trust-list/`). */
const officialSources: ListSource[] = [
  {
    id: 'c2pa',
    name: 'C2PA Trust List',
    kind: 'signer',
    url: 'https://raw.githubusercontent.com/c2pa-org/conformance-public/refs/heads/main/trust-list/C2PA-TRUST-LIST.pem',
  },
  {
    id: 'c2pa-tsa',
    name: 'C2PA Time-Stamping Authority Trust List',
    kind: 'tsa',
    url: 'https://raw.githubusercontent.com/c2pa-org/conformance-public/refs/heads/main/trust-list/C2PA-TSA-TRUST-LIST.pem',
  },
];

export interface UpdateTrustLists {
  dataFolder: string;
  /** Instead of the official sources and those of `update.json`. */
  sources?: ListSource[] | undefined;
  /** Take a list that loses more than half of its authorities. */
  force: boolean;
  now: Date;
  lang: Lang;
  /** For each list. */
  timeoutMs?: number;
  /** Told before each list is fetched. */
  onFetch?: (source: ListSource) => void;
}

/**
 * Fetches the lists and installs them. The only outside call of Clearmirror, made only when a person asks for it. Every
 * list is fetched and judged before the first one is changed; on a failure until then all stay as they were.
 */
export async function updateTrustLists(request: UpdateTrustLists): Promise<ListUpdate[]> {
  const { dataFolder, now, lang, timeoutMs = 30_000 } = request;
  const settings = readSettings(dataFolder, lang);
  const sources = request.sources ?? settings.sources ?? officialSources;
  const fetched: { source: ListSource; bytes: Buffer; certificates: Anchor[] }[] = [];
  for (const source of sources) {
    request.onFetch?.(source);
    const pins = settings.pins[source.id] ?? { keys: [] };
    const authorities = settings.authorities;
    const bytes = await download({ url: source.url, keyPins: pins.keys, authorities, timeoutMs, lang });
    const sha256 = sha256Of(bytes);
    if (pins.sha256 !== undefined && pins.sha256.toLowerCase() !== sha256) {
      throw refuse(lang, 'trust-wrong-content', { url: source.url, sha256 });
    }
    fetched.push({ source, bytes, certificates: judgeAnchors(bytes, source.url, lang) });
  }
  return changeLists(dataFolder, lang, async (changes, shelf) => {
    const wanted = fetched.map((one) => ({ ...one, before: currentList(shelf, one.source.id) }));
    for (const one of wanted) if (!request.force) refuseToShrink(one, lang);
    const updates: ListUpdate[] = [];
    for (const { source, bytes, certificates, before } of wanted) {
      const list = nextList({ source, bytes, certificates, before, now });
      await placeList(changes, list, bytes);
      updates.push(describeUpdate(list, before));
    }
    return updates;
  });
}

/** `id=https://…` for a list of signers, `tsa:id=https://…` for one of time-stamp authorities. */
export function parseSource(text: string, lang: Lang): ListSource {
  const { tsa, id = '', url = '' } = /^(?<tsa>tsa:)?(?<id>[^=:/]+)=(?<url>.+)$/.exec(text)?.groups ?? {};
  if (!listIdPattern.test(id) || !URL.canParse(url)) throw refuse(lang, 'trust-bad-source', { source: text });
  const official = officialSources.find((source) => source.id === id);
  return { id, name: official?.name ?? id, kind: tsa ? 'tsa' : (official?.kind ?? 'signer'), url };
}

const settingsSchema = z.strictObject({
  /** Instead of the official sources. */
  sources: z
    .array(
      z.strictObject({ id: z.string().regex(listIdPattern), name: z.string(), kind: listKindSchema, url: z.url() }),
    )
    .min(1)
    .optional(),
  /** By list id: the only content that is taken (hex), the only keys that the server may have (base64). */
  pins: z
    .record(
      z.string(),
      z.strictObject({
        sha256: z
          .string()
          .regex(/^[0-9a-fA-F]{64}$/)
          .optional(),
        keys: z.array(z.string().regex(/^[A-Za-z0-9+/]{43}=$/)).default([]),
      }),
    )
    .default({}),
  /** PEM file with further certificate authorities of servers; a relative path starts in the trust folder. */
  authoritiesFile: z.string().optional(),
});

/** `<dataFolder>/trust/update.json`, written by the operator. A mistake in it must not silently drop a pin. */
function readSettings(dataFolder: string, lang: Lang) {
  const shelf = shelfOf(dataFolder);
  const file = join(shelf, 'update.json');
  try {
    const text = readIfThere(file);
    const { authoritiesFile, ...settings } = settingsSchema.parse(text === null ? {} : JSON.parse(text));
    const path =
      authoritiesFile === undefined || isAbsolute(authoritiesFile) ? authoritiesFile : join(shelf, authoritiesFile);
    return { ...settings, authorities: path === undefined ? '' : readFileSync(path, 'utf8') };
  } catch (error) {
    const reason =
      error instanceof z.ZodError
        ? error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
        : String(error instanceof Error ? error.message : error);
    throw refuse(lang, 'trust-bad-settings', { file, reason }, error);
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** A damaged list counts as none: the update repairs it. */
function currentList(shelf: string, id: string): StoredList | null {
  return findLists(shelf).includes(id) ? readList(shelf, id).list : null;
}

function refuseToShrink(
  { source, certificates, before }: { source: ListSource; certificates: Anchor[]; before: StoredList | null },
  lang: Lang,
): void {
  if (!before) return;
  const kept = new Set(certificates.map(({ sha256 }) => sha256));
  const lost = before.certificates.filter(({ sha256 }) => !kept.has(sha256)).length;
  if (lost * 2 <= before.certificates.length) return;
  throw refuse(lang, 'trust-shrinks', { id: source.id, lost, before: before.certificates.length });
}

function nextList(change: {
  source: ListSource;
  bytes: Buffer;
  certificates: Anchor[];
  before: StoredList | null;
  now: Date;
}): StoredList {
  const { source, bytes, certificates, before, now } = change;
  const sha256 = sha256Of(bytes);
  const isSame = before?.sha256 === sha256;
  return {
    schema: 'clearmirror.trust-list/1',
    id: source.id,
    name: source.name,
    // The same list stays the same version: records made with it stay the same.
    version: isSame ? before.version : now.toISOString().slice(0, 10),
    kind: source.kind,
    sha256,
    addedAt: before?.addedAt ?? now.toISOString(),
    updatedAt: now.toISOString(),
    source: source.url,
    certificates,
  };
}

function describeUpdate(list: StoredList, before: StoredList | null): ListUpdate {
  const known = new Set(before?.certificates.map(({ sha256 }) => sha256));
  const now = new Set(list.certificates.map(({ sha256 }) => sha256));
  return {
    id: list.id,
    state: !before ? 'installed' : before.sha256 === list.sha256 ? 'unchanged' : 'updated',
    url: list.source,
    version: list.version,
    certificates: list.certificates.length,
    added: list.certificates.filter(({ sha256 }) => !known.has(sha256)).map(({ subject }) => subject),
    removed: (before?.certificates ?? []).filter(({ sha256 }) => !now.has(sha256)).map(({ subject }) => subject),
  };
}

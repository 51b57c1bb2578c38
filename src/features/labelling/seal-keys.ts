import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Say } from '../../contract/words.ts';
import type { PinnedKey } from '../../engine/labels/aigc/seal.ts';
import { newSealKey, type SealKey, sealKeyFrom } from '../../engine/labels/aigc/sealing.ts';
import { changeShelf, findThings, folderOf, writeDurably } from '../../platform/shelf.ts';
import { refusal } from './refusals.ts';

/**
 * SM2 keys that seal labels, and public keys of others that somebody vouches for, in `<data folder>/seal-keys/<id>/key.json`.
 * At most one key is current. A retired one keeps its public half, so that what it sealed can still be recognised.
 */
export interface KeyEntry {
  id: string;
  state: 'current' | 'retired' | 'pinned';
  publicKeyHex: string;
  createdAt: string;
  retiredAt: string | null;
  /** Whether the private half is there, and whether a passphrase guards it. */
  private: 'none' | 'plain' | 'encrypted';
}

export interface KeyRing {
  dataFolder: string;
  /** `CLEARMIRROR_KEY_PASSPHRASE`; without one, private halves lie in a file that only its owner may read. */
  passphrase: string | undefined;
  say: Say;
}

export function listKeys(dataFolder: string): KeyEntry[] {
  return stored(dataFolder).map(describe);
}

/** Every public key that is vouched for: own ones, also retired, and pinned ones. */
export function pinnedKeys(dataFolder: string): PinnedKey[] {
  return stored(dataFolder).map(({ id, publicKeyHex }) => ({ id, publicKeyHex }));
}

/** The key that seals now, or null where there is none. Throws a Problem when a passphrase is missing or wrong. */
export function currentKey({ dataFolder, passphrase, say }: KeyRing): SealKey | null {
  const key = stored(dataFolder)
    .filter(({ state }) => state === 'current')
    .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))
    .at(-1);
  if (!key?.secret) return null;
  const privateKeyHex = 'plain' in key.secret ? key.secret.plain : decrypt(key.secret, passphrase, key.id, say);
  return { privateKeyHex, publicKeyHex: key.publicKeyHex };
}

/** Makes or takes a key and lets it seal from now on; the one before is retired, its private half destroyed. */
export async function installKey(
  ring: KeyRing,
  { id, privateKeyHex, now }: { id: string; privateKeyHex: string | null; now: Date },
): Promise<KeyEntry> {
  const { dataFolder, passphrase, say } = ring;
  refuseBadId(id, say);
  const key = privateKeyHex === null ? newSealKey() : sealKeyFrom(privateKeyHex);
  if (!key) throw refusal(say, 'seal-key-bad');
  const entry: StoredKey = {
    id,
    state: 'current',
    publicKeyHex: key.publicKeyHex,
    createdAt: now.toISOString(),
    retiredAt: null,
    secret: passphrase ? encrypt(key.privateKeyHex, passphrase) : { plain: key.privateKeyHex },
  };
  await change(ring, async (place) => {
    if (findThings(shelfOf(dataFolder)).includes(id)) throw refusal(say, 'seal-key-exists', { id });
    // The new one first: dying in between leaves two, and the newer one seals.
    await place(entry);
    for (const old of stored(dataFolder)) {
      if (old.id === id || old.state !== 'current') continue;
      await place({ ...old, state: 'retired', retiredAt: now.toISOString(), secret: null });
    }
  });
  return describe(entry);
}

/** Vouches for somebody else's public key. */
export async function pinKey(
  ring: KeyRing,
  { id, publicKeyHex, now }: { id: string; publicKeyHex: string; now: Date },
) {
  const { dataFolder, say } = ring;
  refuseBadId(id, say);
  const hex = publicKeyHex.trim().toLowerCase();
  if (!/^(04[0-9a-f]{128}|[0-9a-f]{128}|0[23][0-9a-f]{64})$/.test(hex)) throw refusal(say, 'seal-key-bad-public');
  const entry: StoredKey = {
    id,
    state: 'pinned',
    publicKeyHex: hex,
    createdAt: now.toISOString(),
    retiredAt: null,
    secret: null,
  };
  await change(ring, async (place) => {
    if (findThings(shelfOf(dataFolder)).includes(id)) throw refusal(say, 'seal-key-exists', { id });
    await place(entry);
  });
  return describe(entry);
}

/** Forgets a pinned or retired key. The current one is replaced by a new one, never just taken away. */
export async function forgetKey(ring: KeyRing, id: string): Promise<void> {
  const { dataFolder, say } = ring;
  const known = stored(dataFolder).find((key) => key.id === id);
  if (!known) throw refusal(say, 'seal-key-unknown', { id });
  if (known.state === 'current') throw refusal(say, 'seal-key-current', { id });
  await changeShelf(shelfOf(dataFolder), busy(say), async ({ takeOff }) => {
    await takeOff(id);
  });
}

const secretSchema = z.union([
  z.object({ plain: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.object({ salt: z.string(), nonce: z.string(), sealed: z.string(), tag: z.string() }),
]);
type Encrypted = Exclude<z.infer<typeof secretSchema>, { plain: string }>;

const storedSchema = z.object({
  id: z.string(),
  state: z.enum(['current', 'retired', 'pinned']),
  publicKeyHex: z.string(),
  createdAt: z.string(),
  retiredAt: z.string().nullable(),
  secret: secretSchema.nullable(),
});
type StoredKey = z.infer<typeof storedSchema>;

function shelfOf(dataFolder: string): string {
  return join(dataFolder, 'seal-keys');
}

function stored(dataFolder: string): StoredKey[] {
  const shelf = shelfOf(dataFolder);
  return findThings(shelf).flatMap((id) => {
    try {
      const parsed = storedSchema.safeParse(JSON.parse(readFileSync(join(folderOf(shelf, id), 'key.json'), 'utf8')));
      return parsed.success ? [parsed.data] : [];
    } catch {
      // Read by somebody who may not, or half a folder of another program: it is no key for us.
      return [];
    }
  });
}

function describe({ id, state, publicKeyHex, createdAt, retiredAt, secret }: StoredKey): KeyEntry {
  const kept = secret === null ? 'none' : 'plain' in secret ? 'plain' : 'encrypted';
  return { id, state, publicKeyHex, createdAt, retiredAt, private: kept };
}

async function change({ dataFolder, say }: KeyRing, act: (place: (key: StoredKey) => Promise<void>) => Promise<void>) {
  await changeShelf(shelfOf(dataFolder), busy(say), (shelf) =>
    act((key) =>
      shelf.place(key.id, (draft) => writeDurably(join(draft, 'key.json'), `${JSON.stringify(key, null, 2)}\n`, 0o600)),
    ),
  );
}

function busy(say: Say) {
  return ({ holder, lock }: { holder: number; lock: string }, cause: unknown) =>
    refusal(say, 'seal-keys-busy', { holder, lock }, cause);
}

function refuseBadId(id: string, say: Say): void {
  if (!/^[a-z0-9][a-z0-9-]{0,40}$/.test(id)) throw refusal(say, 'seal-key-bad-id', { id });
}

/** scrypt with N = 2^15, r = 8, p = 1 (RFC 7914), then AES-256-GCM. */
function keyFrom(passphrase: string, salt: Buffer): Buffer {
  return scryptSync(passphrase, salt, 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 });
}

function encrypt(text: string, passphrase: string): Encrypted {
  const [salt, nonce] = [randomBytes(16), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', keyFrom(passphrase, salt), nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const [a, b, c, d] = [salt, nonce, sealed, cipher.getAuthTag()].map((part) => part.toString('base64'));
  return { salt: a ?? '', nonce: b ?? '', sealed: c ?? '', tag: d ?? '' };
}

function decrypt(secret: Encrypted, passphrase: string | undefined, id: string, say: Say): string {
  if (!passphrase) throw refusal(say, 'seal-key-locked', { id });
  const bytes = (text: string) => Buffer.from(text, 'base64');
  try {
    const key = keyFrom(passphrase, bytes(secret.salt));
    const cipher = createDecipheriv('aes-256-gcm', key, bytes(secret.nonce)).setAuthTag(bytes(secret.tag));
    return Buffer.concat([cipher.update(bytes(secret.sealed)), cipher.final()]).toString('utf8');
  } catch (error) {
    throw refusal(say, 'seal-key-passphrase', { id }, error);
  }
}

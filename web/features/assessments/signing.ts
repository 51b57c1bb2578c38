/**
 * A key of this browser: made here, kept in its database, and never to be taken out (`extractable: false`). Whoever signs in on another
 * machine makes another. Ed25519 (RFC 8032) by the Web Cryptography API.
 */
interface KeptKey {
  person: string;
  publicKey: string;
  privateKey: CryptoKey;
}

export async function makeKey(person: string): Promise<{ publicKey: string; proof: string }> {
  const made = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
  if (!('privateKey' in made)) throw new Error('no pair of keys was made');
  const publicKey = base64url(new Uint8Array(await crypto.subtle.exportKey('raw', made.publicKey)));
  const text = new TextEncoder().encode(`clearmirror signing key ${person}`);
  const proof = base64url(new Uint8Array(await crypto.subtle.sign('Ed25519', made.privateKey, text)));
  await inStore('readwrite', (store) =>
    store.put({ person, publicKey, privateKey: made.privateKey } satisfies KeptKey),
  );
  return { publicKey, proof };
}

/** The private half of one of these public keys, if this browser has it. */
export async function keyHere(publicKeys: readonly string[]): Promise<KeptKey | null> {
  const kept = await inStore<KeptKey[]>('readonly', (store) => store.getAll());
  return kept.find(({ publicKey }) => publicKeys.includes(publicKey)) ?? null;
}

/** Over the 32 bytes of the hash. */
export async function signHash({ privateKey }: KeptKey, sha256: string): Promise<string> {
  const bytes = Uint8Array.from(sha256.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return base64url(new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, bytes)));
}

function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function inStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('clearmirror-signing', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('key', { keyPath: 'publicKey' });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const request = work(opening.result.transaction('key', mode).objectStore('key'));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    };
  });
}

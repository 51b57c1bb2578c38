import { useSyncExternalStore } from 'react';

/** The drops of this tab, newest first: a reload brings their rows back. */
export function useBatches(organisation: string): readonly string[] {
  const kept = useSyncExternalStore(watch, () => sessionStorage.getItem(keyOf(organisation)) ?? '');
  return kept === '' ? [] : kept.split(' ');
}

export function rememberBatch(organisation: string, batch: string): void {
  const kept = (sessionStorage.getItem(keyOf(organisation)) ?? '').split(' ').filter(Boolean);
  if (kept.includes(batch)) return;
  sessionStorage.setItem(keyOf(organisation), [batch, ...kept].slice(0, 8).join(' '));
  for (const listener of listeners) listener();
}

export function forgetBatch(organisation: string, batch: string): void {
  const kept = (sessionStorage.getItem(keyOf(organisation)) ?? '').split(' ').filter((one) => one !== batch);
  sessionStorage.setItem(keyOf(organisation), kept.join(' '));
  for (const listener of listeners) listener();
}

/** A random UUID (RFC 9562 version 4). `crypto.randomUUID` is missing over plain http in the house. */
export function newBatch(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

const listeners = new Set<() => void>();

function keyOf(organisation: string): string {
  return `clearmirror.batches.${organisation}`;
}

function watch(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

import { useSyncExternalStore } from 'react';
import type { Preferences } from '../../src/contract/accounts.ts';
import { mono, palettes, type Shade, sans } from './palettes.ts';

export type Wish = Preferences['theme'];

/** What the person asked for on this machine; a signed-in person's preference is written here too. */
export function wishedTheme(): Wish {
  const kept = localStorage.getItem(key);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function wishTheme(wish: Wish): void {
  localStorage.setItem(key, wish);
  paint();
}

/** Light or dark, now. */
export function useShade(): Shade {
  return useSyncExternalStore(watch, shadeNow);
}

/** Puts the palette on the page as CSS variables. Through the style object: the content security policy allows that. */
export function paint(): void {
  const shade = shadeNow();
  const { documentElement: root } = document;
  root.dataset['theme'] = shade;
  for (const [name, value] of Object.entries(palettes[shade])) root.style.setProperty(`--${name}`, value);
  root.style.setProperty('--sans', sans);
  root.style.setProperty('--mono', mono);
  for (const listener of listeners) listener();
}

const key = 'clearmirror.theme';
const listeners = new Set<() => void>();
const system = matchMedia('(prefers-color-scheme: dark)');
system.addEventListener('change', paint);

function shadeNow(): Shade {
  const wish = wishedTheme();
  if (wish === 'system') return system.matches ? 'dark' : 'light';
  return wish;
}

function watch(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

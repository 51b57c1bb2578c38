import type { ComponentType } from 'react';
import type { RouteObject } from 'react-router';
import type { Me, Organisation, Role } from '../../src/contract/accounts.ts';
import type { Say } from '../words/words.ts';

/**
 * What one feature gives to the frame. Everything is small or lazy: this is part of the first load, pages are not.
 * `web/README.md` shows how to write one.
 */
export interface Feature {
  /** Pages inside the frame, for people who are signed in. Paths relative to `/`. */
  pages: RouteObject[];
  /** Pages for everybody, without the frame. */
  openPages?: RouteObject[];
  /** Lines of the rail, in their order. */
  entries?: Entry[];
  /** Places and actions that the palette offers besides the rail's lines. */
  commands?: Command[];
  /** What the server tells at once when it changes: topic → the word with which the keys of queries begin that are then read again. */
  topics?: Record<string, string>;
  /** Where a thing that is named in the activity has its page: type of subject → path. */
  opens?: Record<string, (id: string) => string>;
  /** Finds the feature's own things by name, while somebody types in the palette. */
  find?: () => Promise<{ find: Find }>;
  /** What needs this person now, for the bell. Asked each minute while the page is in view. */
  attention?: () => Promise<{ attention: Attend }>;
}

export interface Entry {
  to: string;
  /** Key of its word. */
  word: string;
  icon: ComponentType;
  /** Whose organisation shows it; and, if only some may use it, which roles. */
  kinds: readonly Organisation['kind'][];
  roles?: readonly Role[];
}

export interface Command {
  word: string;
  /** More words that should find it, in any language. */
  also?: string;
  to: string;
  may?: (me: Me) => boolean;
}

export interface Found {
  id: string;
  title: string;
  /** One quiet line: what it is, where it stands. */
  about?: string;
  to: string;
}
export type Find = (query: string, signal: AbortSignal) => Promise<Found[]>;

export interface Matter {
  id: string;
  title: string;
  about?: string;
  to: string;
  /** When it is due, if a clock runs. */
  dueAt?: string;
}
export type Attend = (me: Me, say: Say) => Promise<Matter[]>;

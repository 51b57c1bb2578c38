import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../src/contract/problem.ts';
import type { Rendition } from './renditions.ts';
import type { Sign } from './signs.ts';

export type ItemState =
  | { state: 'processing' }
  | { state: 'ready'; sign: Sign; renditions: readonly Rendition[] }
  | { state: 'failed' };

export interface Item {
  id: string;
  owner: string;
  at: Date;
  /** Shown on the public list. */
  listed: boolean;
  folder: string;
  now: ItemState;
}

export interface Items {
  begin(about: Pick<Item, 'owner' | 'at' | 'listed'>): Promise<Item>;
  /** Lets the item become what the work makes of it, unless it is deleted before. */
  settle(item: Item, work: () => Promise<ItemState>): Promise<void>;
  find(id: string): Item;
  newest(count: number): Item[];
  remove(item: Item): Promise<void>;
  /** Waits for what is still at work. */
  close(): Promise<void>;
}

export function openItems(root: string, onBug: (bug: unknown) => void): Items {
  const items = new Map<string, Item>();
  const working = new Map<Item, Promise<void>>();

  async function finish(item: Item, work: () => Promise<ItemState>): Promise<void> {
    try {
      item.now = await work();
    } catch (bug) {
      item.now = { state: 'failed' };
      if (items.has(item.id)) onBug(bug);
    } finally {
      working.delete(item);
    }
  }

  return {
    async begin(about) {
      const id = `m-${randomBytes(8).toString('hex')}`;
      const item: Item = { id, ...about, folder: join(root, id), now: { state: 'processing' } };
      await mkdir(item.folder);
      items.set(id, item);
      return item;
    },
    settle(item, work) {
      const settled = finish(item, work);
      working.set(item, settled);
      return settled;
    },
    find(id) {
      const item = items.get(id);
      if (!item) throw new Problem('not-found', 'There is no such item.', { status: 404 });
      return item;
    },
    newest: (count) =>
      [...items.values()]
        .filter(({ listed }) => listed)
        .slice(-count)
        .reverse(),
    async remove(item) {
      items.delete(item.id);
      await working.get(item);
      await rm(item.folder, { recursive: true, force: true });
    },
    async close() {
      await Promise.all(working.values());
    },
  };
}

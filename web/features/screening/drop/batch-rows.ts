import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { ScreeningItem, screeningStates } from '../../../../src/contract/screenings.ts';
import { type LiveEvent, useLive } from '../../../api/live.ts';
import { listScreenings } from '../calls.ts';
import type { Sending } from './sending.ts';

/** One file of a drop: on its way, on the server, or both for the moment in between. */
export interface BatchRow {
  key: string;
  name: string;
  bytes: number | null;
  sending: Sending | null;
  item: ScreeningItem | null;
}

/** The files of one drop in the order in which they were dropped. */
export function useBatchRows(batch: string, sendings: readonly Sending[]): BatchRow[] {
  const { items, again } = useBatchItems(batch);
  const arrived = sendings.flatMap(({ way }) => (way.is === 'sent' ? [way.came] : []));
  const missing = arrived.filter((id) => !items.some((item) => item.id === id)).join(' ');
  useEffect(() => {
    if (missing !== '') again();
  }, [missing, again]);
  const own = sendings.map((sending): BatchRow => {
    const { key, name, bytes, way } = sending;
    const item = way.is === 'sent' ? (items.find(({ id }) => id === way.came) ?? null) : null;
    return { key, name, bytes, sending, item };
  });
  const others = items
    .filter(({ id }) => !arrived.includes(id))
    .map((item): BatchRow => ({ key: item.id, name: item.name, bytes: item.bytes, sending: null, item }));
  return [...others, ...own];
}

/** Puts a screening into its batch before the list is read again. */
export function putIntoBatch(client: QueryClient, batch: string, item: ScreeningItem): void {
  client.setQueryData<ScreeningItem[]>(batchKey(batch), (before = []) => [...before, item]);
}

function useBatchItems(batch: string): { items: ScreeningItem[]; again: () => void } {
  const client = useQueryClient();
  const key = batchKey(batch);
  const { data: items = none } = useQuery({
    queryKey: key,
    queryFn: () => wholeBatch(batch),
    // Live events are quicker; this is for when they do not come through.
    refetchInterval: ({ state }) => (state.data?.some(isOpen) ? 5_000 : false),
  });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const again = useRef(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void client.invalidateQueries({ queryKey: batchKey(batch) }), 150);
  }).current;
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive('screening', (event) => {
    if (event.data['batch'] !== batch && !items.some(({ id }) => id === event.id)) return;
    const progress = progressIn(event);
    if (!progress || !items.some(({ id }) => id === event.id)) return again();
    client.setQueryData<ScreeningItem[]>(key, (before) =>
      before?.map((item) => (item.id === event.id && isOpen(item) ? { ...item, state: 'examining', progress } : item)),
    );
  });
  return { items, again };
}

/** Oldest first. */
async function wholeBatch(batch: string): Promise<ScreeningItem[]> {
  const items: ScreeningItem[] = [];
  let after: string | undefined;
  do {
    const page = await listScreenings({ batch }, { after, limit: 100 });
    items.push(...page.items);
    after = page.next ?? undefined;
  } while (after !== undefined && items.length < 2000);
  return items.reverse();
}

function progressIn({ data }: LiveEvent): ScreeningItem['progress'] {
  const { state, stage, share } = data;
  const known = stages.find((one) => one === stage);
  return state === examining && known && typeof share === 'number' ? { stage: known, share } : null;
}

function isOpen({ state }: ScreeningItem): boolean {
  return state === 'queued' || state === 'examining';
}

function batchKey(batch: string): readonly string[] {
  return ['screenings', 'batch', batch];
}

const none: ScreeningItem[] = [];
const examining = 'examining' satisfies (typeof screeningStates)[number];
const stages = ['fetch', 'start', 'sniff', 'labels', 'provenance', 'decode', 'hash'] as const;

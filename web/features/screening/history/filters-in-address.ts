import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { Filters } from '../calls.ts';

/** What the history can be narrowed by: the address of the page holds it, so that it can be sent to a colleague. */
export const several = ['state', 'verdict', 'kind', 'source'] as const;
const flags = ['conflicts', 'overridden', 'noted'] as const;

/** As they stand in the address. Days are days of the reader. */
export interface Chosen {
  several: Record<(typeof several)[number], string[]>;
  flags: Record<(typeof flags)[number], boolean | null>;
  text: string;
  by: string;
  from: string;
  to: string;
  batch: string;
}

export function useChosen(): [chosen: Chosen, change: (part: Record<string, string | string[] | null>) => void] {
  const [parts, setParts] = useSearchParams();
  const chosen = useMemo((): Chosen => {
    const flag = (name: string) => (parts.get(name) === 'true' ? true : parts.get(name) === 'false' ? false : null);
    const list = (name: string) => parts.getAll(name);
    return {
      several: { state: list('state'), verdict: list('verdict'), kind: list('kind'), source: list('source') },
      flags: { conflicts: flag('conflicts'), overridden: flag('overridden'), noted: flag('noted') },
      text: parts.get('text') ?? '',
      by: parts.get('by') ?? '',
      from: day.test(parts.get('from') ?? '') ? (parts.get('from') ?? '') : '',
      to: day.test(parts.get('to') ?? '') ? (parts.get('to') ?? '') : '',
      batch: parts.get('batch') ?? '',
    };
  }, [parts]);
  const change = (part: Record<string, string | string[] | null>) =>
    setParts(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(part)) {
          next.delete(name);
          for (const one of [value ?? []].flat()) if (one !== '') next.append(name, one);
        }
        return next;
      },
      { replace: true },
    );
  return [chosen, change];
}

/** What the server is asked: a day ends where the next one begins, on the reader's clock. */
export function filtersOf({ several: lists, flags: set, text, by, from, to, batch }: Chosen): Filters {
  return {
    ...known('state', lists.state, states),
    ...known('verdict', lists.verdict, words),
    ...known('kind', lists.kind, kinds),
    ...known('source', lists.source, sources),
    ...(set.conflicts !== null && { conflicts: set.conflicts }),
    ...(set.overridden !== null && { overridden: set.overridden }),
    ...(set.noted !== null && { noted: set.noted }),
    ...(text.trim() !== '' && { text: text.trim() }),
    ...(by !== '' && { by }),
    ...(batch !== '' && { batch }),
    ...(from !== '' && { from: new Date(`${from}T00:00:00`).toISOString() }),
    ...(to !== '' && { to: dayAfter(to).toISOString() }),
  };
}

export const states = ['queued', 'examining', 'done', 'failed'] as const;
export const words = ['strong', 'some', 'declared', 'little', 'not-applicable'] as const;
export const kinds = ['image', 'video', 'audio', 'document'] as const;
export const sources = ['upload', 'address', 'api'] as const;

const day = /^\d{4}-\d\d-\d\d$/;

function dayAfter(date: string): Date {
  const midnight = new Date(`${date}T00:00:00`);
  midnight.setDate(midnight.getDate() + 1);
  return midnight;
}

/** Only what the server knows: an address may have been typed by hand. */
function known<Name extends string, Value extends string>(
  name: Name,
  given: readonly string[],
  all: readonly Value[],
): Partial<Record<Name, Value[]>> {
  const kept = all.filter((one) => given.includes(one));
  if (kept.length === 0) return {};
  const part: Partial<Record<Name, Value[]>> = {};
  part[name] = kept;
  return part;
}

import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { isObject } from './problem.ts';

/** Something changed in this organisation; whoever shows it reads it again, with their own rights. */
export interface LiveEvent {
  topic: string;
  id: string;
  data: Record<string, unknown>;
}

/** Hears the changes of one topic, e.g. to move a progress bar. Queries are read again without it. */
export function useLive(topic: string, hear: (event: LiveEvent) => void): void {
  const latest = useRef(hear);
  useEffect(() => {
    latest.current = hear;
  });
  useEffect(() => {
    const listener = (event: LiveEvent) => event.topic === topic && latest.current(event);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, [topic]);
}

/**
 * For the frame: reads queries again when what they show has changed. `topics` says how the keys of these queries begin. One stream a
 * tab, and only while the tab is seen, since a browser allows six connections to a server over HTTP/1.1; on return everything is read
 * once more.
 */
export function useLiveStream(organisation: string | null, topics: Readonly<Record<string, string>>): void {
  const client = useQueryClient();
  useEffect(() => {
    const names = Object.keys(topics);
    if (organisation === null || names.length === 0) return;
    const { readAgain, stop } = readAgainSoon(client);
    const open = () => openStream(organisation, names, (topic) => readAgain(topics[topic] ?? topic));
    let source = open();
    const look = () => {
      source.close();
      if (document.visibilityState === 'hidden') return;
      source = open();
      for (const beginning of new Set(Object.values(topics))) readAgain(beginning);
    };
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      source.close();
      stop();
    };
  }, [organisation, topics, client]);
}

const listeners = new Set<(event: LiveEvent) => void>();

/** A page cannot set a header on this request; the server also reads the organisation from the address. */
function openStream(organisation: string, topics: readonly string[], changed: (topic: string) => void): EventSource {
  const source = new EventSource(`/api/v1/live?organisation=${encodeURIComponent(organisation)}`);
  for (const topic of topics) {
    source.addEventListener(topic, ({ data }: MessageEvent<string>) => {
      const said: unknown = JSON.parse(data);
      if (!isObject(said)) return;
      changed(topic);
      const event = { topic, id: String(said['id']), data: isObject(said['data']) ? said['data'] : {} };
      for (const listener of listeners) listener(event);
    });
  }
  return source;
}

/** A batch tells of hundreds of changes within seconds: what they all concern is read once in this time. */
const soonMs = 1_000;

function readAgainSoon(client: QueryClient) {
  const changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const read = () => {
    timer = undefined;
    for (const beginning of [...changed, 'attention']) void client.invalidateQueries({ queryKey: [beginning] });
    changed.clear();
  };
  return {
    readAgain: (beginning: string) => {
      changed.add(beginning);
      timer ??= setTimeout(read, soonMs);
    },
    stop: () => clearTimeout(timer),
  };
}

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
 * For the frame: reads queries again whose key begins with a topic that changed. One stream a tab, and only while the tab is seen,
 * since a browser allows six connections to a server over HTTP/1.1; on return everything is read once more.
 */
export function useLiveStream(organisation: string | null, topics: readonly string[]): void {
  const client = useQueryClient();
  useEffect(() => {
    if (organisation === null || topics.length === 0) return;
    let source = openStream(organisation, topics, client);
    const look = () => {
      source.close();
      if (document.visibilityState === 'hidden') return;
      source = openStream(organisation, topics, client);
      for (const topic of topics) readAgain(client, topic);
    };
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      source.close();
    };
  }, [organisation, topics, client]);
}

const listeners = new Set<(event: LiveEvent) => void>();

/** A page cannot set a header on this request; the server also reads the organisation from the address. */
function openStream(organisation: string, topics: readonly string[], client: QueryClient): EventSource {
  const source = new EventSource(`/api/v1/live?organisation=${encodeURIComponent(organisation)}`);
  for (const topic of topics) {
    source.addEventListener(topic, ({ data }: MessageEvent<string>) => {
      const said: unknown = JSON.parse(data);
      if (!isObject(said)) return;
      readAgain(client, topic);
      const event = { topic, id: String(said['id']), data: isObject(said['data']) ? said['data'] : {} };
      for (const listener of listeners) listener(event);
    });
  }
  return source;
}

function readAgain(client: QueryClient, topic: string): void {
  void client.invalidateQueries({ queryKey: [topic] });
  void client.invalidateQueries({ queryKey: ['attention'] });
}

import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query';

/** A list that comes in pages, as one list so far. */
export interface Pages<Row> {
  rows: Row[];
  state: 'loading' | 'failed' | 'there';
  error: unknown;
  /** Null at the end of the list. */
  more: (() => void) | null;
  loadingMore: boolean;
  again: () => void;
}

/** `fetchPage` gets the cursor of the page before, undefined for the first. */
export function usePages<Row>(
  queryKey: QueryKey,
  fetchPage: (after: string | undefined) => Promise<{ items: Row[]; next: string | null }>,
): Pages<Row> {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => fetchPage(pageParam ?? undefined),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  return {
    rows: query.data?.pages.flatMap(({ items }) => items) ?? [],
    state: query.isPending ? 'loading' : query.data ? 'there' : 'failed',
    error: query.error,
    more: query.hasNextPage ? () => void query.fetchNextPage() : null,
    loadingMore: query.isFetchingNextPage,
    again: () => void query.refetch(),
  };
}

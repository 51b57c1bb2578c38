import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { meKey } from './me-key.ts';
import { ApiProblem } from './problem.ts';
import { currentReach, watchReach } from './reach.ts';

/** What the pages know of the server. One for the life of the page. */
export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSignedOut }),
  mutationCache: new MutationCache({ onError: noticeSignedOut }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // The browser's own idea of "offline" is wrong for a server on this machine.
      networkMode: 'always',
      retry: (failures, error) => failures < 1 && error instanceof ApiProblem && error.status >= 502,
    },
    mutations: { networkMode: 'always' },
  },
});

// What failed while the server was silent is asked again when it answers.
watchReach(() => {
  if (currentReach().state === 'answers') {
    void queries.refetchQueries({ predicate: ({ state }) => state.status === 'error' });
  }
});

/** A session that ended elsewhere: the frame asks who is there and leads to the sign-in page. */
function noticeSignedOut(error: unknown): void {
  if (error instanceof ApiProblem && error.status === 401) void queries.invalidateQueries({ queryKey: meKey });
}

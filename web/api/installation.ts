import { queryOptions } from '@tanstack/react-query';
import { api, ask } from './api.ts';

export const installationQuery = queryOptions({
  queryKey: ['installation'],
  queryFn: () => ask(api.GET('/api/v1/installation')),
  staleTime: Number.POSITIVE_INFINITY,
});

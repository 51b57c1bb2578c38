import { useQuery } from '@tanstack/react-query';
import { api, ask } from '../../api/api.ts';

/** What a one-time link is for. Looking does not use it up. */
export function useLookedAt(secret: string | null) {
  return useQuery({
    queryKey: ['link', secret],
    queryFn: () => ask(api.POST('/api/v1/links/look', { body: { secret: secret ?? '' } })),
    enabled: secret !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

import { useQuery } from '@tanstack/react-query';
import { api, ask } from '../../api/api.ts';

/** Names for the identifiers in the record of what was done. An unknown one, of somebody who left, stays as it is. */
export function useNames(): { person: (id: string) => string; key: (id: string) => string } {
  const { data: members } = useQuery({
    queryKey: ['members', 'all'],
    queryFn: () => ask(api.GET('/api/v1/members')),
  });
  const { data: keys } = useQuery({
    queryKey: ['api-keys', 'all'],
    queryFn: () => ask(api.GET('/api/v1/api-keys')),
  });
  return {
    person: (id) => members?.items.find((member) => member.id === id)?.name ?? short(id),
    key: (id) => keys?.items.find((key) => key.id === id)?.name ?? short(id),
  };
}

function short(id: string): string {
  return id.length > 14 ? `${id.slice(0, 8)}…` : id;
}

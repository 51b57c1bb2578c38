import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

/** Everything shown about screenings is read again. */
export function useReadAgain(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ queryKey: ['screenings'] }), [client]);
}

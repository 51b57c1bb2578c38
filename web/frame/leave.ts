import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { signOut } from '../api/auth.ts';
import { meQuery } from '../api/me.ts';
import { useNotice } from '../ui/notice.tsx';

/** Ends the session and forgets everything that was loaded in it. */
export function useLeave(): () => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  const notice = useNotice();
  return async () => {
    try {
      await signOut();
    } catch (error) {
      notice.failed(error);
      return;
    }
    await client.refetchQueries({ queryKey: meQuery.queryKey });
    await navigate('/sign-in');
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meQuery.queryKey[0] });
  };
}

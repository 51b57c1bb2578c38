import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Member } from '../../../src/contract/accounts.ts';
import { api, ask } from '../../api/api.ts';
import { AskDialog } from '../../ui/ask-first.tsx';
import { useNotice } from '../../ui/notice.tsx';
import { useWords } from '../../words/words.ts';

/** Asks before a membership or a lost second factor is ended. */
export function MemberAsked(props: { what: 'drop-factor' | 'remove'; member: Member; onClose: () => void }) {
  const { what, member, onClose } = props;
  const say = useWords();
  const client = useQueryClient();
  const notice = useNotice();
  const { id, name } = member;
  const params = { path: { id } };
  const act = useMutation({
    mutationFn: () =>
      what === 'remove'
        ? ask(api.DELETE('/api/v1/members/{id}', { params }))
        : ask(api.DELETE('/api/v1/members/{id}/second-factor', { params })),
    onSuccess: async () => {
      notice.done(say(`accounts.members.${what}.done`, { name }));
      await client.invalidateQueries({ queryKey: ['members'] });
    },
    onError: notice.failed,
  });
  return (
    <AskDialog
      title={say(`accounts.members.${what}`)}
      what={say(`accounts.members.${what}.what`, { name })}
      onSure={() => act.mutateAsync().catch(() => undefined)}
      onClose={onClose}
    />
  );
}

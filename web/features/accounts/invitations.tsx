import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Invitation } from '../../../src/contract/accounts.ts';
import { api, ask } from '../../api/api.ts';
import { usePages } from '../../api/pages.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { useNotice } from '../../ui/notice.tsx';
import { Time } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';

/** Links that were handed out and not used yet. */
export function Invitations() {
  const say = useWords();
  const client = useQueryClient();
  const notice = useNotice();
  const list = usePages(['invitations'], () => ask(api.GET('/api/v1/invitations')));
  const withdraw = useMutation({
    mutationFn: (id: string) => ask(api.DELETE('/api/v1/invitations/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['invitations'] }),
    onError: notice.failed,
  });
  const columns: Column<Invitation>[] = [
    { id: 'email', title: say('accounts.email'), cell: ({ email }) => email },
    {
      id: 'roles',
      title: say('accounts.roles'),
      cell: ({ roles }) => roles.map((role) => say(`frame.role.${role}`)).join(' · '),
    },
    { id: 'until', title: say('accounts.invitations.until'), cell: ({ expiresAt }) => <Time at={expiresAt} /> },
    {
      id: 'withdraw',
      title: say('accounts.actions'),
      kind: 'action',
      cell: ({ id, email }) => (
        <AskFirst
          what={say('accounts.invitations.withdraw.what', { email })}
          action={say('accounts.invitations.withdraw')}
          onSure={() => withdraw.mutateAsync(id).catch(() => undefined)}
        >
          {say('accounts.invitations.withdraw')}
        </AskFirst>
      ),
    },
  ];
  return (
    <DataTable
      caption={say('accounts.invitations')}
      columns={columns}
      list={list}
      rowKey={({ id }) => id}
      empty={<p className="quiet">{say('accounts.invitations.none')}</p>}
    />
  );
}

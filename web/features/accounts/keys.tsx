import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { ApiKey } from '../../../src/contract/accounts.ts';
import { api, ask } from '../../api/api.ts';
import { useOrganisation } from '../../api/me.ts';
import { usePages } from '../../api/pages.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';
import { KeyDialog } from './key-dialog.tsx';

/** Keys by which programs act for this organisation. */
export function Keys() {
  const say = useWords();
  const { kind, name } = useOrganisation();
  const [making, setMaking] = useState(false);
  const revoke = useRevoke();
  const list = usePages(['api-keys'], () => ask(api.GET('/api/v1/api-keys')));
  const columns: Column<ApiKey>[] = [
    {
      id: 'name',
      title: say('accounts.keys.name'),
      cell: ({ name: keyName }) => keyName,
    },
    { id: 'prefix', title: say('accounts.keys.begins'), cell: ({ prefix }) => <code>{prefix}…</code> },
    {
      id: 'roles',
      title: say('accounts.keys.roles'),
      cell: ({ roles }) => roles.map((role) => say(`frame.role.${role}`)).join(' · '),
    },
    {
      id: 'used',
      title: say('accounts.keys.used'),
      cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} /> : say('accounts.keys.never')),
    },
    {
      id: 'until',
      title: say('accounts.keys.until'),
      cell: ({ expiresAt }) => (expiresAt ? <Time at={expiresAt} style="day" /> : say('accounts.keys.no-end')),
    },
    {
      id: 'revoke',
      title: say('accounts.actions'),
      kind: 'action',
      cell: (key) =>
        key.revokedAt ? (
          <span className="quiet">
            {say('accounts.keys.revoked')} <Time at={key.revokedAt} style="day" />
          </span>
        ) : (
          <AskFirst
            what={say('accounts.keys.revoke.what', { name: key.name })}
            action={say('accounts.keys.revoke')}
            onSure={() => revoke(key.id)}
          >
            {say('accounts.keys.revoke')}
          </AskFirst>
        ),
    },
  ];
  const make = (
    <Button type="primary" onClick={() => setMaking(true)}>
      {say('accounts.keys.make')}
    </Button>
  );
  const none = list.state === 'there' && list.rows.length === 0;
  return (
    <Page title={say('accounts.settings.keys')} lead={say('accounts.keys.lead', { name })} action={none ? null : make}>
      <DataTable
        caption={say('accounts.settings.keys')}
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <EmptyState title={say('accounts.keys.none')} text={say('accounts.keys.none.text')} action={make}>
            <pre className="example">{`curl ${location.origin}/api/v1/me \\\n  -H "Authorization: Bearer $CLEARMIRROR_KEY"`}</pre>
          </EmptyState>
        }
      />
      {making && <KeyDialog kind={kind} onClose={() => setMaking(false)} />}
    </Page>
  );
}

function useRevoke(): (id: string) => Promise<void> {
  const client = useQueryClient();
  const notice = useNotice();
  const say = useWords();
  const revoke = useMutation({
    mutationFn: (id: string) => ask(api.DELETE('/api/v1/api-keys/{id}', { params: { path: { id } } })),
  });
  return (id) =>
    revoke.mutateAsync(id).then(
      async () => {
        notice.done(say('accounts.keys.revoked.done'));
        await client.invalidateQueries({ queryKey: ['api-keys'] });
      },
      (error: unknown) => notice.failed(error),
    );
}

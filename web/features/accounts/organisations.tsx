import { Button } from 'antd';
import { useState } from 'react';
import type { Organisation } from '../../../src/contract/accounts.ts';
import { api, ask } from '../../api/api.ts';
import { usePages } from '../../api/pages.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Page } from '../../ui/page.tsx';
import { useWords } from '../../words/words.ts';
import { FirstLinkDialog } from './first-link-dialog.tsx';
import { OrganisationDialog } from './organisation-dialog.tsx';

/** All organisations of this installation, for its operators. */
export function Organisations() {
  const say = useWords();
  const [making, setMaking] = useState(false);
  const [inviting, setInviting] = useState<Organisation | null>(null);
  const list = usePages(['organisations'], () => ask(api.GET('/api/v1/organisations')));
  const columns: Column<Organisation>[] = [
    { id: 'name', title: say('accounts.organisation.name'), cell: ({ name }) => name },
    { id: 'kind', title: say('accounts.organisation.kind'), cell: ({ kind }) => say(`accounts.organisation.${kind}`) },
    {
      id: 'level',
      title: say('accounts.organisation.level'),
      cell: ({ level }) => (level === null ? '–' : say(`accounts.level.${level}`)),
    },
    { id: 'region', title: say('accounts.organisation.region'), cell: ({ region }) => region ?? '–' },
    {
      id: 'invite',
      title: say('accounts.actions'),
      kind: 'action',
      cell: (organisation) => (
        <Button size="small" type="text" onClick={() => setInviting(organisation)}>
          {say('accounts.organisations.invite')}
        </Button>
      ),
    },
  ];
  return (
    <Page
      title={say('accounts.settings.organisations')}
      lead={say('accounts.organisations.lead')}
      action={
        <Button type="primary" onClick={() => setMaking(true)}>
          {say('accounts.organisations.make')}
        </Button>
      }
    >
      <DataTable
        caption={say('accounts.settings.organisations')}
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={<p className="quiet">{say('accounts.organisations.none')}</p>}
      />
      {making && <OrganisationDialog onClose={() => setMaking(false)} />}
      {inviting && <FirstLinkDialog organisation={inviting} onClose={() => setInviting(null)} />}
    </Page>
  );
}

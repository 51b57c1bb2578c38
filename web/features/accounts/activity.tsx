import { Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Event } from '../../../src/contract/accounts.ts';
import { api, ask } from '../../api/api.ts';
import { useOrganisation } from '../../api/me.ts';
import { usePages } from '../../api/pages.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { useWords, words } from '../../words/words.ts';
import { useNames } from './names.ts';

/** What was done in this organisation, by whom, when: newest first, never changed. */
export function Activity() {
  const say = useWords();
  const { name } = useOrganisation();
  const names = useNames();
  const [kind, setKind] = useState<string | undefined>();
  const list = usePages(['events', kind ?? ''], (after) =>
    ask(
      api.GET('/api/v1/events', {
        params: { query: { ...(after !== undefined && { after }), ...(kind !== undefined && { kind }) } },
      }),
    ),
  );
  const kinds = [...new Set(list.rows.map((event) => event.kind))].sort();
  const columns: Column<Event>[] = [
    { id: 'at', title: say('accounts.activity.at'), cell: ({ at }) => <Time at={at} /> },
    { id: 'what', title: say('accounts.activity.what'), cell: (event) => sayKind(event.kind, say) },
    {
      id: 'who',
      title: say('accounts.activity.who'),
      cell: ({ by }) => {
        if (by.key !== null) return `${say('accounts.activity.key')} ${names.key(by.key)}`;
        return by.person === null ? say('accounts.activity.system') : names.person(by.person);
      },
    },
    {
      id: 'subject',
      title: say('accounts.activity.subject'),
      cell: ({ subject }) => <Subject type={subject.type} id={subject.id} name={names.person(subject.id)} />,
      wideOnly: true,
    },
  ];
  return (
    <Page title={say('accounts.settings.activity')} lead={say('accounts.activity.lead', { name })}>
      <Select
        allowClear
        showSearch
        value={kind ?? null}
        onChange={(value) => setKind(value ?? undefined)}
        placeholder={say('accounts.activity.all')}
        aria-label={say('accounts.activity.filter')}
        className="activity-filter"
        options={kinds.map((value) => ({ value, label: sayKind(value, say) }))}
      />
      <DataTable
        caption={say('accounts.settings.activity')}
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={<EmptyState title={say('accounts.activity.none')} text={say('accounts.activity.none.text')} />}
      />
    </Page>
  );
}

function sayKind(kind: string, say: (key: string) => string): string {
  return words.exists(`event.${kind}`) ? say(`event.${kind}`) : kind;
}

/** Opens what has a page of its own. */
function Subject({ type, id, name }: { type: string; id: string; name: string }) {
  const to = { screening: `/screen/${id}`, service: `/services/${id}` }[type];
  if (to !== undefined) return <Link to={to}>{name}</Link>;
  return (
    <span>
      {type} <code>{name}</code>
    </span>
  );
}

import { useQuery } from '@tanstack/react-query';
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
import { type Say, useLang, useWords, words } from '../../words/words.ts';
import { features } from '../features.ts';

/** What was done in this organisation, by whom, when: newest first, never changed. */
export function Activity() {
  const say = useWords();
  const { name } = useOrganisation();
  const [kind, setKind] = useState<string | undefined>();
  const list = usePages(['events', kind ?? ''], (after) =>
    ask(
      api.GET('/api/v1/events', {
        params: { query: { ...(after !== undefined && { after }), ...(kind !== undefined && { kind }) } },
      }),
    ),
  );
  const kinds = useKinds();
  const nameOf = useMemberNames();
  const columns: Column<Event>[] = [
    { id: 'at', title: say('accounts.activity.at'), cell: ({ at }) => <Time at={at} /> },
    { id: 'what', title: say('accounts.activity.what'), cell: (event) => sayKind(event.kind, say) },
    {
      id: 'who',
      title: say('accounts.activity.who'),
      cell: ({ by }) => {
        if (by.key !== null) return say('accounts.activity.key', { name: by.key });
        return by.person ?? say('accounts.activity.system');
      },
    },
    {
      id: 'subject',
      title: say('accounts.activity.subject'),
      cell: ({ subject: { type, id } }) => <Subject type={type} id={id} name={nameOf(id)} />,
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

function sayKind(kind: string, say: Say): string {
  return words.exists(`event.${kind}`) ? say(`event.${kind}`) : kind;
}

/** Every kind that has a sentence, whether it has happened here or not. */
function useKinds(): string[] {
  const lang = useLang();
  const catalogue: Record<string, string> = words.getResourceBundle(lang, 'translation');
  const keys = Object.keys(catalogue).filter((key) => key.startsWith('event.'));
  return keys.map((key) => key.slice('event.'.length)).sort();
}

function useMemberNames(): (id: string) => string | undefined {
  const { data } = useQuery({ queryKey: ['members', 'all'], queryFn: () => ask(api.GET('/api/v1/members')) });
  return (id) => data?.items.find((member) => member.id === id)?.name;
}

/** What it was about, in a word; a link to its page if a feature has one. */
function Subject({ type, id, name }: { type: string; id: string; name: string | undefined }) {
  const say = useWords();
  const key = `accounts.activity.subject.${type}`;
  const word = words.exists(key) ? say(key) : type;
  const open = features.map(({ opens }) => opens?.[type]).find((path) => path !== undefined);
  if (open) return <Link to={open(id)}>{word}</Link>;
  return <span title={id}>{name ?? word}</span>;
}

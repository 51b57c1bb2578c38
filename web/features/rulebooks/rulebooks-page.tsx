import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Lang } from '../../../src/contract/lang.ts';
import { useOrganisation } from '../../api/me.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { Day } from './days.tsx';
import './rulebook-page.css';
import { type RulebookSummary, rulebooksQuery } from '../../api/rulebooks.ts';
import { LinkButton } from './link-button.tsx';

/** The regimes that are asked, as data that anybody can read. */
export function RulebooksPage() {
  const say = useWords();
  const lang = useLang();
  const { kind } = useOrganisation();
  const [search, setSearch] = useState('');
  const { data, isPending, error, refetch } = useQuery(rulebooksQuery);
  const rows = (data?.items ?? []).filter((row) => matches(row, search, say(`fact-word.${row.jurisdiction}`)));
  const columns: Column<RulebookSummary>[] = [
    {
      id: 'title',
      title: say('rulebooks.column.title'),
      cell: (row) => (
        <span className="rulebook-cell">
          <Link className="row-link" to={`/rulebooks/${row.id}`}>
            {row.shortTitle[lang]}
          </Link>
          <span className="quiet">{row.used ? row.reference[lang] : say('rulebooks.not-used')}</span>
        </span>
      ),
    },
    {
      id: 'where',
      title: say('rulebooks.column.where'),
      cell: ({ jurisdiction }) => say(`fact-word.${jurisdiction}`),
    },
    {
      id: 'force',
      title: say('rulebooks.column.force'),
      cell: ({ inForce }) => <InForce {...inForce} />,
    },
    {
      id: 'triggers',
      title: say('rulebooks.column.triggers'),
      kind: 'figure',
      cell: ({ triggers }) => triggers,
      wideOnly: true,
    },
    {
      id: 'requirements',
      title: say('rulebooks.column.requirements'),
      kind: 'figure',
      cell: ({ requirements }) => requirements,
      wideOnly: true,
    },
    {
      id: 'verified',
      title: say('rulebooks.column.verified'),
      kind: 'figure',
      cell: ({ rules }) => <ReadShare {...rules} />,
    },
  ];
  return (
    <Page
      title={say('rulebooks.title')}
      lead={say('rulebooks.lead')}
      action={
        <LinkButton to="/plan" type="primary">
          {say(kind === 'authority' ? 'rulebooks.ask.authority' : 'rulebooks.ask')}
        </LinkButton>
      }
    >
      <Input.Search
        allowClear
        value={search}
        onChange={({ target }) => setSearch(target.value)}
        placeholder={say('rulebooks.search.all')}
        aria-label={say('rulebooks.search.all')}
        className="list-search"
      />
      <DataTable
        caption={say('rulebooks.title')}
        columns={columns}
        list={{
          rows,
          state: isPending ? 'loading' : data ? 'there' : 'failed',
          error,
          more: null,
          loadingMore: false,
          again: () => void refetch(),
        }}
        rowKey={({ id }) => id}
        empty={
          <EmptyState
            title={say(search === '' ? 'rulebooks.none' : 'rulebooks.search.none', { search })}
            text={say(search === '' ? 'rulebooks.none.text' : 'rulebooks.search.none.text')}
          />
        }
      />
      <p className="quiet">{say('rulebooks.verified.about')}</p>
    </Page>
  );
}

function InForce({ from, to }: { from: string; to: string | null }) {
  const say = useWords();
  const lang = useLang();
  const now = new Date().toISOString().slice(0, 10);
  if (from > now) return <span>{say('rulebooks.force.from', { date: dayText(from, lang) })}</span>;
  if (to !== null) return <span>{say('rulebooks.force.to', { date: dayText(to, lang) })}</span>;
  return <Day day={from} />;
}

function dayText(day: string, lang: Lang): string {
  return lang === 'zh' ? `${Number(day.slice(0, 4))}年${Number(day.slice(5, 7))}月${Number(day.slice(8))}日` : day;
}

/** "14 of 40" and a bar: how many rules somebody has read in their source. */
function ReadShare({ all, verified }: { all: number; verified: number }) {
  const say = useWords();
  return (
    <span className="read-share">
      <span>{say('rulebooks.read-of', { verified, all })}</span>
      <span className="read-bar" aria-hidden="true">
        <span style={{ width: `${all === 0 ? 0 : (100 * verified) / all}%` }} />
      </span>
    </span>
  );
}

function matches({ id, title, shortTitle, reference }: RulebookSummary, search: string, where: string): boolean {
  const text = [id, title.zh, title.en, shortTitle.zh, shortTitle.en, reference.zh, reference.en, where].join(' ');
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.toLowerCase().includes(word));
}

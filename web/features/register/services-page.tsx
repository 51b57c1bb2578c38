import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useDeferredValue, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { Service, ServiceFunction } from '../../../src/contract/register.ts';
import { useMay } from '../../api/me.ts';
import { usePages } from '../../api/pages.ts';
import { functionsQuery, listServices, registerKey } from '../../api/register.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { useGates } from '../filings/dues.ts';
import { nameIn } from '../rulebooks/names.ts';
import { list } from '../rulebooks/say.ts';
import { FirstStep } from './first-step.tsx';
import './register.css';
import { ServiceDialog } from './service-dialog.tsx';
import { GatesMark, NextDue } from './standing.tsx';
import { StateMark } from './state-mark.tsx';

/** Every service, with its functions, what is due next and whether its gates are open. */
export function ServicesPage() {
  const say = useWords();
  const lang = useLang();
  const may = useMay('administrator', 'assessor', 'engineer');
  const [query, setQuery] = useSearchParams();
  const [search, setSearch] = useState('');
  const asked = useDeferredValue(search.trim());
  const functions = useQuery(functionsQuery());
  const pages = usePages([...registerKey, 'services', 'pages', asked], (after) =>
    listServices({ ...(after !== undefined && { after }), ...(asked !== '' && { search: asked }) }),
  );
  const functionsOf = (service: Service) =>
    (functions.data?.items ?? []).filter((one) => one.service.id === service.id && one.state !== 'withdrawn');
  const adding = query.has('add');
  const columns: Column<Service>[] = [
    {
      id: 'name',
      title: say('register.column.name'),
      cell: (service) => (
        <span className="service-cell">
          <Link className="row-link" to={`/services/${service.slug}`}>
            {nameIn(service.name, lang)}
          </Link>
          <span className="quiet">
            {say(`register.type.${service.type}`)} · <StateMark state={service.state} />
          </span>
        </span>
      ),
    },
    {
      id: 'functions',
      title: say('register.column.functions'),
      cell: (service) => <Functions functions={functionsOf(service)} />,
    },
    {
      id: 'places',
      title: say('register.column.places'),
      cell: ({ jurisdictions }) =>
        jurisdictions === null
          ? say('register.not-stated')
          : list(
              jurisdictions.map((place) => say(`fact-word.${place}`)),
              lang,
            ),
      wideOnly: true,
    },
    {
      id: 'next',
      title: say('register.column.next'),
      cell: (service) => <Standing service={service} functions={functionsOf(service)} show="next" />,
    },
    {
      id: 'gate',
      title: say('register.column.gate'),
      cell: (service) => <Standing service={service} functions={functionsOf(service)} show="gate" />,
    },
  ];
  const add = may && (
    <Button type="primary" onClick={() => setQuery({ add: '' })}>
      {say('register.add')}
    </Button>
  );
  const none = pages.state === 'there' && pages.rows.length === 0 && asked === '';
  return (
    <Page
      title={say('register.title')}
      lead={say('register.lead')}
      above={<Link to="/company">{say('register.company')}</Link>}
      action={none ? null : add}
    >
      {!none && (
        <Input.Search
          allowClear
          value={search}
          onChange={({ target }) => setSearch(target.value)}
          placeholder={say('register.search')}
          aria-label={say('register.search')}
          className="list-search"
        />
      )}
      <DataTable
        caption={say('register.title')}
        columns={columns}
        list={pages}
        rowKey={({ id }) => id}
        empty={
          asked === '' ? (
            <FirstStep action={add} />
          ) : (
            <EmptyState
              title={say('register.search.none', { search: asked })}
              text={say('register.search.none.text')}
            />
          )
        }
      />
      {adding && may && <ServiceDialog service={null} onClose={() => setQuery({}, { replace: true })} />}
    </Page>
  );
}

function Functions({ functions }: { functions: readonly ServiceFunction[] }) {
  const say = useWords();
  const lang = useLang();
  if (functions.length === 0) return <span className="quiet">{say('register.functions.none')}</span>;
  return (
    <ul className="function-names">
      {functions.slice(0, 4).map(({ id, name, state }) => (
        <li key={id}>
          {nameIn(name, lang)} <StateMark state={state} />
        </li>
      ))}
      {functions.length > 4 && (
        <li className="quiet">{say('register.functions.more', { count: functions.length - 4 })}</li>
      )}
    </ul>
  );
}

/** Asked for each line on its own: a slow gate does not hold the list up. */
function Standing(props: { service: Service; functions: readonly ServiceFunction[]; show: 'next' | 'gate' }) {
  const { service, functions, show } = props;
  const say = useWords();
  const { gates, waiting, error } = useGates(service.state === 'withdrawn' ? [] : [service], functions);
  if (service.state === 'withdrawn') return <span className="quiet">–</span>;
  if (waiting) return <span className="quiet">…</span>;
  if (error !== null) return <span className="quiet">{say('register.standing.failed')}</span>;
  return show === 'gate' ? <GatesMark gates={gates} /> : <NextDue gates={gates} />;
}

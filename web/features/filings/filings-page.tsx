import { useQuery } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Filing } from '../../../src/contract/filings.ts';
import { listFilings } from '../../api/filings.ts';
import { useMay } from '../../api/me.ts';
import { usePages } from '../../api/pages.ts';
import { functionsQuery, listServices, registerKey } from '../../api/register.ts';
import { rulebooksQuery } from '../../api/rulebooks.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { Day } from '../rulebooks/days.tsx';
import { LinkButton } from '../rulebooks/link-button.tsx';
import { nameIn } from '../rulebooks/names.ts';
import { FilingMark, GateDueLine } from './due-line.tsx';
import { type DueOf, duesOf, isDated, isOpen, useGates } from './dues.ts';
import './filing-page.css';
import { RecordDialog } from './record-dialog.tsx';

const states = ['filed', 'accepted', 'returned', 'withdrawn'] as const;

/** What must be filed next, across all services, and what was filed. */
export function FilingsPage() {
  const say = useWords();
  return (
    <Page title={say('filings.title')} lead={say('filings.lead')}>
      <DueSection />
      <RecordedSection />
    </Page>
  );
}

function DueSection() {
  const say = useWords();
  const lang = useLang();
  const may = useMay('signatory', 'administrator');
  const [recording, setRecording] = useState<DueOf | null>(null);
  const [all, setAll] = useState(false);
  const services = useQuery({
    queryKey: [...registerKey, 'services', 'live'],
    queryFn: ({ signal }) => listServices({ state: 'live', limit: 100 }, signal),
  });
  const functions = useQuery(functionsQuery());
  const { gates, waiting, error, again } = useGates(services.data?.items ?? [], functions.data?.items ?? []);
  const dues = duesOf(gates).filter((one) => isOpen(one) && isDated(one));
  const verified = dues.filter(({ due }) => due.verified);
  const shown = all ? dues : verified;
  const failed = services.error ?? functions.error ?? error;
  const loading = services.isPending || functions.isPending || waiting;
  return (
    <Section title={say('filings.due')} lead={say('filings.due.lead')}>
      {failed !== null && <ProblemNote error={failed} onRetry={again} />}
      {shown.length > 0 && (
        <ul className="gate-dues">
          {shown.map((one) => (
            <GateDueLine
              key={`${one.service.id} ${one.function?.id} ${one.due.rulebook} ${one.due.due} ${one.due.occasion.happening}`}
              due={one.due}
              about={
                <>
                  <Link to={`/services/${one.service.slug}`}>{nameIn(one.service.name, lang)}</Link>
                  {one.function && ` › ${nameIn(one.function.name, lang)}`}
                  {' · '}
                </>
              }
              action={
                may && (
                  <Button size="small" onClick={() => setRecording(one)}>
                    {say('filings.record')}
                  </Button>
                )
              }
            />
          ))}
        </ul>
      )}
      {dues.length > verified.length && (
        <button type="button" className="tell due-more" onClick={() => setAll(!all)}>
          {say(all ? 'filings.due.verified-only' : 'filings.due.unverified', { count: dues.length - verified.length })}
        </button>
      )}
      {loading && <Waiting lines={2} />}
      {!loading && failed === null && dues.length === 0 && (
        <EmptyState
          title={say('filings.due.none')}
          text={say(services.data?.items.length === 0 ? 'filings.due.no-service' : 'filings.due.none.text')}
          action={<LinkButton to="/plan">{say('filings.due.ask')}</LinkButton>}
        />
      )}
      {services.data?.next && <p className="quiet">{say('filings.due.first')}</p>}
      {recording && <RecordDialog about={recording} onClose={() => setRecording(null)} />}
    </Section>
  );
}

function RecordedSection() {
  const say = useWords();
  const lang = useLang();
  const [state, setState] = useState<(typeof states)[number] | undefined>();
  const [search, setSearch] = useState('');
  const { data: rulebooks } = useQuery(rulebooksQuery);
  const list = usePages([...registerKey, 'filings', 'pages', state ?? '', search], (after) =>
    listFilings({ ...(after !== undefined && { after }), ...(state && { state }), ...(search !== '' && { search }) }),
  );
  const columns: Column<Filing>[] = [
    {
      id: 'what',
      title: say('filings.column.what'),
      cell: ({ id, rulebook }) => (
        <Link className="row-link" to={`/filings/${id}`}>
          {rulebooks?.items.find((one) => one.id === rulebook)?.shortTitle[lang] ?? rulebook}
        </Link>
      ),
    },
    {
      id: 'about',
      title: say('filings.column.about'),
      cell: (filing) => <FilingAbout filing={filing} />,
    },
    { id: 'state', title: say('filings.column.state'), cell: (filing) => <FilingMark state={filing.state} /> },
    { id: 'on', title: say('filings.column.on'), cell: ({ filedOn }) => <Day day={filedOn} /> },
    { id: 'number', title: say('filings.column.number'), cell: ({ number }) => number ?? '–' },
    { id: 'authority', title: say('filings.column.authority'), cell: ({ authority }) => authority, wideOnly: true },
  ];
  const filtered = state !== undefined || search !== '';
  return (
    <Section
      title={say('filings.recorded')}
      side={
        <div className="filing-filter">
          <Input.Search
            allowClear
            placeholder={say('filings.search')}
            aria-label={say('filings.search')}
            onSearch={setSearch}
          />
          <Select
            allowClear
            value={state ?? null}
            placeholder={say('filings.state.all')}
            aria-label={say('filings.state.filter')}
            options={states.map((value) => ({ value, label: say(`filings.state.${value}`) }))}
            onChange={(value) => setState(value ?? undefined)}
            className="filing-state"
          />
        </div>
      }
    >
      <DataTable
        caption={say('filings.recorded')}
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <EmptyState
            title={say(filtered ? 'filings.search.none' : 'filings.none')}
            text={say(filtered ? 'filings.search.none.text' : 'filings.none.text')}
          />
        }
      />
    </Section>
  );
}

/** The service, and which function or happening of it. */
export function FilingAbout({ filing }: { filing: Pick<Filing, 'service' | 'function' | 'happening'> }) {
  const say = useWords();
  const lang = useLang();
  const { service, function: own, happening } = filing;
  return (
    <span>
      {nameIn(service.name, lang)}
      {own && ` › ${nameIn(own.name, lang)} ${say('filings.version', { version: own.version })}`}
      {happening && ` › ${say(`fact-word.${happening.kind}`)}`}
    </span>
  );
}

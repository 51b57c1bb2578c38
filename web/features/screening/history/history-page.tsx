import { DownloadOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import type { ScreeningItem } from '../../../../src/contract/screenings.ts';
import { useLive } from '../../../api/live.ts';
import { usePages } from '../../../api/pages.ts';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { KeyHint } from '../../../ui/key-hint.tsx';
import { Page } from '../../../ui/page.tsx';
import { Time } from '../../../ui/time.tsx';
import { type Say, useLang, useWords } from '../../../words/words.ts';
import { addressOf, listScreenings, readBatch } from '../calls.ts';
import { Doer } from '../doer.tsx';
import { bytes } from '../figures.ts';
import { useReadAgain } from '../read-again.ts';
import '../screening.css';
import { Foreign, Sentence } from '../sentence.tsx';
import { Tabs } from '../tabs.tsx';
import { VerdictMark } from '../verdict-mark.tsx';
import { verdictWords, wordOf } from '../verdict-words.ts';
import { FilterBar } from './filter-bar.tsx';
import { filtersOf, useChosen } from './filters-in-address.ts';
import './history.css';

/** Everything this organisation screened, newest first. */
export function HistoryPage() {
  const say = useWords();
  const lang = useLang();
  const [chosen, change] = useChosen();
  const filters = filtersOf(chosen);
  const active = Object.keys(filters).length > 0;
  const list = usePages(['screenings', 'list', filters], (after) => listScreenings(filters, { after, limit: 50 }));
  useFreshness();
  return (
    <Page
      title={say('screening.history.title')}
      lead={say('screening.history.lead')}
      above={<Tabs />}
      action={
        list.rows.length > 0 && (
          <Button icon={<DownloadOutlined />} href={addressOf.csv(filters)} download>
            {say('screening.csv')}
          </Button>
        )
      }
    >
      <FilterBar chosen={chosen} change={change} active={active} />
      {chosen.batch !== '' && <BatchTotals batch={chosen.batch} />}
      <DataTable
        caption={say('screening.history.title')}
        columns={columnsFor(say, lang)}
        list={list}
        rowKey={({ id }) => id}
        empty={active ? <NothingFound onClear={() => change(noFilters)} /> : <FirstStep />}
      />
      {list.rows.length > 0 && (
        <p className="quiet keys-line">
          <KeyHint keys={['J']} /> <KeyHint keys={['K']} /> {say('screening.history.move')} <KeyHint keys={['↵']} />{' '}
          {say('screening.history.open')}
        </p>
      )}
    </Page>
  );
}

const noFilters = Object.fromEntries(
  ['state', 'verdict', 'kind', 'source', 'conflicts', 'overridden', 'noted', 'text', 'by', 'from', 'to', 'batch'].map(
    (name) => [name, null],
  ),
);

function columnsFor(say: Say, lang: 'en' | 'zh'): Column<ScreeningItem>[] {
  return [
    {
      id: 'name',
      title: say('screening.column.file'),
      cell: (item) => (
        <span className="history-name">
          <Link to={`/screen/${item.id}`} className="row-link">
            <Foreign text={item.name} most={120} />
          </Link>
          {item.noteCount > 0 && <span className="quiet">{say('screening.notes', { count: item.noteCount })}</span>}
        </span>
      ),
    },
    {
      id: 'verdict',
      title: say('screening.column.verdict'),
      cell: (item) => (
        <span className="history-verdict">
          <VerdictMark word={wordOf(item)} />
          {item.overridden && (
            <span className="quiet history-override">
              {say('screening.override.short')} <VerdictMark word={item.overridden} />
            </span>
          )}
        </span>
      ),
    },
    { id: 'short', title: say('screening.column.short'), cell: (item) => <InShort item={item} /> },
    {
      id: 'propagation',
      title: say('report.propagation'),
      cell: ({ propagation }) =>
        propagation === null || propagation === 'none' ? '' : <Sentence of={`propagation.${propagation}`} />,
      wideOnly: true,
    },
    { id: 'format', title: say('report.facts.format'), cell: ({ format }) => format ?? '–', wideOnly: true },
    {
      id: 'size',
      title: say('report.facts.size'),
      kind: 'figure',
      cell: ({ bytes: size }) => (size === null ? '–' : <span className="no-break">{bytes(lang, size)}</span>),
      wideOnly: true,
    },
    {
      id: 'by',
      title: say('screening.filter.by'),
      cell: ({ by }) => (
        <span className="history-by">
          <Doer doer={by} />
        </span>
      ),
      wideOnly: true,
    },
    {
      id: 'when',
      title: say('screening.column.when'),
      cell: ({ createdAt }) => (
        <span className="no-break">
          <Time at={createdAt} />
        </span>
      ),
    },
  ];
}

function InShort({ item }: { item: ScreeningItem }) {
  const say = useWords();
  if (item.state === 'failed' && item.failure) {
    return (
      <span className="history-short drop-failed">
        <Sentence of={`problem.${item.failure.code}`} params={item.failure.params} />
      </span>
    );
  }
  return (
    <span className="history-short">
      {item.conflicts > 0 && <strong className="drop-conflict">{say('screening.conflict')} · </strong>}
      {item.verdict && <Sentence of={`verdict.${item.verdict.code}`} />}
    </span>
  );
}

function BatchTotals({ batch }: { batch: string }) {
  const say = useWords();
  const { data } = useQuery({ queryKey: ['screenings', 'totals', batch], queryFn: () => readBatch(batch) });
  if (!data) return null;
  return (
    <ul className="totals totals-line">
      <li>{say('screening.batch', { count: data.files })}</li>
      {verdictWords
        .filter((word) => data.verdicts[word] > 0)
        .map((word) => (
          <li key={word}>
            <VerdictMark word={word} /> <b>{data.verdicts[word]}</b>
          </li>
        ))}
    </ul>
  );
}

function NothingFound({ onClear }: { onClear: () => void }) {
  const say = useWords();
  return (
    <EmptyState
      title={say('screening.history.none-found')}
      text={say('screening.history.none-found.text')}
      action={<Button onClick={onClear}>{say('screening.filter.clear')}</Button>}
    />
  );
}

function FirstStep() {
  const say = useWords();
  return (
    <EmptyState
      title={say('screening.history.none')}
      text={say('screening.history.none.text')}
      action={
        <Link to="/screen">
          <Button type="primary">{say('screening.history.none.action')}</Button>
        </Link>
      }
    >
      <pre className="example">{`curl --data-binary @clip.mp4 '${location.origin}/api/v1/screenings?name=clip.mp4' \\\n  -H "Authorization: Bearer $CLEARMIRROR_KEY"`}</pre>
    </EmptyState>
  );
}

/** New screenings and new verdicts appear by themselves, but not more often than every two seconds. */
function useFreshness(): void {
  const readAgain = useReadAgain();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive('screening', () => {
    if (timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      void readAgain();
    }, 2_000);
  });
}

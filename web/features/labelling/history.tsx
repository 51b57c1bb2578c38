import { DownloadOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import type { LabellingItem } from '../../../src/contract/labellings.ts';
import { useLive } from '../../api/live.ts';
import { usePages } from '../../api/pages.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { type Say, useWords } from '../../words/words.ts';
import { Doer } from '../screening/doer.tsx';
import { Progress } from '../screening/drop/progress.tsx';
import { Foreign } from '../screening/sentence.tsx';
import { addressOf, type Filters, listLabellings } from './calls.ts';
import { Why } from './refusal.tsx';
import { StateMark } from './state-mark.tsx';

/** All that was labelled here, newest first; what is under way moves by itself. */
export function History() {
  const say = useWords();
  const [filters, setFilters] = useState<Filters>({ state: [], text: '' });
  const [typed, setTyped] = useState('');
  const list = usePages(['labellings', 'list', filters], (after) => listLabellings(filters, { after, limit: 25 }));
  useFreshness();
  useSpokenEnds(list.rows);
  const active = filters.state.length > 0 || filters.text !== '';
  if (list.state === 'there' && list.rows.length === 0 && !active) return <FirstStep />;
  return (
    <Section
      title={say('labelling.history')}
      side={
        <span className="label-filters">
          <Input.Search
            allowClear
            value={typed}
            placeholder={say('labelling.filter.text')}
            aria-label={say('labelling.filter.text')}
            maxLength={200}
            onChange={({ target }) => setTyped(target.value)}
            onSearch={(text) => setFilters({ ...filters, text: text.trim() })}
          />
          <Select
            mode="multiple"
            allowClear
            value={filters.state}
            placeholder={say('labelling.filter.state')}
            aria-label={say('labelling.filter.state')}
            options={states.map((state) => ({ value: state, label: say(`labelling.state.${state}`) }))}
            onChange={(state) => setFilters({ ...filters, state })}
          />
        </span>
      }
    >
      <DataTable
        caption={say('labelling.history')}
        columns={columnsFor(say)}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <EmptyState
            title={say('labelling.history.none-found')}
            text={say('labelling.history.none-found.text')}
            action={
              <Button
                onClick={() => {
                  setTyped('');
                  setFilters({ state: [], text: '' });
                }}
              >
                {say('labelling.filter.clear')}
              </Button>
            }
          />
        }
      />
    </Section>
  );
}

const states = ['queued', 'working', 'done', 'refused', 'failed'] as const;

function columnsFor(say: Say): Column<LabellingItem>[] {
  return [
    {
      id: 'name',
      title: say('labelling.column.file'),
      cell: (item) => (
        <Link to={`/label/${item.id}`} className="row-link label-name">
          <Foreign text={item.name} most={120} />
        </Link>
      ),
    },
    { id: 'state', title: say('labelling.column.state'), cell: ({ state }) => <StateMark state={state} /> },
    { id: 'short', title: say('labelling.column.short'), cell: (item) => <InShort item={item} /> },
    {
      id: 'by',
      title: say('labelling.column.by'),
      cell: ({ by }) => (
        <span className="no-break">
          <Doer doer={by} />
        </span>
      ),
      wideOnly: true,
    },
    {
      id: 'when',
      title: say('labelling.column.when'),
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
    {
      id: 'download',
      title: say('labelling.download'),
      kind: 'action',
      cell: ({ id, labelled, filesRemovedAt }) =>
        labelled &&
        filesRemovedAt === null && (
          <Button
            size="small"
            className="label-fetch"
            icon={<DownloadOutlined />}
            href={addressOf.labelled(id)}
            download
            title={labelled.name}
            aria-label={`${say('labelling.download')}: ${labelled.name}`}
          />
        ),
    },
  ];
}

function InShort({ item: { state, failure, share, wrote, shortfalls } }: { item: LabellingItem }) {
  const say = useWords();
  if (failure) {
    return (
      <span className="label-short drop-failed">
        <Why failure={failure} />
      </span>
    );
  }
  if (state === 'queued') return <span className="quiet">{say('labelling.queued')}</span>;
  if (state === 'working') return <Progress share={share ?? 0} text={say('labelling.working')} />;
  return (
    <span className="label-short">
      {wrote.map((step) => say(`labelling.wrote.${step}`)).join(say('labelling.and'))}
      {shortfalls > 0 && <span className="quiet"> · {say('labelling.shortfalls', { count: shortfalls })}</span>}
    </span>
  );
}

function FirstStep() {
  const say = useWords();
  return (
    <EmptyState title={say('labelling.first')} text={say('labelling.first.text')}>
      <pre className="label-example">{`{"Label":"1","ContentProducer":"001191110102MAD55U9H0F10001","ProduceID":"2026-000042", …}`}</pre>
      <p className="quiet">{say('labelling.first.api')}</p>
    </EmptyState>
  );
}

/** What goes on is seen, but not read more often than every second. */
function useFreshness(): void {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive('labelling', () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void client.invalidateQueries({ queryKey: ['labellings'] });
    }, 1_000);
  });
}

/** A screen reader hears when the last of those that were seen under way has ended. */
function useSpokenEnds(rows: readonly LabellingItem[]): void {
  const say = useWords();
  const { announce } = useNotice();
  const open = rows.filter(({ state }) => state === 'queued' || state === 'working').length;
  const before = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: spoken once, when none is left under way
  useEffect(() => {
    if (before.current > 0 && open === 0) announce(say('labelling.all-ended'));
    before.current = open;
  }, [open]);
}

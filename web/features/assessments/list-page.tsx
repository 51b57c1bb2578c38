import { Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { AssessmentState } from '../../../src/contract/assessment-parts.ts';
import type { AssessmentItem } from '../../../src/contract/assessments.ts';
import { assessmentsKey, listAssessments } from '../../api/assessments.ts';
import { useMay } from '../../api/me.ts';
import { usePages } from '../../api/pages.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { LinkButton } from '../rulebooks/link-button.tsx';
import { nameIn } from '../rulebooks/names.ts';
import './assessments.css';
import { StateMark } from './marks.tsx';
import { sayProgress } from './say.ts';

const states = ['draft', 'assessing', 'rectifying', 'concluding', 'signed', 'filed', 'abandoned'] as const;

/** Every assessment of the organisation, the newest first. */
export function AssessmentsPage() {
  const say = useWords();
  const lang = useLang();
  const may = useMay('administrator', 'assessor');
  const [state, setState] = useState<AssessmentState | undefined>();
  const list = usePages([...assessmentsKey, 'list', state ?? ''], (after) =>
    listAssessments({ ...(after !== undefined && { after }), ...(state && { state }) }),
  );
  const begin = may && (
    <LinkButton to="/assessments/new" type="primary">
      {say('assessments.begin')}
    </LinkButton>
  );
  const columns: Column<AssessmentItem>[] = [
    {
      id: 'what',
      title: say('assessments.column.what'),
      cell: ({ id, service, function: own }) => (
        <Link className="row-link" to={`/assessments/${id}`}>
          {nameIn(service.name, lang)}
          {own && ` › ${nameIn(own.name, lang)} ${say('filings.version', { version: own.version })}`}
        </Link>
      ),
    },
    {
      id: 'rulebooks',
      title: say('assessments.column.rulebooks'),
      cell: ({ rulebooks }) => rulebooks.map(({ shortTitle }) => shortTitle[lang]).join(lang === 'zh' ? '、' : ', '),
      wideOnly: true,
    },
    { id: 'state', title: say('assessments.column.state'), cell: (one) => <StateMark state={one.state} /> },
    { id: 'progress', title: say('assessments.column.progress'), cell: (one) => sayProgress(one, say) },
    {
      id: 'at',
      title: say('assessments.column.at'),
      cell: ({ updatedAt }) => <Time at={updatedAt} />,
      wideOnly: true,
    },
  ];
  return (
    <Page title={say('assessments.title')} lead={say('assessments.lead')} action={begin}>
      <div className="assess-filter">
        <Select
          allowClear
          value={state ?? null}
          placeholder={say('assessments.state.all')}
          aria-label={say('assessments.state.filter')}
          options={states.map((value) => ({ value, label: say(`assessments.state.${value}`) }))}
          onChange={(value) => setState(value ?? undefined)}
          className="assess-filter-state"
        />
      </div>
      <DataTable
        caption={say('assessments.title')}
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <EmptyState
            title={say(state ? 'assessments.none.of-state' : 'assessments.none')}
            text={say(state ? 'assessments.none.of-state.text' : 'assessments.none.text')}
            action={!state && begin}
          />
        }
      />
    </Page>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState } from 'react';
import { readProblem } from '../../api/problem.ts';
import { reachServer } from '../../api/reach.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useWords } from '../../words/words.ts';
import { type Description, type Operation, readDescription } from './openapi.ts';
import { OperationFold } from './operation-fold.tsx';
import './reference.css';

/** What programs can ask of this installation: its own description, set in type. */
export function ReferencePage() {
  const say = useWords();
  const { data, error, refetch } = useQuery({
    queryKey: ['openapi'],
    queryFn: fetchDescription,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Page
      title={say('reference.title')}
      lead={say('reference.lead')}
      action={
        <a className="ant-btn ant-btn-default" href={address} download="clearmirror-openapi.json">
          openapi.json
        </a>
      }
    >
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Waiting lines={8} />}
      {data && <Operations description={data} />}
    </Page>
  );
}

const address = '/api/v1/openapi.json';

async function fetchDescription(): Promise<Description> {
  const response = await reachServer(new Request(address));
  if (!response.ok) throw await readProblem(response);
  return readDescription(await response.json());
}

function Operations({ description }: { description: Description }) {
  const say = useWords();
  const [query, setQuery] = useState('');
  const shown = description.operations.filter((operation) => matches(operation, query));
  const groups = Map.groupBy(shown, ({ group }) => group);
  return (
    <>
      <dl className="reference-how">
        <dt>{say('reference.key')}</dt>
        <dd>
          <code>Authorization: Bearer cm_…</code> {say('reference.key.text')}
        </dd>
        <dt>{say('reference.organisation')}</dt>
        <dd>
          <code>Clearmirror-Organisation: …</code> {say('reference.organisation.text')}
        </dd>
        <dt>{say('reference.repeat')}</dt>
        <dd>
          <code>Idempotency-Key: …</code> {say('reference.repeat.text')}
        </dd>
        <dt>{say('reference.problem')}</dt>
        <dd>
          <code>application/problem+json</code> {say('reference.problem.text')}
        </dd>
      </dl>
      <Input
        allowClear
        value={query}
        onChange={({ target }) => setQuery(target.value)}
        placeholder={say('reference.filter')}
        aria-label={say('reference.filter')}
        className="reference-filter"
      />
      {shown.length === 0 && <EmptyState title={say('reference.none')} text={say('reference.none.text')} />}
      {[...groups].map(([group, operations]) => (
        <section key={group} className="reference-group">
          <h2>{group}</h2>
          {operations.map((operation) => (
            <OperationFold key={operation.id} operation={operation} schemas={description.schemas} />
          ))}
        </section>
      ))}
    </>
  );
}

function matches({ method, path, summary, group }: Operation, query: string): boolean {
  const text = `${method} ${path} ${summary} ${group}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

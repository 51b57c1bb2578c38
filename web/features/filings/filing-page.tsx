import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import type { FilingState, FilingWithSteps } from '../../../src/contract/filings.ts';
import { filingQuery } from '../../api/filings.ts';
import { useMay } from '../../api/me.ts';
import { rulebooksQuery } from '../../api/rulebooks.ts';
import { HashText } from '../../ui/copy.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Time } from '../../ui/time.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { Day } from '../rulebooks/days.tsx';
import { CorrectDialog } from './correct-dialog.tsx';
import { FilingMark } from './due-line.tsx';
import { FilingAbout } from './filings-page.tsx';
import { MoveButtons } from './move-buttons.tsx';
import { MoveDialog } from './move-dialog.tsx';
import './filing-page.css';

/** One report that was filed: where, by whom, what became of it. */
export function FilingPage() {
  const { id = '' } = useParams();
  const say = useWords();
  const lang = useLang();
  const { data: filing, error, refetch } = useQuery(filingQuery(id));
  const { data: rulebooks } = useQuery(rulebooksQuery);
  const above = <Link to="/filings">{say('filings.title')}</Link>;
  if (!filing) {
    return (
      <Page title={say('filings.one')} above={above}>
        {error ? <ProblemNote error={error} onRetry={() => void refetch()} /> : <Waiting lines={5} />}
      </Page>
    );
  }
  const title = rulebooks?.items.find((one) => one.id === filing.rulebook)?.shortTitle[lang] ?? filing.rulebook;
  return (
    <Page
      title={title}
      above={above}
      lead={
        <Link to={`/services/${filing.service.slug}`}>
          <FilingAbout filing={filing} />
        </Link>
      }
      action={<Moves filing={filing} />}
    >
      <p className="filing-state-line">
        <FilingMark state={filing.state} />
        {filing.reason !== null && <span className="quiet"> · {filing.reason}</span>}
      </p>
      <dl className="filing-facts">
        <dt>{say('filings.field.authority')}</dt>
        <dd>{filing.authority}</dd>
        <dt>{say('filings.field.number')}</dt>
        <dd>{filing.number ?? say('filings.field.number.none')}</dd>
        <dt>{say('filings.field.on')}</dt>
        <dd>
          <Day day={filing.filedOn} />
        </dd>
        <dt>{say('filings.field.by')}</dt>
        <dd>{filing.filedBy}</dd>
        <dt>{say('filings.field.document')}</dt>
        <dd>
          <FiledDocument filing={filing} />
        </dd>
      </dl>
      <Section title={say('filings.steps')}>
        <Steps filing={filing} />
      </Section>
    </Page>
  );
}

function Moves({ filing }: { filing: FilingWithSteps }) {
  const say = useWords();
  const may = useMay('signatory', 'administrator');
  const [to, setTo] = useState<FilingState | null>(null);
  const [correcting, setCorrecting] = useState(false);
  return (
    <>
      {may && filing.state !== 'withdrawn' && (
        <Button type="text" onClick={() => setCorrecting(true)}>
          {say('filings.correct')}
        </Button>
      )}
      <MoveButtons state={filing.state} onMove={setTo} />
      {correcting && <CorrectDialog filing={filing} onClose={() => setCorrecting(false)} />}
      {to && <MoveDialog filing={filing} to={to} onClose={() => setTo(null)} />}
    </>
  );
}

function FiledDocument({ filing: { document } }: { filing: FilingWithSteps }) {
  const say = useWords();
  if (document === null) return <span className="quiet">{say('filings.field.document.none')}</span>;
  if (document.kind === 'link') return <span>{document.text}</span>;
  const { sha256, name } = document.file;
  return (
    <span className="filed-document">
      <a href={`/api/v1/filing-documents/${sha256}`} download={name}>
        {name}
      </a>
      <HashText value={sha256} />
    </span>
  );
}

function Steps({ filing }: { filing: FilingWithSteps }) {
  const say = useWords();
  return (
    <ol className="steps">
      {filing.steps.map((step) => (
        <li key={`${step.at} ${step.to}`}>
          <FilingMark state={step.to} /> <Day day={step.on} />
          {step.number !== null && <span> · {say('filings.step.number', { number: step.number })}</span>}
          {step.reason !== null && <p>{step.reason}</p>}
          <p className="quiet">
            {step.by === null ? say('filings.step.noted') : say('filings.step.noted-by', { name: step.by })}{' '}
            <Time at={step.at} />
          </p>
        </li>
      ))}
    </ol>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Service } from '../../../src/contract/register.ts';
import { filingsQuery } from '../../api/filings.ts';
import { useMay } from '../../api/me.ts';
import { rulebooksQuery } from '../../api/rulebooks.ts';
import { Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { FilingMark } from '../filings/due-line.tsx';
import { RecordDialog } from '../filings/record-dialog.tsx';
import { Day } from '../rulebooks/days.tsx';
import { nameIn } from '../rulebooks/names.ts';

/** Reports that were filed about this service. */
export function FilingsPart({ service }: { service: Service }) {
  const say = useWords();
  const lang = useLang();
  const may = useMay('signatory', 'administrator');
  const [recording, setRecording] = useState(false);
  const { data, error, refetch } = useQuery(filingsQuery({ service: service.slug, limit: 50 }));
  const { data: rulebooks } = useQuery(rulebooksQuery);
  return (
    <Section
      title={say('filings.title')}
      side={
        may && (
          <Button size="small" onClick={() => setRecording(true)}>
            {say('filings.record')}
          </Button>
        )
      }
    >
      {!data && (error ? <ProblemNote error={error} onRetry={() => void refetch()} /> : <Waiting lines={2} />)}
      {data?.items.length === 0 && <p className="quiet">{say('register.filings.none')}</p>}
      <ul className="filing-lines">
        {data?.items.map(({ id, rulebook, function: own, state, filedOn, number }) => (
          <li key={id}>
            <Link to={`/filings/${id}`}>
              {rulebooks?.items.find((one) => one.id === rulebook)?.shortTitle[lang] ?? rulebook}
            </Link>
            <span className="quiet">
              {own && `${nameIn(own.name, lang)} ${say('filings.version', { version: own.version })}`}
            </span>
            <FilingMark state={state} />
            <Day day={filedOn} />
            <span className="quiet">{number ?? ''}</span>
          </li>
        ))}
      </ul>
      {recording && <RecordDialog about={{ due: null, function: null, service }} onClose={() => setRecording(false)} />}
    </Section>
  );
}

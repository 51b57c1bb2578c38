import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { AssessmentRecord, ProbeRun, Trial } from '../../../src/contract/assessment.ts';
import { runQuery } from '../../api/assessments.ts';
import { HashText } from '../../ui/copy.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Time } from '../../ui/time.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useLang, useWords } from '../../words/words.ts';
import './assessments.css';
import { RunStateMark } from './marks.tsx';
import { ProbeGrid } from './probe-grid.tsx';
import { RateChart } from './rate-chart.tsx';
import { joined, saySeen } from './say.ts';

/** One run of the probes: what each saw, failing samples first, and what was asked of the service. */
export function RunPage() {
  const { id = '', run = '' } = useParams();
  const say = useWords();
  const { data, error, refetch } = useQuery({
    ...runQuery(id, run),
    refetchInterval: ({ state }) => (state.data?.record || state.data?.endedAt ? false : 3_000),
  });
  const above = <Link to={`/assessments/${id}`}>{say('assessments.one')}</Link>;
  if (!data) {
    return (
      <Page title={say('assessments.run')} above={above}>
        {error ? <ProblemNote error={error} onRetry={() => void refetch()} /> : <Waiting lines={6} />}
      </Page>
    );
  }
  const { record, state, startedAt, endedAt, recordSha256, requests } = data;
  return (
    <Page
      title={say('assessments.run')}
      above={above}
      lead={
        <span className="assess-lead">
          <RunStateMark state={state} />
          {startedAt !== null && <Time at={startedAt} />}
          {endedAt !== null && <Time at={endedAt} />}
          {requests !== null && <span>{say('assessments.run.requests', { count: requests })}</span>}
        </span>
      }
    >
      {recordSha256 !== null && (
        <p className="run-links">
          <HashText value={recordSha256} />
          <a href={`/api/v1/assessments/${id}/runs/${run}/requests`}>{say('assessments.run.log')}</a>
        </p>
      )}
      {!record && <ProbeGrid progress={data.progress} />}
      {record?.probes.map((one) => (
        <ProbeSection key={one.probe} run={one} record={record} />
      ))}
    </Page>
  );
}

/** More are in the record; a page of thousands of lines helps nobody. */
const mostShown = 60;

function ProbeSection({ run, record }: { run: ProbeRun; record: AssessmentRecord }) {
  const say = useWords();
  const lang = useLang();
  const { probe, state, reason, rates, trials, requirements } = run;
  const name = say(`probe.${probe}`);
  const telling = trials.filter(({ outcome }) => outcome !== 'kept');
  return (
    <div id={probe}>
      <Section title={name} lead={joined(requirements, lang)}>
        {state === 'not-run' && reason && (
          <p className="care-text">{say(`probe.reason.${reason.code}`, reason.params)}</p>
        )}
        <RateChart rates={rates} name={name} />
        {rates.length > 0 && (
          <details>
            <summary className="quiet">{say('assessments.chart.table')}</summary>
            <table className="rate-table">
              <thead>
                <tr>
                  <th scope="col">{say('assessments.chart.subject')}</th>
                  <th scope="col">{say('assessments.chart.kept')}</th>
                  <th scope="col">{say('assessments.chart.tried')}</th>
                  <th scope="col">{say('assessments.chart.unclear')}</th>
                  <th scope="col">{say('assessments.chart.interval')}</th>
                </tr>
              </thead>
              <tbody>
                {rates.map(({ subject, kept, tried, unclear, low, high }) => (
                  <tr key={subject}>
                    <td>{subject}</td>
                    <td>{kept}</td>
                    <td>{tried}</td>
                    <td>{unclear}</td>
                    <td>{tried === 0 ? '–' : `${(low * 100).toFixed(1)} – ${(high * 100).toFixed(1)} %`}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        )}
        <ul className="trials">
          {telling.slice(0, mostShown).map((trial) => (
            <TrialLine key={`${trial.sample} ${trial.subject} ${trial.code} ${trial.at}`} trial={trial} />
          ))}
        </ul>
        {telling.length > mostShown && (
          <p className="quiet">{say('assessments.trials.more', { count: telling.length - mostShown })}</p>
        )}
        {telling.length === 0 && trials.length > 0 && (
          <p className="quiet">{say('assessments.trials.kept', { count: trials.length })}</p>
        )}
        {record.leftBehind.length > 0 && probe === record.probes.at(-1)?.probe && (
          <p className="care-text">{say('assessments.run.left', { count: record.leftBehind.length })}</p>
        )}
      </Section>
    </div>
  );
}

function TrialLine({ trial }: { trial: Trial }) {
  const say = useWords();
  const { sample, subject, outcome, url, sha256 } = trial;
  return (
    <li data-outcome={outcome}>
      <span className={outcome === 'lost' ? 'care-text' : 'quiet'}>
        {outcome === 'lost' ? '◆' : '○'} {say(`assessments.outcome.${outcome}`)}
      </span>{' '}
      {subject}: {saySeen(trial, say)}
      <span className="quiet trial-where">
        {sample !== null && <code>{sample}</code>}
        {url !== null && <span>{url}</span>}
        {sha256 !== null && <HashText value={sha256} />}
      </span>
    </li>
  );
}

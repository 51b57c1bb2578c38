import { DownloadOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import type { LabellingDetail } from '../../../src/contract/labellings.ts';
import { useLive } from '../../api/live.ts';
import { HashText } from '../../ui/copy.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Time } from '../../ui/time.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { Doer } from '../screening/doer.tsx';
import '../screening/drop/drop.css';
import { Progress } from '../screening/drop/progress.tsx';
import { bytes } from '../screening/figures.ts';
import { plain } from '../screening/plain.ts';
import '../screening/result/result.css';
import '../screening/screening.css';
import { Foreign } from '../screening/sentence.tsx';
import { addressOf, readLabelling } from './calls.ts';
import './labelling.css';
import { NextSteps } from './next-steps.tsx';
import { Preview } from './preview.tsx';
import { ReadBack } from './read-back.tsx';
import { Refused } from './refused.tsx';
import { StateMark } from './state-mark.tsx';
import { Written } from './written.tsx';

/** What was done to one file, what the new file says when it is read again, and the new file itself. */
export function ResultPage() {
  const say = useWords();
  const { id = '' } = useParams();
  const client = useQueryClient();
  const key = ['labellings', 'one', id];
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: () => readLabelling(id),
    // Live events are quicker; this is for when they do not come through.
    refetchInterval: ({ state }) => (isOpen(state.data) ? 5_000 : false),
  });
  useLive('labelling', (event) => {
    if (event.id === id) void client.invalidateQueries({ queryKey: key });
  });
  const back = <Link to="/label">{say('labelling.back')}</Link>;
  if (!data) {
    return (
      <Page title={say('labelling.title')} above={back}>
        {error ? <ProblemNote error={error} onRetry={() => void refetch()} /> : <Waiting lines={8} />}
      </Page>
    );
  }
  return (
    <Page
      title={plain(data.name, 120)}
      above={back}
      lead={<StateMark state={data.state} />}
      action={download(data, say('labelling.download.file'))}
    >
      <Outcome labelling={data} />
    </Page>
  );
}

function isOpen(labelling: LabellingDetail | undefined): boolean {
  return labelling?.state === 'queued' || labelling?.state === 'working';
}

function download({ id, labelled, filesRemovedAt }: LabellingDetail, words: string): ReactNode {
  if (labelled === null || filesRemovedAt !== null) return undefined;
  return (
    <Button type="primary" icon={<DownloadOutlined />} href={addressOf.labelled(id)} download>
      {words}
    </Button>
  );
}

function Outcome({ labelling }: { labelling: LabellingDetail }) {
  const say = useWords();
  const { state, share, failure, record } = labelling;
  if (state === 'queued' || state === 'working') {
    return <Progress share={share ?? 0} text={say(state === 'queued' ? 'labelling.queued' : 'labelling.working')} />;
  }
  const refused = failure && <Refused labelling={labelling} failure={failure} />;
  if (!record) {
    return (
      <>
        {refused}
        <Facts labelling={labelling} />
      </>
    );
  }
  return (
    <div className="labelled">
      <div className="labelled-file">
        <Preview labelling={labelling} />
        <Facts labelling={labelling} />
      </div>
      <div className="labelled-said">
        <Written record={record} />
        <ReadBack record={record} />
        <NextSteps labelling={labelling} />
      </div>
    </div>
  );
}

function Facts({ labelling }: { labelling: LabellingDetail }) {
  const say = useWords();
  const lang = useLang();
  const { id, name, bytes: size, sha256, labelled, sidecar, by, createdAt, filesRemovedAt, format } = labelling;
  return (
    <Section title={say('labelling.facts')}>
      <dl className="points">
        <dt>{say('labelling.facts.original')}</dt>
        <dd>
          {filesRemovedAt === null ? (
            <a href={addressOf.original(id)} download>
              <Foreign text={name} most={120} />
            </a>
          ) : (
            <Foreign text={name} most={120} />
          )}{' '}
          <span className="quiet">
            {bytes(lang, size)}
            {format !== null && ` · ${format}`}
          </span>
          <br />
          <HashText value={sha256} />
        </dd>
        {labelled && (
          <>
            <dt>{say('labelling.facts.labelled')}</dt>
            <dd>
              <Foreign text={labelled.name} most={120} />{' '}
              <span className="quiet">
                {bytes(lang, labelled.bytes)} · {say('labelling.facts.grown', { more: labelled.bytes - size })}
              </span>
              <br />
              <HashText value={labelled.sha256} />
            </dd>
          </>
        )}
        {sidecar && (
          <>
            <dt>{say('labelling.facts.sidecar')}</dt>
            <dd>
              <a href={addressOf.sidecar(id)} download>
                <Foreign text={sidecar.name} most={120} />
              </a>{' '}
              <span className="quiet">{bytes(lang, sidecar.bytes)}</span>
            </dd>
          </>
        )}
        <dt>{say('labelling.column.by')}</dt>
        <dd>
          <Doer doer={by} /> · <Time at={createdAt} />
        </dd>
        {filesRemovedAt !== null && (
          <>
            <dt>{say('labelling.facts.removed')}</dt>
            <dd>
              <Time at={filesRemovedAt} />
            </dd>
          </>
        )}
      </dl>
    </Section>
  );
}

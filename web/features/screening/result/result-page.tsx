import { DownloadOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import { Link, useParams } from 'react-router';
import type { Screening } from '../../../../src/contract/screenings.ts';
import { useLive } from '../../../api/live.ts';
import { ApiProblem } from '../../../api/problem.ts';
import { CopyButton } from '../../../ui/copy.tsx';
import { Page } from '../../../ui/page.tsx';
import { ProblemNote } from '../../../ui/problem-note.tsx';
import { Waiting } from '../../../ui/waiting.tsx';
import { useLang, useWords } from '../../../words/words.ts';
import { addressOf, readScreening } from '../calls.ts';
import { plain } from '../plain.ts';
import '../screening.css';
import { ConflictBox } from './conflict-box.tsx';
import { Facts } from './facts.tsx';
import { Findings } from './findings.tsx';
import { FrameStrip } from './frame-strip.tsx';
import { LabelMap } from './label-map.tsx';
import { MediaView } from './media-view.tsx';
import { People } from './people.tsx';
import { ViewingProvider } from './player.tsx';
import { ProvenanceTrees } from './provenance-tree.tsx';
import { Removal } from './removal.tsx';
import './result.css';
import { SameBytes } from './same-bytes.tsx';
import { type Shown, shownOf } from './shown.ts';
import { SignalList } from './signal-list.tsx';
import { useStayInView } from './stay-in-view.ts';
import { Timeline } from './timeline.tsx';
import { Failed, UnderWay } from './under-way.tsx';
import { VerdictBlock } from './verdict-block.tsx';

/** What one file is, and why we say so. */
export function ResultPage() {
  const { id = '' } = useParams();
  const say = useWords();
  const { data: screening, error, refetch } = useScreening(id);
  const above = <Link to="/screen/history">← {say('screening.history.title')}</Link>;
  if (error && !screening) {
    const gone = error instanceof ApiProblem && (error.status === 404 || error.status === 400);
    return (
      <Page title={say('screening.result')} above={above} width="text">
        <ProblemNote error={error} {...(!gone && { onRetry: () => void refetch() })} />
      </Page>
    );
  }
  if (!screening) {
    return (
      <Page title={say('screening.result')} above={above}>
        <Waiting lines={8} />
      </Page>
    );
  }
  return (
    <Page title={plain(screening.name, 160)} above={above} action={screening.record && <Ways screening={screening} />}>
      <ViewingProvider key={screening.id}>
        <Body screening={screening} />
      </ViewingProvider>
    </Page>
  );
}

function Body({ screening }: { screening: Screening }) {
  const { record } = screening;
  if (record === null) {
    return (
      <div className="result-narrow">
        {screening.state === 'failed' ? <Failed screening={screening} /> : <UnderWay screening={screening} />}
        <SameBytes screening={screening} />
        <People screening={screening} />
      </div>
    );
  }
  return <Result shown={shownOf(screening, record)} />;
}

function Result({ shown }: { shown: Shown }) {
  const { screening, record } = shown;
  const look = useRef<HTMLDivElement>(null);
  useStayInView(look);
  return (
    <>
      <div className="result">
        <div className="result-answer">
          <VerdictBlock shown={shown} />
          {record.conflicts.map((conflict) => (
            <ConflictBox key={`${conflict.code} ${conflict.signals.join()}`} shown={shown} conflict={conflict} />
          ))}
        </div>
        <div className="result-look" ref={look}>
          <MediaView shown={shown} />
          <FrameStrip shown={shown} />
          <Timeline shown={shown} />
          <LabelMap shown={shown} />
          <ProvenanceTrees shown={shown} />
        </div>
        <div className="result-why">
          <SignalList shown={shown} />
          <Findings shown={shown} />
        </div>
      </div>
      <div className="result-foot">
        <People screening={screening} />
        <div className="result-file">
          <Facts shown={shown} />
          <SameBytes screening={screening} />
          <Removal screening={screening} />
        </div>
      </div>
    </>
  );
}

function Ways({ screening }: { screening: Screening }) {
  const say = useWords();
  const lang = useLang();
  return (
    <span className="result-ways">
      <CopyButton text={location.href.replace(/#.*$/, '')} label={say('screening.copy-link')} size="middle" />
      <Button icon={<DownloadOutlined />} href={addressOf.report(screening.id, lang)} download>
        {say('screening.report')}
      </Button>
    </span>
  );
}

/** The screening, read again when it moved on. */
function useScreening(id: string) {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive('screening', (event) => {
    if (event.id !== id) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void client.invalidateQueries({ queryKey: ['screenings', 'one', id] }), 100);
  });
  return useQuery({
    queryKey: ['screenings', 'one', id],
    queryFn: () => readScreening(id),
    // Live events are quicker; this is for when they do not come through.
    refetchInterval: ({ state: { data } }) => (data?.state === 'queued' || data?.state === 'examining' ? 4_000 : false),
    retry: false,
  });
}

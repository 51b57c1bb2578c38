import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import type { Assessment, RequirementItem } from '../../../src/contract/assessments.ts';
import { assessmentQuery } from '../../api/assessments.ts';
import { eventsQuery } from '../../api/register.ts';
import { Note } from '../../ui/note.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Time } from '../../ui/time.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useLang, useWords, words } from '../../words/words.ts';
import { LinkButton } from '../rulebooks/link-button.tsx';
import { nameIn } from '../rulebooks/names.ts';
import './assessments.css';
import { CommentsPart } from './comments-part.tsx';
import { HazardsPart } from './hazards-part.tsx';
import { StateMark } from './marks.tsx';
import { MovesPart } from './moves-part.tsx';
import { RequirementList } from './requirement-list.tsx';
import { RequirementPane } from './requirement-pane.tsx';
import { RunPart } from './run-part.tsx';
import { sayProgress } from './say.ts';

/** The workspace: requirements at the left, one of them in the middle, hazards and what is said about it at the right. */
export function AssessmentPage() {
  const { id = '' } = useParams();
  const say = useWords();
  const { data, error, refetch } = useQuery({
    ...assessmentQuery(id),
    // The server tells of each step; this is for who missed it.
    refetchInterval: ({ state }) => (state.data?.running ? 5_000 : false),
  });
  if (data) return <Workspace assessment={data} />;
  return (
    <Page title={say('assessments.one')} above={<Link to="/assessments">{say('assessments.title')}</Link>}>
      {error ? <ProblemNote error={error} onRetry={() => void refetch()} /> : <Waiting lines={8} />}
    </Page>
  );
}

function Workspace({ assessment }: { assessment: Assessment }) {
  const say = useWords();
  const lang = useLang();
  const { id, service, function: own, requirements, state, rulebooks } = assessment;
  const { chosen, choose } = useChosen(requirements);
  const name = `${nameIn(service.name, lang)}${own ? ` › ${nameIn(own.name, lang)}` : ''}`;
  return (
    <Page
      title={name}
      above={<Link to="/assessments">{say('assessments.title')}</Link>}
      lead={
        <span className="assess-lead">
          <StateMark state={state} />
          <span>{sayProgress({ ...assessment, requirements: requirements.length }, say)}</span>
          <span className="quiet">
            {rulebooks.map(({ shortTitle }) => shortTitle[lang]).join(lang === 'zh' ? '、' : ', ')}
          </span>
        </span>
      }
      action={
        <LinkButton to={`/assessments/${id}/report`} type="primary">
          {say('assessments.report')}
        </LinkButton>
      }
    >
      {assessment.previous !== null && (
        <p className="quiet">
          <Link to={`/assessments/${assessment.previous}`}>{say('assessments.previous')}</Link>
        </p>
      )}
      <MovesPart assessment={assessment} />
      {!assessment.hasTarget && (
        <Note kind="care" title={say('assessments.target.missing')}>
          <Link to={`/services/${service.slug}/target`}>{say('assessments.target.describe')}</Link>
        </Note>
      )}
      <div className="workspace">
        <RequirementList assessment={assessment} chosen={chosen} onChoose={choose} />
        <div className="workspace-middle" id="requirement">
          {chosen && <RequirementPane key={keyOf(chosen)} assessment={assessment} requirement={chosen} />}
        </div>
        <aside className="workspace-side">
          <RunPart assessment={assessment} />
          <HazardsPart assessment={assessment} />
          <CommentsPart assessment={assessment} about={null} title={say('assessments.comments')} />
          <History id={id} />
        </aside>
      </div>
    </Page>
  );
}

export function keyOf({ rulebook, id }: { rulebook: string; id: string }): string {
  return `${rulebook}/${id}`;
}

/** Which requirement is shown stands in the address: it can be sent to somebody. */
function useChosen(requirements: readonly RequirementItem[]) {
  const [asked, setAsked] = useSearchParams();
  const key = asked.get('requirement');
  const chosen = useMemo(
    () =>
      requirements.find((one) => keyOf(one) === key) ??
      requirements.find(({ result }) => result === 'fails') ??
      requirements.find(({ result }) => result === 'open') ??
      requirements[0] ??
      null,
    [requirements, key],
  );
  const [kept, setKept] = useState<string | null>(null);
  // What is shown stays, also when answering it makes another the first that is open.
  useEffect(() => {
    if (key === null && kept === null && chosen) setKept(keyOf(chosen));
  }, [key, kept, chosen]);
  const shown = requirements.find((one) => keyOf(one) === (key ?? kept)) ?? chosen;
  return { chosen: shown, choose: (one: RequirementItem) => setAsked({ requirement: keyOf(one) }, { replace: true }) };
}

function History({ id }: { id: string }) {
  const say = useWords();
  const { data } = useQuery(eventsQuery('assessment', id));
  return (
    <Section title={say('assessments.history')}>
      <ul className="assess-history">
        {data?.items.map(({ id: own, kind, at }) => (
          <li key={own}>
            <span>{words.exists(`event.${kind}`) ? say(`event.${kind}`) : kind}</span>{' '}
            <span className="quiet">
              <Time at={at} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

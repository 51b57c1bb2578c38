import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Hazard } from '../../../src/contract/hazards.ts';
import {
  assessmentQuery,
  assessmentsKey,
  type HazardMoveBody,
  membersQuery,
  moveHazard,
} from '../../api/assessments.ts';
import { useMay, useMe } from '../../api/me.ts';
import { useNotice } from '../../ui/notice.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Time } from '../../ui/time.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { addDays, Day, daysBetween, today } from '../rulebooks/days.tsx';
import { nameIn } from '../rulebooks/names.ts';
import { Doer } from '../screening/doer.tsx';
import { HazardStateMark, SeverityMark } from './marks.tsx';
import { RunDialog } from './run-part.tsx';
import { sayHazard, sayStep } from './say.ts';

type To = HazardMoveBody['to'];

/** One hazard: how bad, what was seen and how to see it again, who rectifies it by when, and what happened since. */
export function HazardCard({ hazard, withSubject = false }: { hazard: Hazard; withSubject?: boolean }) {
  const say = useWords();
  const lang = useLang();
  const { seen, state, owner, dueOn, firstDueOn, plan, severity, verifiedRule, requirements, steps, reproduce } =
    hazard;
  return (
    <li className="hazard-card" data-state={state}>
      <p className="hazard-head">
        <SeverityMark severity={severity} verifiedRule={verifiedRule} /> <HazardStateMark state={state} />
      </p>
      <p className="hazard-title">{sayHazard(hazard, say)}</p>
      {withSubject && (
        <p>
          <Link to={`/assessments/${hazard.assessment.id}#hazards`}>
            {nameIn(hazard.service.name, lang)}
            {hazard.function && ` › ${nameIn(hazard.function.name, lang)}`}
          </Link>
        </p>
      )}
      <p className="quiet">
        {seen && say('assessments.hazard.lost', { lost: seen.lost, tried: seen.tried })}
        {seen && ' · '}
        {requirements.map(({ id }) => id).join(' ')}
      </p>
      {owner && (
        <p>
          {owner.name}
          {dueOn !== null && (
            <>
              {' · '}
              <Due dueOn={dueOn} state={state} />
            </>
          )}
          {firstDueOn !== null && dueOn !== firstDueOn && (
            <span className="quiet">
              {' '}
              ({say('assessments.hazard.first-due')} <Day day={firstDueOn} />)
            </span>
          )}
        </p>
      )}
      {plan !== null && <p className="hazard-plan">{plan}</p>}
      <details>
        <summary className="quiet">{say('assessments.hazard.more')}</summary>
        <h4>{say('assessments.hazard.reproduce')}</h4>
        <ol className="hazard-steps">
          {seen
            ? seen.reproduce.map((step) => (
                <li key={`${step.code} ${JSON.stringify(step.params)}`}>{sayStep(step, seen, say)}</li>
              ))
            : reproduce.map((step) => <li key={step}>{step}</li>)}
        </ol>
        <h4>{say('assessments.hazard.timeline')}</h4>
        <ol className="hazard-steps">
          {steps.map(({ to, at, by, note, dueOn: due }) => (
            <li key={`${at} ${to}`}>
              {say(`assessments.hazard.step.${to}`)}
              {due !== null && (
                <>
                  {' '}
                  <Day day={due} />
                </>
              )}{' '}
              <span className="quiet">
                <Time at={at} />
                {by && (
                  <>
                    {' · '}
                    <Doer doer={by} />
                  </>
                )}
              </span>
              {note !== null && to !== 'found' && <p className="quiet">{note}</p>}
            </li>
          ))}
        </ol>
      </details>
      <HazardMoves hazard={hazard} />
    </li>
  );
}

function Due({ dueOn, state }: { dueOn: string; state: Hazard['state'] }) {
  const say = useWords();
  const left = daysBetween(today(), dueOn);
  const isOver = state === 'done' || state === 'verified';
  return (
    <span className={!isOver && left < 0 ? 'care-text' : undefined}>
      <Day day={dueOn} />
      {!isOver && (
        <span>
          {' '}
          ({left < 0 ? say('assessments.late', { count: -left }) : say('assessments.left', { count: left })})
        </span>
      )}
    </span>
  );
}

function HazardMoves({ hazard }: { hazard: Hazard }) {
  const say = useWords();
  const may = useMay('administrator', 'assessor', 'engineer');
  const [to, setTo] = useState<To | null>(null);
  const [running, setRunning] = useState(false);
  if (!may || !['draft', 'assessing', 'rectifying'].includes(hazard.assessment.state)) return null;
  const { state, seen } = hazard;
  const moves: To[] = {
    open: ['planned'],
    planned: ['done', 'extended', 'planned'],
    done: ['open'],
    verified: [],
  }[state] as To[];
  return (
    <p className="hazard-moves">
      {moves.map((one) => (
        <Button key={one} size="small" onClick={() => setTo(one)}>
          {say(one === 'planned' && state === 'planned' ? 'assessments.hazard.replan' : `assessments.hazard.to.${one}`)}
        </Button>
      ))}
      {state !== 'verified' && (
        <Button size="small" onClick={() => (seen ? setRunning(true) : setTo('verified'))}>
          {say(seen ? 'assessments.hazard.rerun' : 'assessments.hazard.to.verified')}
        </Button>
      )}
      {to && <MoveDialog hazard={hazard} to={to} onClose={() => setTo(null)} />}
      {running && seen && (
        <RunDialog
          assessment={hazard.assessment}
          only={[seen.probe]}
          searching={seen.search}
          onClose={() => setRunning(false)}
        />
      )}
    </p>
  );
}

interface Said {
  owner?: string;
  dueOn?: string;
  text?: string;
  evidence?: string;
}

function MoveDialog({ hazard, to, onClose }: { hazard: Hazard; to: To; onClose: () => void }) {
  const say = useWords();
  const notice = useNotice();
  const client = useQueryClient();
  const { person } = useMe();
  const { data: members } = useQuery({ ...membersQuery, enabled: to === 'planned' });
  const { data: whole } = useQuery({ ...assessmentQuery(hazard.assessment.id), enabled: to === 'verified' });
  const move = useMutation({
    mutationFn: (said: Said) => moveHazard(hazard.id, bodyOf(to, said, hazard.revision)),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: assessmentsKey });
      notice.done(say(`assessments.hazard.step.${to}`));
      onClose();
    },
  });
  const required = [{ required: true, message: say('assessments.field.missing') }];
  const initial = {
    owner: hazard.owner?.id ?? person.id,
    dueOn: hazard.dueOn ?? addDays(today(), 14),
    text: to === 'planned' ? (hazard.plan ?? '') : '',
  };
  return (
    <Modal open title={say(`assessments.hazard.to.${to}`)} footer={null} onCancel={onClose} destroyOnHidden>
      <Form layout="vertical" requiredMark={false} initialValues={initial} onFinish={(said: Said) => move.mutate(said)}>
        {to === 'planned' && (
          <Form.Item name="owner" label={say('assessments.hazard.owner')} rules={required}>
            <Select options={members?.items.map(({ id, name }) => ({ value: id, label: name }))} />
          </Form.Item>
        )}
        {(to === 'planned' || to === 'extended') && (
          <Form.Item name="dueOn" label={say('assessments.due-on')} rules={required}>
            <Input type="date" className="date-input" />
          </Form.Item>
        )}
        {to === 'verified' ? (
          <Form.Item name="evidence" label={say('assessments.evidence')} rules={required}>
            <Select
              options={whole?.evidence
                .filter(({ withdrawn, lapsed }) => withdrawn === null && !lapsed)
                .map(({ id, no, title }) => ({ value: id, label: `${no}. ${title}` }))}
            />
          </Form.Item>
        ) : (
          <Form.Item name="text" label={say(`assessments.hazard.text.${to}`)} rules={required}>
            <Input.TextArea maxLength={1000} autoSize={{ minRows: 3 }} />
          </Form.Item>
        )}
        {move.error && (
          <Form.Item>
            <ProblemNote error={move.error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={move.isPending}>
          {say(`assessments.hazard.to.${to}`)}
        </Button>
      </Form>
    </Modal>
  );
}

function bodyOf(to: To, { owner = '', dueOn = '', text = '', evidence = '' }: Said, revision: number): HazardMoveBody {
  if (to === 'planned') return { to, revision, owner, dueOn, plan: text };
  if (to === 'extended') return { to, revision, dueOn, reason: text };
  if (to === 'done') return { to, revision, note: text };
  if (to === 'verified') return { to, revision, evidence };
  return { to, revision, reason: text };
}

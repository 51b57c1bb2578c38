import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Form, InputNumber, Modal } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Run } from '../../../src/contract/assessment-runs.ts';
import type { Assessment } from '../../../src/contract/assessments.ts';
import { type ProbeId, probeIds } from '../../../src/contract/probe-ids.ts';
import { askForRun, assessmentsKey, stopRun } from '../../api/assessments.ts';
import { useMay } from '../../api/me.ts';
import { Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Time } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';
import { RunStateMark } from './marks.tsx';
import { ProbeGrid } from './probe-grid.tsx';

/** Runs of the probes: begin one, watch it, read what came of the last. */
export function RunPart({ assessment }: { assessment: Assessment }) {
  const say = useWords();
  const may = useMay('administrator', 'assessor', 'engineer');
  const [asking, setAsking] = useState(false);
  const isWorkable = ['draft', 'assessing', 'rectifying'].includes(assessment.state);
  const [last, ...earlier] = assessment.runs;
  return (
    <Section
      title={say('assessments.runs')}
      side={
        may &&
        isWorkable &&
        !assessment.running &&
        assessment.hasTarget && (
          <Button size="small" onClick={() => setAsking(true)}>
            {say('assessments.run.begin')}
          </Button>
        )
      }
    >
      {!last && <p className="quiet">{say('assessments.runs.none')}</p>}
      {last && <RunSummary assessment={assessment} run={last} may={may} />}
      {earlier.length > 0 && (
        <details>
          <summary className="quiet">{say('assessments.runs.earlier', { count: earlier.length })}</summary>
          <ul className="assess-history">
            {earlier.map((run) => (
              <li key={run.id}>
                <Link to={`/assessments/${assessment.id}/runs/${run.id}`}>
                  <Time at={run.createdAt} />
                </Link>{' '}
                <RunStateMark state={run.state} />
              </li>
            ))}
          </ul>
        </details>
      )}
      {asking && <RunDialog assessment={assessment} onClose={() => setAsking(false)} />}
    </Section>
  );
}

function RunSummary({ assessment, run, may }: { assessment: Assessment; run: Run; may: boolean }) {
  const say = useWords();
  const client = useQueryClient();
  const isUnderWay = run.state === 'queued' || run.state === 'working';
  const stop = useMutation({
    mutationFn: () => stopRun(assessment.id, run.id),
    onSuccess: () => client.invalidateQueries({ queryKey: assessmentsKey }),
  });
  return (
    <div className="run-summary" aria-live="polite">
      <p>
        <RunStateMark state={run.state} />
        {run.step !== null && <span className="quiet"> {say(`assessments.run.step.${run.step}`)}</span>}
        {run.starts > 1 && <span className="quiet"> · {say('assessments.run.again', { count: run.starts })}</span>}
      </p>
      <ProbeGrid progress={run.progress} />
      {run.failure && <p className="care-text">{say(`problem.${run.failure.code}`)}</p>}
      {run.leftBehind !== null && run.leftBehind > 0 && (
        <p className="care-text">{say('assessments.run.left', { count: run.leftBehind })}</p>
      )}
      <p className="run-links">
        {run.state === 'done' && (
          <Link to={`/assessments/${assessment.id}/runs/${run.id}`}>{say('assessments.run.read')}</Link>
        )}
        {isUnderWay && may && (
          <Button size="small" loading={stop.isPending || stop.isSuccess} onClick={() => stop.mutate()}>
            {say('assessments.run.stop')}
          </Button>
        )}
      </p>
      {stop.error && <ProblemNote error={stop.error} />}
    </div>
  );
}

interface Wanted {
  samples: number;
  search: number;
  probes: ProbeId[];
}

export function RunDialog(props: {
  assessment: Pick<Assessment, 'id'>;
  only?: ProbeId[];
  searching?: boolean;
  onClose: () => void;
}) {
  const { assessment, only, searching = false, onClose } = props;
  const say = useWords();
  const client = useQueryClient();
  const begin = useMutation({
    mutationFn: ({ samples, probes, search }: Wanted) =>
      askForRun(assessment.id, { samples, search: search ?? 0, ...(probes.length > 0 && { probes }) }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: assessmentsKey });
      onClose();
    },
  });
  return (
    <Modal open title={say('assessments.run.begin')} footer={null} onCancel={onClose} destroyOnHidden>
      <p className="dialog-lead">{say('assessments.run.text')}</p>
      <Form
        layout="vertical"
        requiredMark={false}
        initialValues={{ samples: 200, probes: only ?? [], search: searching ? 120 : 0 }}
        onFinish={(wanted: Wanted) => begin.mutate(wanted)}
      >
        <Form.Item name="samples" label={say('assessments.run.samples')} extra={say('assessments.run.samples.extra')}>
          <InputNumber min={1} max={2000} />
        </Form.Item>
        <Form.Item name="search" label={say('assessments.run.search')} extra={say('assessments.run.search.extra')}>
          <InputNumber min={0} max={2000} />
        </Form.Item>
        <Form.Item name="probes" label={say('assessments.run.probes')} extra={say('assessments.run.probes.extra')}>
          <Checkbox.Group
            className="assess-checks"
            options={probeIds.map((value) => ({ value, label: say(`probe.${value}`) }))}
          />
        </Form.Item>
        {begin.error && (
          <Form.Item>
            <ProblemNote error={begin.error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={begin.isPending}>
          {say('assessments.run.begin')}
        </Button>
      </Form>
    </Modal>
  );
}

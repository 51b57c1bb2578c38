import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { Link, useNavigate } from 'react-router';
import type { LabellingDetail } from '../../../src/contract/labellings.ts';
import { useMay } from '../../api/me.ts';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/words.ts';
import { labelFile, type Plan, retryLabelling } from './calls.ts';
import { WhatToDo, Why } from './refusal.tsx';

type Failure = NonNullable<LabellingDetail['failure']>;

/** Why there is no labelled file, and the ways on: each one press away. */
export function Refused({ labelling, failure }: { labelling: LabellingDetail; failure: Failure }) {
  const say = useWords();
  const go = useNavigate();
  const client = useQueryClient();
  const may = useMay('administrator', 'assessor', 'engineer', 'clerk', 'examiner', 'director');
  const { id, state, plan, filesRemovedAt } = labelling;
  const again = useMutation({
    mutationFn: async (other: Plan | null) => {
      if (other === null) await retryLabelling(id);
      else await go(`/label/${await labelFile({ file: { from: 'labelling', id }, plan: other })}`);
      await client.invalidateQueries({ queryKey: ['labellings'] });
    },
  });
  return (
    <div className="note note-problem" role="status">
      <p className="note-title">
        <Why failure={failure} />
      </p>
      <p>
        <WhatToDo failure={failure} />
      </p>
      {again.error && <ProblemNote error={again.error} />}
      {may && filesRemovedAt === null && (
        <span className="label-ways">
          {state === 'failed' && (
            <Button size="small" loading={again.isPending} onClick={() => again.mutate(null)}>
              {say('labelling.way.retry')}
            </Button>
          )}
          {replaceable.has(failure.code) && (
            <Button size="small" loading={again.isPending} onClick={() => again.mutate({ ...plan, replace: true })}>
              {say('labelling.way.replace')}
            </Button>
          )}
          <Link to={`/label?again=${id}`}>{say('labelling.way.other')}</Link>
        </span>
      )}
    </div>
  );
}

/** Refusals that a person who may replace the label can answer by saying so. */
const replaceable: ReadonlySet<string> = new Set([
  'label-exists',
  'labels-conflict',
  'label-unreadable',
  'label-unknown-fields',
]);

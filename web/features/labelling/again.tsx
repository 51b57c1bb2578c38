import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useNavigate } from 'react-router';
import { Note } from '../../ui/note.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/words.ts';
import { readScreening } from '../screening/calls.ts';
import { Foreign } from '../screening/sentence.tsx';
import { labelFile, type Plan, readLabelling } from './calls.ts';

/** A file that is on the server already: the media of a screening, or the original of an earlier labelling. */
export function Again({ query, wholePlan }: { query: URLSearchParams; wholePlan: () => Promise<Plan | null> }) {
  const say = useWords();
  const go = useNavigate();
  const client = useQueryClient();
  const id = query.get('screening') ?? query.get('again') ?? '';
  const from = query.has('screening') ? 'screening' : 'labelling';
  const { data: name, error } = useQuery({
    queryKey: ['labellings', 'file', from, id],
    queryFn: async () => (from === 'screening' ? (await readScreening(id)).name : (await readLabelling(id)).name),
    enabled: id !== '',
  });
  const label = useMutation({
    mutationFn: async () => {
      const plan = await wholePlan();
      if (plan === null) return;
      const made = await labelFile({ file: { from, id }, plan });
      await client.invalidateQueries({ queryKey: ['labellings'] });
      await go(`/label/${made}`);
    },
  });
  if (id === '') return null;
  if (error) return <ProblemNote error={error} />;
  if (name === undefined) return null;
  return (
    <Note title={say('labelling.again.title')}>
      <p>
        <Foreign text={name} most={160} />
      </p>
      {label.error && <ProblemNote error={label.error} />}
      <span className="label-ways">
        <Button type="primary" size="small" loading={label.isPending} onClick={() => label.mutate()}>
          {say('labelling.again.go')}
        </Button>
        <Button size="small" type="text" onClick={() => void go('/label')}>
          {say('labelling.again.leave')}
        </Button>
      </span>
    </Note>
  );
}

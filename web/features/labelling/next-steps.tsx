import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { LabellingDetail } from '../../../src/contract/labellings.ts';
import { useMay } from '../../api/me.ts';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/words.ts';
import { ReasonDialog } from '../screening/result/reason-dialog.tsx';
import { addressOf, removeFiles, screenLabelled } from './calls.ts';

/** What one does with a labelled file: screen it as a stranger would, keep its record, delete it. */
export function NextSteps({ labelling: { id, filesRemovedAt } }: { labelling: LabellingDetail }) {
  const say = useWords();
  const go = useNavigate();
  const client = useQueryClient();
  const may = useMay('administrator', 'assessor', 'engineer', 'clerk', 'examiner', 'director');
  const mayRemove = useMay('administrator', 'assessor', 'director');
  const [removing, setRemoving] = useState(false);
  const screen = useMutation({
    mutationFn: async () => {
      const { screening } = await screenLabelled(id);
      await go(`/screen/${screening}`);
    },
  });
  const here = filesRemovedAt === null;
  return (
    <>
      {screen.error && <ProblemNote error={screen.error} />}
      <div className="label-ways">
        {may && here && (
          <Button loading={screen.isPending} onClick={() => screen.mutate()}>
            {say('labelling.screen-this')}
          </Button>
        )}
        {may && here && <Link to={`/label?again=${id}`}>{say('labelling.way.other')}</Link>}
        <a href={addressOf.record(id)} download>
          {say('labelling.record')}
        </a>
        {mayRemove && here && (
          <Button type="text" danger size="small" onClick={() => setRemoving(true)}>
            {say('labelling.remove')}
          </Button>
        )}
      </div>
      {removing && (
        <ReasonDialog
          title={say('labelling.remove')}
          about={say('labelling.remove.about')}
          action={say('labelling.remove')}
          done={say('labelling.removed')}
          danger
          send={async ({ reason }) => {
            await removeFiles(id, reason);
            await client.invalidateQueries({ queryKey: ['labellings'] });
          }}
          onClose={() => setRemoving(false)}
        />
      )}
    </>
  );
}

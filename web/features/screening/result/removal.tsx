import { Button } from 'antd';
import { useState } from 'react';
import type { Screening } from '../../../../src/contract/screenings.ts';
import { useMay } from '../../../api/me.ts';
import { useWords } from '../../../words/words.ts';
import { removeMedia } from '../calls.ts';
import { ReasonDialog } from './reason-dialog.tsx';

/** Deletes the media and the pictures made of it; record, notes and decisions stay. */
export function Removal({ screening }: { screening: Screening }) {
  const say = useWords();
  const may = useMay('administrator', 'assessor', 'director');
  const [open, setOpen] = useState(false);
  if (!may || screening.mediaRemovedAt !== null || screening.media === null) return null;
  return (
    <>
      <Button size="small" type="text" danger onClick={() => setOpen(true)}>
        {say('screening.remove')}
      </Button>
      {open && (
        <ReasonDialog
          title={say('screening.remove')}
          about={say('screening.remove.about')}
          action={say('screening.remove')}
          done={say('screening.removed')}
          danger
          send={({ reason }) => removeMedia(screening.id, reason)}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

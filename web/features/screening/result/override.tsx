import { Button } from 'antd';
import { useState } from 'react';
import type { Screening } from '../../../../src/contract/screenings.ts';
import { useMay } from '../../../api/me.ts';
import { SignalMark } from '../../../ui/signal-mark.tsx';
import { Time } from '../../../ui/time.tsx';
import { useWords } from '../../../words/words.ts';
import { Doer } from '../doer.tsx';
import { Foreign } from '../sentence.tsx';
import { OverrideDialog, WithdrawDialog } from './override-dialog.tsx';

/** The word a person put above the machine's, which stays where it is; and the way to put one there. */
export function OverrideBar({ screening }: { screening: Screening }) {
  const say = useWords();
  const may = useMay('administrator', 'assessor', 'examiner', 'director');
  const [dialog, setDialog] = useState<'override' | 'withdraw' | null>(null);
  const { override } = screening;
  return (
    <>
      {override && (
        <div className="override">
          <p className="override-head">
            {say('screening.override.person')}{' '}
            <SignalMark of={override.word}>{say(`screening.word.${override.word}`)}</SignalMark>
          </p>
          <p>
            <Foreign text={override.reason} most={2000} />
          </p>
          <p className="quiet">
            <Doer doer={override.by} /> · <Time at={override.at} />
          </p>
        </div>
      )}
      {may && (
        <p className="override-ways">
          <Button size="small" onClick={() => setDialog('override')}>
            {say(override ? 'screening.override.change' : 'screening.override')}
          </Button>
          {override && (
            <Button size="small" type="text" onClick={() => setDialog('withdraw')}>
              {say('screening.override.withdraw')}
            </Button>
          )}
        </p>
      )}
      {dialog === 'override' && <OverrideDialog screening={screening} onClose={() => setDialog(null)} />}
      {dialog === 'withdraw' && <WithdrawDialog screening={screening} onClose={() => setDialog(null)} />}
    </>
  );
}

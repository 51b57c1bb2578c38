import { Form, Radio } from 'antd';
import type { Screening } from '../../../../src/contract/screenings.ts';
import { SignalMark } from '../../../ui/signal-mark.tsx';
import { useWords } from '../../../words/words.ts';
import { overrideVerdict, type Word, withdrawOverride } from '../calls.ts';
import { ReasonDialog } from './reason-dialog.tsx';

const words = ['strong', 'some', 'declared', 'little', 'not-applicable'] as const satisfies readonly Word[];

export function OverrideDialog({ screening, onClose }: { screening: Screening; onClose: () => void }) {
  const say = useWords();
  return (
    <ReasonDialog<{ word: Word }>
      title={say('screening.override')}
      about={say('screening.override.about')}
      action={say('screening.override.save')}
      done={say('screening.override.saved')}
      initial={screening.override ? { word: screening.override.word } : {}}
      fields={
        <Form.Item
          name="word"
          label={say('screening.override.word')}
          rules={[{ required: true, message: say('screening.override.word.missing') }]}
        >
          <Radio.Group className="word-choices">
            {words.map((word) => (
              <Radio key={word} value={word}>
                <SignalMark of={word}>{say(`screening.word.${word}`)}</SignalMark>
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
      }
      send={({ word, reason }) => overrideVerdict(screening.id, { word, reason })}
      onClose={onClose}
    />
  );
}

export function WithdrawDialog({ screening, onClose }: { screening: Screening; onClose: () => void }) {
  const say = useWords();
  return (
    <ReasonDialog
      title={say('screening.override.withdraw')}
      about={say('screening.override.withdraw.about')}
      action={say('screening.override.withdraw')}
      done={say('screening.override.withdrawn')}
      send={({ reason }) => withdrawOverride(screening.id, reason)}
      onClose={onClose}
    />
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Modal } from 'antd';
import { useState } from 'react';
import type { AssessmentState } from '../../../src/contract/assessment-parts.ts';
import type { Assessment } from '../../../src/contract/assessments.ts';
import { assessmentsKey, moveAssessment } from '../../api/assessments.ts';
import { useMay } from '../../api/me.ts';
import { useNotice } from '../../ui/notice.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/words.ts';

/** What may follow by hand; concluding, signing and filing have their own page. */
const here: readonly AssessmentState[] = ['assessing', 'rectifying', 'abandoned'];

export function MovesPart({ assessment: { id, moves, revision, report } }: { assessment: Assessment }) {
  const say = useWords();
  const may = useMay('administrator', 'assessor');
  const [to, setTo] = useState<AssessmentState | null>(null);
  const allowed = may ? moves.filter((one) => here.includes(one)) : [];
  if (allowed.length === 0) return null;
  const nameOf = (one: AssessmentState) =>
    say(one === 'assessing' && report ? 'assessments.move.reopen' : `assessments.move.${one}`);
  return (
    <div className="assess-moves">
      {allowed.map((one) => (
        <Button key={one} size="small" danger={one === 'abandoned'} type="text" onClick={() => setTo(one)}>
          {nameOf(one)}
        </Button>
      ))}
      {to && (
        <MoveDialog
          {...{ id, to, revision }}
          title={nameOf(to)}
          isReopening={report !== null && to === 'assessing'}
          onClose={() => setTo(null)}
        />
      )}
    </div>
  );
}

function MoveDialog(props: {
  id: string;
  to: AssessmentState;
  revision: number;
  title: string;
  isReopening: boolean;
  onClose: () => void;
}) {
  const { id, to, revision, title, isReopening, onClose } = props;
  const say = useWords();
  const notice = useNotice();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const needsReason = isReopening || to === 'abandoned';
  const move = useMutation({
    mutationFn: () => {
      if (to === 'abandoned') return moveAssessment(id, { to, revision, reason });
      if (to === 'rectifying') return moveAssessment(id, { to, revision });
      return moveAssessment(id, { to: 'assessing', revision, reason: reason === '' ? null : reason });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: assessmentsKey });
      notice.done(say(`assessments.moved.${to}`));
      onClose();
    },
  });
  return (
    <Modal
      open
      title={title}
      okText={title}
      cancelText={say('ui.ask.keep')}
      okButtonProps={{ danger: to === 'abandoned', disabled: needsReason && reason.trim() === '' }}
      confirmLoading={move.isPending}
      onOk={() => move.mutate()}
      onCancel={onClose}
      destroyOnHidden
    >
      <p className="dialog-lead">{say(isReopening ? 'assessments.reopen.text' : `assessments.move.${to}.text`)}</p>
      {needsReason && (
        <Input.TextArea
          value={reason}
          aria-label={say('assessments.reason')}
          placeholder={say('assessments.reason')}
          maxLength={1000}
          autoSize={{ minRows: 2 }}
          onChange={({ target }) => setReason(target.value)}
        />
      )}
      {move.error && <ProblemNote error={move.error} />}
    </Modal>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import type { Filing, FilingState } from '../../../src/contract/filings.ts';
import { type FilingMoveBody, moveFiling } from '../../api/filings.ts';
import { useMe } from '../../api/me.ts';
import { registerKey } from '../../api/register.ts';
import { showFieldProblems } from '../../ui/form-problems.ts';
import { useNotice } from '../../ui/notice.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { typed } from '../../ui/typed.ts';
import { useWords } from '../../words/words.ts';
import { today } from '../rulebooks/days.tsx';
import { DocumentField, type Handed } from './document-field.tsx';
import { handOver } from './hand-over.ts';

interface Said {
  on: string;
  number?: string;
  reason?: string;
  filedBy?: string;
  document?: Handed;
}

/** What became of a filing, with the day on which it did. */
export function MoveDialog(props: { filing: Filing; to: FilingState; onClose: () => void }) {
  const { to, onClose } = props;
  // As it was when this opened: what somebody else changes meanwhile is told as a conflict, not written over.
  const [filing] = useState(props.filing);
  const say = useWords();
  const notice = useNotice();
  const client = useQueryClient();
  const { person } = useMe();
  const [form] = Form.useForm<Said>();
  const save = useMutation({
    mutationFn: async (said: Said) => moveFiling(filing.id, await bodyOf(said, to, filing.revision)),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: registerKey });
      notice.done(say(`filings.moved.${to}`));
      onClose();
    },
    onError: (error) => showFieldProblems(form, error),
  });
  const needsReason = to === 'returned' || to === 'withdrawn';
  return (
    <Modal open title={say(`filings.move.${to}`)} footer={null} onCancel={onClose} destroyOnHidden>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ on: today(), filedBy: person.name, number: filing.number ?? '' }}
        onFinish={save.mutate}
      >
        <Form.Item
          name="on"
          label={say(`filings.move.${to}.on`)}
          rules={[{ required: true, message: say('filings.field.on.missing') }]}
        >
          <Input type="date" min={filing.filedOn} max={today()} className="date-input" />
        </Form.Item>
        {!needsReason && (
          <Form.Item name="number" label={say('filings.field.number')}>
            <Input maxLength={100} autoComplete="off" />
          </Form.Item>
        )}
        {needsReason && (
          <Form.Item
            name="reason"
            label={say(`filings.move.${to}.reason`)}
            rules={[{ required: true, whitespace: true, message: say('filings.reason.missing') }]}
          >
            <Input.TextArea maxLength={2000} autoSize={{ minRows: 3 }} />
          </Form.Item>
        )}
        {to === 'filed' && (
          <>
            <Form.Item
              name="filedBy"
              label={say('filings.field.by')}
              rules={[{ required: true, whitespace: true, message: say('filings.field.by.missing') }]}
            >
              <Input maxLength={200} />
            </Form.Item>
            <DocumentField />
          </>
        )}
        {save.error && (
          <Form.Item>
            <ProblemNote error={save.error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {say(`filings.move.${to}`)}
        </Button>
      </Form>
    </Modal>
  );
}

async function bodyOf(said: Said, to: FilingState, revision: number): Promise<FilingMoveBody> {
  const { on, reason = '', filedBy = '' } = said;
  const number = typed(said.number);
  if (to === 'accepted') return { to, on, revision, ...(number !== null && { number }) };
  if (to !== 'filed') return { to, on, revision, reason };
  const document = await handOver(said.document);
  return { to, on, revision, filedBy, ...(number !== null && { number }), ...(document && { document }) };
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import type { Filing } from '../../../src/contract/filings.ts';
import { correctFiling } from '../../api/filings.ts';
import { registerKey } from '../../api/register.ts';
import { showFieldProblems } from '../../ui/form-problems.ts';
import { useNotice } from '../../ui/notice.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { typed } from '../../ui/typed.ts';
import { useWords } from '../../words/words.ts';
import { DocumentField, type Handed } from './document-field.tsx';
import { handOver } from './hand-over.ts';

interface Said {
  authority: string;
  number: string;
  filedBy: string;
  document?: Handed;
}

/** Corrects how a filing was recorded, or adds the copy that was missing. The report itself and its state stay as they are. */
export function CorrectDialog({ filing: given, onClose }: { filing: Filing; onClose: () => void }) {
  const say = useWords();
  const notice = useNotice();
  const client = useQueryClient();
  const [form] = Form.useForm<Said>();
  // As it was when this opened: what somebody else changes meanwhile is told as a conflict, not written over.
  const [{ id, revision, authority, number, filedBy }] = useState(given);
  const save = useMutation({
    mutationFn: async (said: Said) => {
      const document = await handOver(said.document);
      return await correctFiling(id, {
        revision,
        authority: said.authority,
        filedBy: said.filedBy,
        number: typed(said.number),
        ...(document && { document }),
      });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: registerKey });
      notice.done(say('filings.corrected'));
      onClose();
    },
    onError: (error) => showFieldProblems(form, error),
  });
  return (
    <Modal open title={say('filings.correct')} footer={null} onCancel={onClose} destroyOnHidden>
      <p className="quiet dialog-lead">{say('filings.correct.text')}</p>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ authority, number: number ?? '', filedBy }}
        onFinish={save.mutate}
      >
        <Form.Item
          name="authority"
          label={say('filings.field.authority')}
          rules={[{ required: true, whitespace: true, message: say('filings.field.authority.missing') }]}
        >
          <Input maxLength={300} />
        </Form.Item>
        <Form.Item name="number" label={say('filings.field.number')}>
          <Input maxLength={100} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="filedBy"
          label={say('filings.field.by')}
          rules={[{ required: true, whitespace: true, message: say('filings.field.by.missing') }]}
        >
          <Input maxLength={200} />
        </Form.Item>
        <DocumentField />
        {save.error && (
          <Form.Item>
            <ProblemNote error={save.error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {say('filings.correct')}
        </Button>
      </Form>
    </Modal>
  );
}

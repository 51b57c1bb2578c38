import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input, Modal } from 'antd';
import type { ReactNode } from 'react';
import { useNotice } from '../../../ui/notice.tsx';
import { ProblemNote } from '../../../ui/problem-note.tsx';
import { useWords } from '../../../words/words.ts';
import { useReadAgain } from '../read-again.ts';

/** A decision that is kept with its reason. `Values` are the fields besides it. */
export function ReasonDialog<Values extends object>(props: {
  title: string;
  about: ReactNode;
  action: string;
  done: string;
  danger?: boolean;
  fields?: ReactNode;
  initial?: Partial<Values>;
  /** Where `values.reason` goes. */
  send: (values: Values & { reason: string }) => Promise<unknown>;
  onClose: () => void;
}) {
  const { title, about, action, done, danger = false, fields, initial = {}, send, onClose } = props;
  const say = useWords();
  const notice = useNotice();
  const readAgain = useReadAgain();
  const change = useMutation({
    mutationFn: send,
    onSuccess: async () => {
      await readAgain();
      notice.done(done);
      onClose();
    },
  });
  return (
    <Modal open title={title} footer={null} onCancel={onClose} destroyOnHidden>
      <Form<Values & { reason: string }>
        layout="vertical"
        requiredMark={false}
        initialValues={initial}
        onFinish={(values) => change.mutate(values)}
      >
        <p className="quiet dialog-about">{about}</p>
        {fields}
        <Form.Item
          name="reason"
          label={say('screening.reason')}
          rules={[{ required: true, whitespace: true, message: say('screening.reason.missing') }]}
        >
          <Input.TextArea autoFocus={!fields} maxLength={2000} autoSize={{ minRows: 3, maxRows: 10 }} />
        </Form.Item>
        {change.error && (
          <Form.Item>
            <ProblemNote error={change.error} />
          </Form.Item>
        )}
        <Button type="primary" danger={danger} htmlType="submit" loading={change.isPending}>
          {action}
        </Button>
      </Form>
    </Modal>
  );
}

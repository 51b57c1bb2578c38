import { Button, Form, Input, Modal } from 'antd';
import { Note } from '../../ui/note.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/words.ts';
import { today } from '../rulebooks/days.tsx';

export interface Moved {
  on: string;
  reason?: string;
}

/** A launch or a withdrawal, with its day; a withdrawal with its reason. */
export function MoveDialog(props: {
  to: 'launched' | 'withdrawn';
  name: string;
  /** The gate is closed: it may be recorded, and it is said what that means. */
  closed: boolean;
  busy: boolean;
  error: unknown;
  onMove: (moved: Moved) => void;
  onClose: () => void;
}) {
  const { to, name, closed, busy, error, onMove, onClose } = props;
  const say = useWords();
  return (
    <Modal open title={say(`register.move.${to}.title`, { name })} footer={null} onCancel={onClose} destroyOnHidden>
      <Form<Moved> layout="vertical" requiredMark={false} initialValues={{ on: today() }} onFinish={onMove}>
        {closed && (
          <Form.Item>
            <Note kind="care" title={say('register.move.closed')}>
              <p>{say('register.move.closed.text')}</p>
            </Note>
          </Form.Item>
        )}
        <Form.Item
          name="on"
          label={say(`register.move.${to}.on`)}
          rules={[{ required: true, message: say('filings.field.on.missing') }]}
        >
          <Input type="date" max={today()} className="date-input" />
        </Form.Item>
        {to === 'withdrawn' && (
          <Form.Item
            name="reason"
            label={say('register.move.withdrawn.reason')}
            rules={[{ required: true, whitespace: true, message: say('register.reason.missing') }]}
          >
            <Input.TextArea maxLength={1000} autoSize={{ minRows: 2 }} />
          </Form.Item>
        )}
        {error !== null && error !== undefined && (
          <Form.Item>
            <ProblemNote error={error} />
          </Form.Item>
        )}
        <Button type="primary" danger={to === 'withdrawn'} htmlType="submit" loading={busy}>
          {say(`register.move.${to}`)}
        </Button>
      </Form>
    </Modal>
  );
}

import { useMutation } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input } from 'antd';
import { useState } from 'react';
import { verifyBackupCode, verifyCode } from '../../api/auth.ts';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/words.ts';
import { Door } from './door.tsx';
import './fields.css';

/** After the right password: six figures from the app, or one of the backup codes. */
export function SecondStep({ onDone, onBack }: { onDone: () => Promise<unknown>; onBack: () => void }) {
  const say = useWords();
  const [way, setWay] = useState<'app' | 'backup'>('app');
  const verify = useMutation({
    mutationFn: ({ code, trust }: { code: string; trust?: boolean }) =>
      way === 'app' ? verifyCode(code.replaceAll(/\s/g, ''), trust ?? false) : verifyBackupCode(code.trim()),
    onSuccess: onDone,
  });
  const other = way === 'app' ? 'backup' : 'app';
  return (
    <Door title={say('accounts.second-step.title')} lead={say(`accounts.second-step.${way}`)}>
      <Form layout="vertical" requiredMark={false} className="door-form" onFinish={verify.mutate} key={way}>
        <Form.Item
          name="code"
          label={say(`accounts.second-step.${way}.code`)}
          rules={[{ required: true, message: say('accounts.second-step.missing') }]}
        >
          <Input
            autoFocus
            size="large"
            autoComplete="one-time-code"
            className="code-input"
            {...(way === 'app' && { inputMode: 'numeric', maxLength: 7, placeholder: '000 000' })}
          />
        </Form.Item>
        {way === 'app' && (
          <Form.Item name="trust" valuePropName="checked">
            <Checkbox>{say('accounts.second-step.trust')}</Checkbox>
          </Form.Item>
        )}
        {verify.error && (
          <Form.Item>
            <ProblemNote error={verify.error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" size="large" block loading={verify.isPending}>
          {say('accounts.sign-in.action')}
        </Button>
      </Form>
      <div className="door-links">
        <Button
          type="link"
          onClick={() => {
            verify.reset();
            setWay(other);
          }}
        >
          {say(`accounts.second-step.use-${other}`)}
        </Button>
        <Button type="link" onClick={onBack}>
          {say('accounts.second-step.back')}
        </Button>
      </div>
    </Door>
  );
}

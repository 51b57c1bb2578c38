import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, QRCode } from 'antd';
import { type Enrolment, enrolSecondFactor, verifyCode } from '../../api/auth.ts';
import { meQuery } from '../../api/me.ts';
import { CopyButton } from '../../ui/copy.tsx';
import { useNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/words.ts';
import { CurrentPasswordField } from './fields.tsx';

/** Password, then the picture for the app, then a first right code: only then does it count. */
export function Enrol({ onDone }: { onDone: (backupCodes: string[]) => void }) {
  const say = useWords();
  const begin = useMutation({ mutationFn: ({ password }: { password: string }) => enrolSecondFactor(password) });
  if (begin.data) return <Confirm enrolment={begin.data} onDone={onDone} />;
  return (
    <Section title={say('accounts.second-factor.begin')} lead={say('accounts.second-factor.begin.lead')}>
      <Form layout="vertical" requiredMark={false} className="small-form" onFinish={begin.mutate}>
        <CurrentPasswordField name="password" label={say('accounts.second-factor.password')} />
        {begin.error && (
          <Form.Item>
            <ProblemNote error={begin.error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={begin.isPending}>
          {say('accounts.second-factor.begin.action')}
        </Button>
      </Form>
    </Section>
  );
}

function Confirm({ enrolment, onDone }: { enrolment: Enrolment; onDone: (backupCodes: string[]) => void }) {
  const say = useWords();
  const client = useQueryClient();
  const notice = useNotice();
  const confirm = useMutation({
    mutationFn: ({ code }: { code: string }) => verifyCode(code.replaceAll(/\s/g, ''), false),
    onSuccess: async () => {
      onDone(enrolment.backupCodes);
      notice.done(say('accounts.second-factor.done'));
      await client.refetchQueries({ queryKey: meQuery.queryKey });
    },
  });
  return (
    <Section title={say('accounts.second-factor.scan')} lead={say('accounts.second-factor.scan.lead')}>
      <div className="enrol">
        <div className="enrol-picture">
          <QRCode
            type="svg"
            value={enrolment.uri}
            size={176}
            bordered={false}
            color="#000"
            bgColor="#fff"
            marginSize={0}
          />
        </div>
        <div className="enrol-steps">
          <div>
            <p className="quiet">{say('accounts.second-factor.secret')}</p>
            <code className="enrol-secret">{enrolment.secret.match(/.{1,4}/g)?.join(' ')}</code>
            <CopyButton text={enrolment.secret} />
          </div>
          <Form layout="vertical" requiredMark={false} onFinish={confirm.mutate}>
            <Form.Item
              name="code"
              label={say('accounts.second-factor.code')}
              rules={[{ required: true, message: say('accounts.second-step.missing') }]}
            >
              <Input
                className="code-input"
                inputMode="numeric"
                autoComplete="one-time-code"
                maxLength={7}
                placeholder="000 000"
                autoFocus
              />
            </Form.Item>
            {confirm.error && (
              <Form.Item>
                <ProblemNote error={confirm.error} />
              </Form.Item>
            )}
            <Button type="primary" htmlType="submit" loading={confirm.isPending}>
              {say('accounts.second-factor.confirm')}
            </Button>
          </Form>
        </div>
      </div>
    </Section>
  );
}

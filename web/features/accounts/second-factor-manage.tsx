import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form } from 'antd';
import { disableSecondFactor, newBackupCodes } from '../../api/auth.ts';
import { meQuery } from '../../api/me.ts';
import { useNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/words.ts';
import { CurrentPasswordField } from './fields.tsx';

/** New backup codes, and switching it off. Both ask for the password again. */
export function ManageSecondFactor({ onCodes }: { onCodes: (codes: string[] | null) => void }) {
  const say = useWords();
  const client = useQueryClient();
  const notice = useNotice();
  const renew = useMutation({ mutationFn: newBackupCodes, onSuccess: onCodes });
  const disable = useMutation({
    mutationFn: disableSecondFactor,
    onSuccess: async () => {
      onCodes(null);
      await client.refetchQueries({ queryKey: meQuery.queryKey });
      notice.done(say('accounts.second-factor.off'));
    },
  });
  return (
    <>
      <Section title={say('accounts.second-factor.codes')} lead={say('accounts.second-factor.codes.lead')}>
        <PasswordAsked action={say('accounts.second-factor.codes.action')} run={renew} />
      </Section>
      <Section title={say('accounts.second-factor.disable')} lead={say('accounts.second-factor.disable.lead')}>
        <PasswordAsked danger action={say('accounts.second-factor.disable.action')} run={disable} />
      </Section>
    </>
  );
}

function PasswordAsked(props: {
  action: string;
  danger?: boolean;
  run: { mutate: (password: string) => void; error: Error | null; isPending: boolean };
}) {
  const { action, danger = false, run } = props;
  const say = useWords();
  const [form] = Form.useForm<{ password: string }>();
  const submit = ({ password }: { password: string }) => {
    run.mutate(password);
    form.resetFields();
  };
  return (
    <Form form={form} layout="vertical" requiredMark={false} className="small-form" onFinish={submit}>
      <CurrentPasswordField name="password" label={say('accounts.second-factor.password')} />
      {run.error && (
        <Form.Item>
          <ProblemNote error={run.error} />
        </Form.Item>
      )}
      <Button htmlType="submit" danger={danger} loading={run.isPending}>
        {action}
      </Button>
    </Form>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form } from 'antd';
import { changeName, changePassword } from '../../api/auth.ts';
import { meQuery, useMe } from '../../api/me.ts';
import { useNotice } from '../../ui/notice.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/words.ts';
import { CurrentPasswordField, NameField, NewPasswordField } from './fields.tsx';

export function Profile() {
  const say = useWords();
  const { person } = useMe();
  return (
    <Page title={say('accounts.settings.profile')} lead={person.email} width="text">
      <Section title={say('accounts.profile.name')} lead={say('accounts.profile.name.lead')}>
        <NameForm />
      </Section>
      <Section title={say('accounts.profile.password')} lead={say('accounts.profile.password.lead')}>
        <PasswordForm />
      </Section>
    </Page>
  );
}

function NameForm() {
  const say = useWords();
  const { person } = useMe();
  const client = useQueryClient();
  const notice = useNotice();
  const save = useMutation({
    mutationFn: ({ name }: { name: string }) => changeName(name.trim()),
    onSuccess: async () => {
      await client.refetchQueries({ queryKey: meQuery.queryKey });
      notice.done(say('accounts.saved'));
    },
  });
  return (
    <Form
      layout="vertical"
      requiredMark={false}
      className="small-form"
      initialValues={{ name: person.name }}
      onFinish={save.mutate}
    >
      <NameField name="name" label={say('accounts.name')} />
      {save.error && (
        <Form.Item>
          <ProblemNote error={save.error} />
        </Form.Item>
      )}
      <Button htmlType="submit" loading={save.isPending}>
        {say('accounts.profile.name.save')}
      </Button>
    </Form>
  );
}

function PasswordForm() {
  const say = useWords();
  const notice = useNotice();
  const [form] = Form.useForm<{ current: string; next: string }>();
  const save = useMutation({
    mutationFn: ({ current, next }: { current: string; next: string }) => changePassword(current, next),
    onSuccess: () => {
      form.resetFields();
      notice.done(say('accounts.profile.password.done'));
    },
  });
  return (
    <Form form={form} layout="vertical" requiredMark={false} className="small-form" onFinish={save.mutate}>
      <CurrentPasswordField name="current" label={say('accounts.profile.password.current')} />
      <NewPasswordField name="next" label={say('accounts.profile.password.new')} />
      {save.error && (
        <Form.Item>
          <ProblemNote error={save.error} />
        </Form.Item>
      )}
      <Button htmlType="submit" loading={save.isPending}>
        {say('accounts.profile.password.save')}
      </Button>
    </Form>
  );
}

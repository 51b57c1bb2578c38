import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { signIn, signInWith } from '../../api/auth.ts';
import { installationQuery } from '../../api/installation.ts';
import { isSignedIn, meQuery } from '../../api/me.ts';
import { Note } from '../../ui/note.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/words.ts';
import { Door } from './door.tsx';
import { SecondStep } from './second-step.tsx';

export function SignIn() {
  const say = useWords();
  const client = useQueryClient();
  const [search] = useSearchParams();
  const [second, setSecond] = useState(false);
  const { data: me } = useQuery(meQuery);
  const lookAgain = () => client.refetchQueries({ queryKey: meQuery.queryKey });
  const to = safePath(search.get('to'));
  const enter = useMutation({
    mutationFn: ({ email, password }: { email: string; password: string }) => signIn(email.trim(), password),
    onSuccess: async (step) => {
      if (step === 'second-factor') setSecond(true);
      else await lookAgain();
    },
  });

  if (me && isSignedIn(me)) return <Navigate replace to={to} />;
  if (second) return <SecondStep onDone={lookAgain} onBack={() => setSecond(false)} />;
  return (
    <Door title={say('accounts.sign-in.title')}>
      <SetupFirst />
      <DemoNote />
      <Form layout="vertical" requiredMark={false} className="door-form" onFinish={enter.mutate}>
        <Form.Item
          name="email"
          label={say('accounts.email')}
          rules={[{ required: true, message: say('accounts.email.missing') }]}
        >
          <Input type="email" autoComplete="username" autoFocus inputMode="email" size="large" />
        </Form.Item>
        <Form.Item
          name="password"
          label={say('accounts.password')}
          rules={[{ required: true, message: say('accounts.password.missing') }]}
        >
          <Input.Password autoComplete="current-password" size="large" />
        </Form.Item>
        {enter.error && (
          <Form.Item>
            <ProblemNote error={enter.error} />
          </Form.Item>
        )}
        {search.has('error') && !enter.error && (
          <Form.Item>
            <Note kind="care">{say('accounts.sign-in.provider-failed')}</Note>
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" size="large" block loading={enter.isPending}>
          {say('accounts.sign-in.action')}
        </Button>
      </Form>
      <Providers to={to} />
      <p className="quiet">{say('accounts.sign-in.forgotten')}</p>
    </Door>
  );
}

/** Before the first administrator exists, nobody can sign in: says where the one-time link is. */
function SetupFirst() {
  const say = useWords();
  const { data } = useQuery(installationQuery);
  if (!data?.needsSetup) return null;
  return (
    <Note kind="care" title={say('accounts.sign-in.setup-first')}>
      <p>{say('accounts.sign-in.setup-first.next')}</p>
    </Note>
  );
}

function Providers({ to }: { to: string }) {
  const say = useWords();
  const { data } = useQuery(installationQuery);
  const go = useMutation({ mutationFn: (id: string) => signInWith(id, to) });
  if (!data || data.providers.length === 0) return null;
  return (
    <>
      <div className="door-or">{say('accounts.sign-in.or')}</div>
      <div className="door-ways">
        {data.providers.map(({ id, name }) => (
          <Button
            key={id}
            size="large"
            block
            onClick={() => go.mutate(id)}
            loading={go.isPending && go.variables === id}
          >
            {say('accounts.sign-in.with', { name })}
          </Button>
        ))}
      </div>
      {go.error && <ProblemNote error={go.error} />}
    </>
  );
}

/** Only a path of our own: `?to=//elsewhere` must not lead a person away after they signed in. */
function safePath(to: string | null): string {
  return to !== null && /^\/(?![/\\])/.test(to) ? to : '/';
}

/** Who is shown around should know it before they type anything. */
function DemoNote() {
  const say = useWords();
  const { data } = useQuery(installationQuery);
  return data?.demo ? <Note>{say('accounts.about.demo')}</Note> : null;
}

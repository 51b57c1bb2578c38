import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form } from 'antd';
import { useState } from 'react';
import { Navigate, useNavigate } from 'react-router';
import type { Link } from '../../../src/contract/accounts.ts';
import { api, ask } from '../../api/api.ts';
import { signIn } from '../../api/auth.ts';
import { isSignedIn, meQuery } from '../../api/me.ts';
import { showFieldProblems } from '../../ui/form-problems.ts';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { sayMoment } from '../../ui/time.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { Door } from './door.tsx';
import { CurrentPasswordField, NameField, NewPasswordField } from './fields.tsx';
import { useLookedAt } from './looked-at.ts';
import { SecondStep } from './second-step.tsx';
import { useSecretInAddress } from './secret-in-address.ts';
import { SpentLink } from './spent-link.tsx';

/** A one-time link: an invitation, or a new password. */
export function LinkPage() {
  const say = useWords();
  const secret = useSecretInAddress();
  const looked = useLookedAt(secret);
  if (secret === null || looked.error) {
    return <SpentLink error={looked.error} onRetry={() => void looked.refetch()} />;
  }
  if (!looked.data) {
    return (
      <Door title={say('accounts.link.looking')}>
        <Waiting />
      </Door>
    );
  }
  const { purpose } = looked.data;
  if (purpose === 'first-administrator') return <Navigate replace to={{ pathname: '/setup', hash: secret }} />;
  return <Accept secret={secret} link={looked.data} />;
}

interface Given {
  name?: string;
  password?: string;
}

function Accept({ secret, link }: { secret: string; link: Link }) {
  const say = useWords();
  const lang = useLang();
  const [second, setSecond] = useState(false);
  const join = useJoin(secret);
  const goIn = useGoIn();
  const { purpose, email, organisation, known, roles, expiresAt } = link;
  const invited = purpose === 'invitation';
  const joins = invited && known;
  const askSecond = () => setSecond(true);
  if (second) return <SecondStep onDone={joins ? join : goIn} onBack={() => setSecond(false)} />;
  const title = invited
    ? say('accounts.link.invited', { name: organisation ?? '' })
    : say('accounts.link.new-password');
  const roleNames = roles.map((role) => say(`frame.role.${role}`)).join(' · ');
  return (
    <Door title={title} lead={invited ? say('accounts.link.as', { roles: roleNames, email: email ?? '' }) : email}>
      {joins ? (
        <JoinKnown secret={secret} email={email ?? ''} onSecondFactor={askSecond} />
      ) : (
        <ChoosePassword secret={secret} link={link} onSecondFactor={askSecond} />
      )}
      <p className="quiet">{say('accounts.link.until', { until: sayMoment(expiresAt, lang) })}</p>
    </Door>
  );
}

/** Somebody new, or somebody who forgot: a password of their own, and in with it. */
function ChoosePassword({ secret, link, onSecondFactor }: { secret: string; link: Link; onSecondFactor: () => void }) {
  const say = useWords();
  const client = useQueryClient();
  const [form] = Form.useForm<Given>();
  const goIn = useGoIn();
  const accept = useMutation({
    mutationFn: (given: Given) => ask(api.POST('/api/v1/links/accept', { body: { secret, ...given } })),
    onSuccess: async () => {
      const me = await client.fetchQuery({ ...meQuery, staleTime: 0 });
      if (isSignedIn(me)) await goIn();
      else onSecondFactor();
    },
    onError: (error) => showFieldProblems(form, error),
  });
  return (
    <Form form={form} layout="vertical" requiredMark={false} className="door-form" onFinish={accept.mutate}>
      {link.purpose === 'invitation' && <NameField name="name" label={say('accounts.name')} />}
      <NewPasswordField name="password" />
      {accept.error && (
        <Form.Item>
          <ProblemNote error={accept.error} />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" size="large" block loading={accept.isPending}>
        {say(link.purpose === 'invitation' ? 'accounts.link.join' : 'accounts.link.new-password.action')}
      </Button>
    </Form>
  );
}

/** Somebody who already has an account here: signs in with it, if need be, and joins. */
function JoinKnown({ secret, email, onSecondFactor }: { secret: string; email: string; onSecondFactor: () => void }) {
  const say = useWords();
  const { data: me } = useQuery(meQuery);
  const join = useJoin(secret);
  const here = me && isSignedIn(me) && me.person.email === email;
  const start = useMutation({
    mutationFn: async ({ password }: Given) => {
      if (!here && (await signIn(email, password ?? '')) === 'second-factor') onSecondFactor();
      else await join();
    },
  });
  return (
    <Form layout="vertical" requiredMark={false} className="door-form" onFinish={start.mutate}>
      {!here && <CurrentPasswordField name="password" label={say('accounts.link.known', { email })} />}
      {start.error && (
        <Form.Item>
          <ProblemNote error={start.error} />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" size="large" block loading={start.isPending}>
        {say(here ? 'accounts.link.accept' : 'accounts.link.join')}
      </Button>
    </Form>
  );
}

/** Adds the signed-in person to the organisation of the link. */
function useJoin(secret: string): () => Promise<void> {
  const goIn = useGoIn();
  return async () => {
    await ask(api.POST('/api/v1/links/accept', { body: { secret } }));
    await goIn();
  };
}

function useGoIn(): () => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    await client.refetchQueries({ queryKey: meQuery.queryKey });
    await navigate('/', { replace: true });
  };
}

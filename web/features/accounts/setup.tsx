import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form } from 'antd';
import { Link as PageLink, useNavigate } from 'react-router';
import type { NewOrganisation } from '../../../src/contract/accounts.ts';
import { api, ask } from '../../api/api.ts';
import { installationQuery } from '../../api/installation.ts';
import { meQuery } from '../../api/me.ts';
import { showFieldProblems } from '../../ui/form-problems.ts';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useWords } from '../../words/words.ts';
import { Door } from './door.tsx';
import { EmailField, NameField, NewPasswordField } from './fields.tsx';
import { useLookedAt } from './looked-at.ts';
import { OrganisationFields } from './organisation-fields.tsx';
import { useSecretInAddress } from './secret-in-address.ts';
import { SpentLink } from './spent-link.tsx';

interface Wanted {
  person: { name: string; email: string; password: string };
  organisation: NewOrganisation;
}

/** The first person and the first organisation of an installation, from the link that the server printed. */
export function Setup() {
  const say = useWords();
  const secret = useSecretInAddress();
  const link = useLookedAt(secret);
  if (secret === null || link.error) {
    return <SpentLink error={link.error} onRetry={() => void link.refetch()} />;
  }
  if (!link.data) {
    return (
      <Door title={say('accounts.setup.title')}>
        <Waiting />
      </Door>
    );
  }
  return (
    <Door title={say('accounts.setup.title')} lead={say('accounts.setup.lead')}>
      <SetupForm secret={secret} />
      <p className="quiet">
        <PageLink to="/sign-in">{say('accounts.link.sign-in')}</PageLink>
      </p>
    </Door>
  );
}

function SetupForm({ secret }: { secret: string }) {
  const say = useWords();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [form] = Form.useForm<Wanted>();
  const setUp = useMutation({
    mutationFn: (wanted: Wanted) => ask(api.POST('/api/v1/setup', { body: { secret, ...wanted } })),
    onSuccess: async () => {
      await Promise.all([
        client.refetchQueries({ queryKey: meQuery.queryKey }),
        client.invalidateQueries({ queryKey: installationQuery.queryKey }),
      ]);
      await navigate('/', { replace: true });
    },
    onError: (error) => showFieldProblems(form, error),
  });
  return (
    <Form form={form} layout="vertical" requiredMark={false} className="door-form" onFinish={setUp.mutate}>
      <h2 className="door-part">{say('accounts.setup.you')}</h2>
      <NameField name={['person', 'name']} label={say('accounts.name')} />
      <EmailField name={['person', 'email']} />
      <NewPasswordField name={['person', 'password']} />
      <h2 className="door-part">{say('accounts.setup.organisation')}</h2>
      <OrganisationFields at={['organisation']} />
      {setUp.error && (
        <Form.Item>
          <ProblemNote error={setUp.error} />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" size="large" block loading={setUp.isPending}>
        {say('accounts.setup.action')}
      </Button>
    </Form>
  );
}

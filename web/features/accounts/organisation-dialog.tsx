import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Modal } from 'antd';
import type { NewOrganisation } from '../../../src/contract/accounts.ts';
import { api, ask } from '../../api/api.ts';
import { showFieldProblems } from '../../ui/form-problems.ts';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/words.ts';
import { EmailField } from './fields.tsx';
import { FirstLink } from './first-link.tsx';
import { OrganisationFields } from './organisation-fields.tsx';

/** A new organisation, and the link for its first administrator. */
export function OrganisationDialog({ onClose }: { onClose: () => void }) {
  const say = useWords();
  const client = useQueryClient();
  const [form] = Form.useForm<{ organisation: NewOrganisation; email: string }>();
  const make = useMutation({
    mutationFn: (body: { organisation: NewOrganisation; email: string }) =>
      ask(api.POST('/api/v1/organisations', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['organisations'] }),
    onError: (error) => showFieldProblems(form, error),
  });
  const made = make.data;
  const title = made
    ? say('accounts.organisations.made', { name: made.organisation.name })
    : say('accounts.organisations.make');
  return (
    <Modal open title={title} footer={null} onCancel={onClose} mask={{ closable: !made }} destroyOnHidden>
      {made ? (
        <FirstLink link={made.link} onClose={onClose} />
      ) : (
        <Form form={form} layout="vertical" requiredMark={false} onFinish={make.mutate}>
          <OrganisationFields at={['organisation']} />
          <EmailField name="email" label={say('accounts.organisations.first')} />
          {make.error && (
            <Form.Item>
              <ProblemNote error={make.error} />
            </Form.Item>
          )}
          <Button type="primary" htmlType="submit" loading={make.isPending}>
            {say('accounts.organisations.make')}
          </Button>
        </Form>
      )}
    </Modal>
  );
}

import { useMutation } from '@tanstack/react-query';
import { Button, Form, Modal } from 'antd';
import type { Organisation } from '../../../src/contract/accounts.ts';
import { api, ask } from '../../api/api.ts';
import { showFieldProblems } from '../../ui/form-problems.ts';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/words.ts';
import { EmailField } from './fields.tsx';
import { FirstLink } from './first-link.tsx';

/** A new link for the first administrator, where the one that was handed over got lost. */
export function FirstLinkDialog({ organisation, onClose }: { organisation: Organisation; onClose: () => void }) {
  const say = useWords();
  const [form] = Form.useForm<{ email: string }>();
  const invite = useMutation({
    mutationFn: (body: { email: string }) =>
      ask(
        api.POST('/api/v1/organisations/{id}/first-administrator-link', {
          params: { path: { id: organisation.id } },
          body,
        }),
      ),
    onError: (error) => showFieldProblems(form, error),
  });
  const made = invite.data;
  const title = say('accounts.organisations.invite-title', { name: organisation.name });
  return (
    <Modal open title={title} footer={null} onCancel={onClose} mask={{ closable: !made }} destroyOnHidden>
      {made ? (
        <FirstLink link={made} onClose={onClose} />
      ) : (
        <Form form={form} layout="vertical" requiredMark={false} onFinish={invite.mutate}>
          <p className="quiet dialog-lead">{say('accounts.organisations.invite-lead')}</p>
          <EmailField name="email" label={say('accounts.organisations.first')} />
          {invite.error && (
            <Form.Item>
              <ProblemNote error={invite.error} />
            </Form.Item>
          )}
          <Button type="primary" htmlType="submit" loading={invite.isPending}>
            {say('accounts.organisations.invite')}
          </Button>
        </Form>
      )}
    </Modal>
  );
}

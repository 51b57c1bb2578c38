import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Modal } from 'antd';
import type { Organisation, Role } from '../../../src/contract/accounts.ts';
import { api, ask } from '../../api/api.ts';
import { showFieldProblems } from '../../ui/form-problems.ts';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { SecretOnce } from '../../ui/secret-once.tsx';
import { sayMoment } from '../../ui/time.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { EmailField } from './fields.tsx';
import { RolesField } from './roles-field.tsx';

/** Address and roles in, a link out: it is shown once, and the person who invites hands it on. */
export function InviteDialog({ kind, onClose }: { kind: Organisation['kind']; onClose: () => void }) {
  const say = useWords();
  const lang = useLang();
  const client = useQueryClient();
  const [form] = Form.useForm<{ email: string; roles: Role[] }>();
  const invite = useMutation({
    mutationFn: (body: { email: string; roles: Role[] }) => ask(api.POST('/api/v1/invitations', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['invitations'] }),
    onError: (error) => showFieldProblems(form, error),
  });
  const link = invite.data;
  return (
    <Modal
      open
      title={say('accounts.members.invite')}
      footer={null}
      onCancel={onClose}
      mask={{ closable: !link }}
      destroyOnHidden
    >
      {link ? (
        <>
          <SecretOnce
            text={link.address}
            warning={say('accounts.invite.once', { until: sayMoment(link.expiresAt, lang) })}
          />
          <Button type="primary" className="dialog-end" onClick={onClose}>
            {say('accounts.handed-on')}
          </Button>
        </>
      ) : (
        <Form form={form} layout="vertical" requiredMark={false} onFinish={invite.mutate}>
          <EmailField name="email" />
          <RolesField kind={kind} />
          {invite.error && (
            <Form.Item>
              <ProblemNote error={invite.error} />
            </Form.Item>
          )}
          <Button type="primary" htmlType="submit" loading={invite.isPending}>
            {say('accounts.invite.action')}
          </Button>
        </Form>
      )}
    </Modal>
  );
}

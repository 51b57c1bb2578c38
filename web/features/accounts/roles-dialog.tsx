import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Modal } from 'antd';
import type { Member, Organisation, Role } from '../../../src/contract/accounts.ts';
import { api, ask } from '../../api/api.ts';
import { meQuery } from '../../api/me.ts';
import { useNotice } from '../../ui/notice.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/words.ts';
import { RolesField } from './roles-field.tsx';

export function RolesDialog({
  kind,
  member,
  onClose,
}: {
  kind: Organisation['kind'];
  member: Member;
  onClose: () => void;
}) {
  const say = useWords();
  const client = useQueryClient();
  const notice = useNotice();
  const change = useMutation({
    mutationFn: ({ roles }: { roles: Role[] }) =>
      ask(api.PATCH('/api/v1/members/{id}', { params: { path: { id: member.id } }, body: { roles } })),
    onSuccess: async () => {
      notice.done(say('accounts.saved'));
      onClose();
      await Promise.all([
        client.invalidateQueries({ queryKey: ['members'] }),
        client.invalidateQueries({ queryKey: meQuery.queryKey }),
      ]);
    },
  });
  return (
    <Modal
      open
      title={say('accounts.members.roles-of', { name: member.name })}
      footer={null}
      onCancel={onClose}
      destroyOnHidden
    >
      <Form layout="vertical" requiredMark={false} initialValues={{ roles: member.roles }} onFinish={change.mutate}>
        <RolesField kind={kind} />
        {change.error && (
          <Form.Item>
            <ProblemNote error={change.error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {say('accounts.members.save-roles')}
        </Button>
      </Form>
    </Modal>
  );
}

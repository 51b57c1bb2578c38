import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Modal } from 'antd';
import type { NewOrganisation } from '../../../src/contract/accounts.ts';
import { api, ask } from '../../api/api.ts';
import { meQuery } from '../../api/me.ts';
import { showFieldProblems } from '../../ui/form-problems.ts';
import { useNotice } from '../../ui/notice.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/words.ts';
import { OrganisationFields } from './fields.tsx';

export function OrganisationDialog({ onClose }: { onClose: () => void }) {
  const say = useWords();
  const client = useQueryClient();
  const notice = useNotice();
  const [form] = Form.useForm<NewOrganisation>();
  const make = useMutation({
    mutationFn: (body: NewOrganisation) => ask(api.POST('/api/v1/organisations', { body })),
    onSuccess: async ({ name }) => {
      notice.done(say('accounts.organisations.made', { name }));
      onClose();
      await Promise.all([
        client.invalidateQueries({ queryKey: ['organisations'] }),
        client.invalidateQueries({ queryKey: meQuery.queryKey }),
      ]);
    },
    onError: (error) => showFieldProblems(form, error),
  });
  return (
    <Modal open title={say('accounts.organisations.make')} footer={null} onCancel={onClose} destroyOnHidden>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={make.mutate}>
        <OrganisationFields />
        {make.error && (
          <Form.Item>
            <ProblemNote error={make.error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={make.isPending}>
          {say('accounts.organisations.make')}
        </Button>
      </Form>
    </Modal>
  );
}

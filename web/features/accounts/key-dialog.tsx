import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal, Select } from 'antd';
import type { Organisation, Role } from '../../../src/contract/accounts.ts';
import { api, ask } from '../../api/api.ts';
import { showFieldProblems } from '../../ui/form-problems.ts';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { SecretOnce } from '../../ui/secret-once.tsx';
import { useWords } from '../../words/words.ts';
import { RolesField } from './roles-field.tsx';

interface Wanted {
  name: string;
  roles: Role[];
  expiresInDays: number;
}

export function KeyDialog({ kind, onClose }: { kind: Organisation['kind']; onClose: () => void }) {
  const say = useWords();
  const client = useQueryClient();
  const [form] = Form.useForm<Wanted>();
  const make = useMutation({
    mutationFn: ({ expiresInDays, ...wanted }: Wanted) =>
      ask(
        api.POST('/api/v1/api-keys', {
          body: { ...wanted, expiresInDays: expiresInDays === forever ? null : expiresInDays },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['api-keys'] }),
    onError: (error) => showFieldProblems(form, error),
  });
  return (
    <Modal
      open
      title={say('accounts.keys.make')}
      footer={null}
      onCancel={onClose}
      mask={{ closable: !make.data }}
      destroyOnHidden
    >
      {make.data ? (
        <>
          <SecretOnce text={make.data.key} warning={say('accounts.keys.once')} />
          <Button type="primary" className="dialog-end" onClick={onClose}>
            {say('accounts.keys.kept')}
          </Button>
        </>
      ) : (
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          initialValues={{ expiresInDays: 365 }}
          onFinish={make.mutate}
        >
          <Form.Item
            name="name"
            label={say('accounts.keys.name')}
            extra={say('accounts.keys.name.example')}
            rules={[{ required: true, whitespace: true, message: say('accounts.name.missing') }]}
          >
            <Input maxLength={200} autoComplete="off" />
          </Form.Item>
          <RolesField kind={kind} />
          <Form.Item name="expiresInDays" label={say('accounts.keys.until')}>
            <Select
              options={[
                ...[30, 90, 365, 730].map((days) => ({
                  value: days,
                  label: say('accounts.keys.days', { count: days }),
                })),
                { value: forever, label: say('accounts.keys.no-end') },
              ]}
            />
          </Form.Item>
          {make.error && (
            <Form.Item>
              <ProblemNote error={make.error} />
            </Form.Item>
          )}
          <Button type="primary" htmlType="submit" loading={make.isPending}>
            {say('accounts.keys.make')}
          </Button>
        </Form>
      )}
    </Modal>
  );
}

/** A select cannot hold null. */
const forever = 0;

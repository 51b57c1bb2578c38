import { Form, Input } from 'antd';
import type { NamePath } from 'antd/es/form/interface';
import { useWords } from '../../words/words.ts';
import { shortestPassword } from './roles.ts';

export function NameField({ name, label }: { name: NamePath; label: string }) {
  const say = useWords();
  return (
    <Form.Item
      name={name}
      label={label}
      rules={[{ required: true, whitespace: true, message: say('accounts.name.missing') }]}
    >
      <Input maxLength={200} autoComplete="name" />
    </Form.Item>
  );
}

export function EmailField({ name, label }: { name: NamePath; label?: string }) {
  const say = useWords();
  return (
    <Form.Item
      name={name}
      label={label ?? say('accounts.email')}
      rules={[
        { required: true, message: say('accounts.email.missing') },
        { type: 'email', message: say('accounts.email.wrong') },
      ]}
    >
      <Input type="email" maxLength={254} autoComplete="email" inputMode="email" />
    </Form.Item>
  );
}

/** A password that is being chosen. */
export function NewPasswordField({ name, label }: { name: NamePath; label?: string }) {
  const say = useWords();
  return (
    <Form.Item
      name={name}
      label={label ?? say('accounts.password')}
      extra={say('accounts.password.advice', { count: shortestPassword })}
      rules={[
        { required: true, message: say('accounts.password.missing') },
        { min: shortestPassword, message: say('accounts.password.short', { count: shortestPassword }) },
      ]}
    >
      <Input.Password maxLength={256} autoComplete="new-password" />
    </Form.Item>
  );
}

export function CurrentPasswordField({ name, label }: { name: NamePath; label: string }) {
  const say = useWords();
  return (
    <Form.Item name={name} label={label} rules={[{ required: true, message: say('accounts.password.missing') }]}>
      <Input.Password autoComplete="current-password" />
    </Form.Item>
  );
}

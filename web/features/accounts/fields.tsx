import { Checkbox, Form, Input, Segmented, Select } from 'antd';
import type { NamePath } from 'antd/es/form/interface';
import type { Organisation } from '../../../src/contract/accounts.ts';
import { useWords } from '../../words/words.ts';
import './fields.css';
import { levels, rolesOf, shortestPassword } from './roles.ts';

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

/** Which roles, each with one line on what it may do. */
export function RolesField({ kind }: { kind: Organisation['kind'] }) {
  const say = useWords();
  return (
    <Form.Item
      name="roles"
      label={say('accounts.roles')}
      rules={[{ required: true, type: 'array', min: 1, message: say('accounts.roles.missing') }]}
    >
      <Checkbox.Group className="roles">
        {rolesOf[kind].map((role) => (
          <Checkbox key={role} value={role}>
            <span className="role-name">{say(`frame.role.${role}`)}</span>
            <span className="quiet"> {say(`accounts.role.${role}.about`)}</span>
          </Checkbox>
        ))}
      </Checkbox.Group>
    </Form.Item>
  );
}

/** The kind, name and, for an authority, level and region of a new organisation, below `at` in the form. */
export function OrganisationFields({ at = [] }: { at?: string[] }) {
  const say = useWords();
  const kind: unknown = Form.useWatch([...at, 'kind']);
  const authority = kind === 'authority';
  return (
    <>
      <Form.Item name={[...at, 'kind']} label={say('accounts.organisation.kind')} initialValue="company">
        <Segmented
          block
          options={[
            { value: 'company', label: say('accounts.organisation.company') },
            { value: 'authority', label: say('accounts.organisation.authority') },
          ]}
        />
      </Form.Item>
      <Form.Item
        name={[...at, 'name']}
        label={say('accounts.organisation.name')}
        rules={[{ required: true, whitespace: true, message: say('accounts.name.missing') }]}
      >
        <Input
          maxLength={200}
          autoComplete="organization"
          placeholder={say(
            authority ? 'accounts.organisation.example.authority' : 'accounts.organisation.example.company',
          )}
        />
      </Form.Item>
      {authority && (
        <div className="field-pair">
          <Form.Item
            name={[...at, 'level']}
            label={say('accounts.organisation.level')}
            rules={[{ required: true, message: say('accounts.organisation.level.missing') }]}
          >
            <Select options={levels.map((value) => ({ value, label: say(`accounts.level.${value}`) }))} />
          </Form.Item>
          <Form.Item
            name={[...at, 'region']}
            label={say('accounts.organisation.region')}
            extra={say('accounts.organisation.region.example')}
            rules={[{ required: true, min: 2, message: say('accounts.organisation.region.missing') }]}
          >
            <Input maxLength={20} />
          </Form.Item>
        </div>
      )}
    </>
  );
}

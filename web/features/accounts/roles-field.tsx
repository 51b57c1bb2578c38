import { Checkbox, Form } from 'antd';
import type { Organisation } from '../../../src/contract/accounts.ts';
import { useWords } from '../../words/words.ts';
import './fields.css';
import { rolesOf } from './roles.ts';

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

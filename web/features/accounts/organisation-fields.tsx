import { Form, Input, Segmented, Select } from 'antd';
import { useWords } from '../../words/words.ts';
import './fields.css';
import { levels } from './roles.ts';

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

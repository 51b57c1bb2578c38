import { PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../../words/words.ts';

/** Whom an authority may ask. */
export function Contacts() {
  const say = useWords();
  return (
    <Rows name="contacts" legend={say('register.contacts')} add={say('register.contact.add')}>
      {(at) => (
        <>
          <NeededField
            name={[at, 'name']}
            label={say('register.contact.name')}
            missing={say('register.contact.name.missing')}
            maxLength={100}
          />
          <Form.Item
            name={[at, 'phone']}
            label={say('register.contact.phone')}
            rules={[{ pattern: /^[+()0-9 -]{5,30}$/, message: say('register.contact.phone.wrong') }]}
          >
            <Input maxLength={30} inputMode="tel" autoComplete="off" />
          </Form.Item>
          <Form.Item
            name={[at, 'email']}
            label={say('register.contact.email')}
            rules={[{ type: 'email', message: say('register.contact.email.wrong') }]}
          >
            <Input maxLength={254} inputMode="email" autoComplete="off" />
          </Form.Item>
        </>
      )}
    </Rows>
  );
}

export function Licences() {
  const say = useWords();
  return (
    <Rows name="licences" legend={say('register.licences')} add={say('register.licence.add')}>
      {(at) => (
        <>
          <NeededField
            name={[at, 'name']}
            label={say('register.licence.name')}
            missing={say('register.licence.name.missing')}
            maxLength={200}
          />
          <NeededField
            name={[at, 'number']}
            label={say('register.licence.number')}
            missing={say('register.licence.number.missing')}
            maxLength={100}
          />
          <Form.Item name={[at, 'validUntil']} label={say('register.licence.until')}>
            <Input type="date" />
          </Form.Item>
        </>
      )}
    </Rows>
  );
}

/** Lines of the same fields, as many as there are. */
function Rows(props: { name: string; legend: string; add: string; children: (at: number) => ReactNode }) {
  const { name: list, legend, add: addWord, children } = props;
  const say = useWords();
  return (
    <fieldset className="rows">
      <legend>{legend}</legend>
      <Form.List name={list}>
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className="row-fields">
                {children(name)}
                <Button type="text" size="small" onClick={() => remove(name)}>
                  {say('register.row.drop')}
                </Button>
              </div>
            ))}
            <Button size="small" icon={<PlusOutlined />} onClick={() => add({})}>
              {addWord}
            </Button>
          </>
        )}
      </Form.List>
    </fieldset>
  );
}

function NeededField(props: { name: [number, string]; label: string; missing: string; maxLength: number }) {
  const { name, label, missing, maxLength } = props;
  return (
    <Form.Item name={name} label={label} rules={[{ required: true, whitespace: true, message: missing }]}>
      <Input maxLength={maxLength} autoComplete="off" />
    </Form.Item>
  );
}

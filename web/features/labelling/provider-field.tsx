import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { type Say, useWords } from '../../words/words.ts';
import { Mark } from '../rulebooks/mark.tsx';
import { CodeDialog } from './code-dialog.tsx';
import { findProviderFault, type ServiceKind } from './provider-code.ts';

/** Whom the label names: a provider code, or a name in plain characters. Says what cannot be right while it is typed. */
export function ProviderField(props: {
  name: 'contentProducer' | 'contentPropagator';
  service: ServiceKind;
  label: string;
  required: boolean;
}) {
  const { name, service, label, required } = props;
  const say = useWords();
  const form = Form.useFormInstance();
  const [building, setBuilding] = useState(false);
  return (
    <>
      <Form.Item
        name={name}
        label={label}
        required={required}
        normalize={(text: string) => text.trim()}
        validateTrigger="onBlur"
        rules={[
          { required, message: say('labelling.provider.missing') },
          {
            validator: (_rule, text: string | undefined) => {
              const fault = text ? findProviderFault(text, service) : null;
              return fault ? Promise.reject(new Error(sayFault(fault, text ?? '', say))) : Promise.resolve();
            },
          },
        ]}
      >
        <ProviderInput service={service} onBuild={() => setBuilding(true)} />
      </Form.Item>
      {building && (
        <CodeDialog
          service={service}
          onCode={(code) => {
            form.setFieldValue(name, code);
            void form.validateFields([name]).catch(() => undefined);
            setBuilding(false);
          }}
          onClose={() => setBuilding(false)}
        />
      )}
    </>
  );
}

function ProviderInput(props: {
  id?: string;
  value?: string;
  onChange?: (event: unknown) => void;
  onBlur?: () => void;
  service: ServiceKind;
  onBuild: () => void;
}) {
  const { service, onBuild, value = '', ...input } = props;
  const say = useWords();
  const isCode = /^00[0-9A-Z]{25}$/.test(value);
  const fault = value === '' ? null : findProviderFault(value, service);
  return (
    <>
      <Input
        {...input}
        value={value}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={200}
        className="provider-input"
        aria-describedby={`${input.id}-help`}
      />
      <span id={`${input.id}-help`} className="provider-help" aria-live="polite">
        {isCode && fault === null && <Mark of="done">{say('labelling.provider.sound')}</Mark>}
        {!isCode && fault === null && value !== '' && (
          <span className="quiet">{say('labelling.provider.as-name')}</span>
        )}
        <Button type="link" size="small" className="provider-build" onClick={onBuild}>
          {say('labelling.provider.build')}
        </Button>
      </span>
    </>
  );
}

/** The server's own sentence. */
function sayFault(fault: string, value: string, say: Say): string {
  return say(`label.field.${fault}`, { value: value.slice(0, 60) });
}

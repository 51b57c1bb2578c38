import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Modal } from 'antd';
import { useEffect } from 'react';
import { useOrganisation } from '../../api/me.ts';
import { companyQuery } from '../../api/register.ts';
import { useWords } from '../../words/words.ts';
import '../register/register.css';
import { UsccField } from '../register/uscc-field.tsx';
import { buildCode, type ServiceKind } from './provider-code.ts';

interface Parts {
  uscc: string;
  number: string;
}

/** Builds a provider code from the credit code, whose check character is checked while it is typed. */
export function CodeDialog(props: { service: ServiceKind; onCode: (code: string) => void; onClose: () => void }) {
  const { service, onCode, onClose } = props;
  const say = useWords();
  const { kind } = useOrganisation();
  const [form] = Form.useForm<Parts>();
  const { data } = useQuery({ ...companyQuery, enabled: kind === 'company', retry: false });
  const own = data?.company?.uscc ?? null;
  useEffect(() => {
    if (own !== null && !form.isFieldTouched('uscc')) form.setFieldValue('uscc', own);
  }, [own, form]);
  const uscc = Form.useWatch('uscc', form) ?? '';
  const number = Form.useWatch('number', form) ?? '';
  const code = buildCode(uscc, service, number);
  return (
    <Modal open title={say('labelling.code.title')} footer={null} onCancel={onClose} destroyOnHidden>
      <Form<Parts>
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={() => {
          if (code !== null) onCode(code);
        }}
      >
        <p className="quiet dialog-about">{say('labelling.code.about')}</p>
        <UsccField />
        <Form.Item
          name="number"
          label={say('labelling.code.number')}
          extra={say('labelling.code.number.about')}
          normalize={(text: string) => text.trim().toUpperCase()}
          rules={[{ pattern: /^[0-9A-Z]{4}$/, message: say('labelling.code.number.wrong') }]}
        >
          <Input maxLength={4} autoComplete="off" spellCheck={false} className="code-number" />
        </Form.Item>
        <p className="code-built" aria-live="polite">
          {code === null ? (
            <span className="quiet">{say('labelling.code.not-yet')}</span>
          ) : (
            <>
              <span className="quiet">{say('labelling.code.built')}</span> <code>{code}</code>
            </>
          )}
        </p>
        <Button type="primary" htmlType="submit" disabled={code === null}>
          {say('labelling.code.use')}
        </Button>
      </Form>
    </Modal>
  );
}

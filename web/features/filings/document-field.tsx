import { PaperClipOutlined } from '@ant-design/icons';
import { Button, Form, Input } from 'antd';
import { useRef } from 'react';
import { useWords } from '../../words/words.ts';

/** A copy of what was filed: a file, or words that say where it is. */
export interface Handed {
  file?: File | undefined;
  link?: string;
}

const maxBytes = 30 * 1024 * 1024;

export function DocumentField() {
  const say = useWords();
  return (
    <Form.Item
      name="document"
      label={say('filings.field.document')}
      rules={[
        {
          validator: (_rule, value: Handed | undefined) =>
            value?.file && value.file.size > maxBytes
              ? Promise.reject(new Error(say('filings.field.document.large')))
              : Promise.resolve(),
        },
      ]}
    >
      <DocumentInput />
    </Form.Item>
  );
}

function DocumentInput({ value = {}, onChange }: { value?: Handed; onChange?: (value: Handed) => void }) {
  const say = useWords();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div className="document-field">
      <input
        ref={picker}
        type="file"
        hidden
        onChange={({ target }) => onChange?.({ ...value, file: target.files?.[0] })}
      />
      <Button icon={<PaperClipOutlined />} onClick={() => picker.current?.click()}>
        {value.file?.name ?? say('filings.field.document.choose')}
      </Button>
      <Input
        value={value.link ?? ''}
        disabled={value.file !== undefined}
        placeholder={say('filings.field.document.where')}
        aria-label={say('filings.field.document.where')}
        maxLength={1000}
        onChange={({ target }) => onChange?.({ ...value, link: target.value })}
      />
      {value.file && (
        <Button type="text" size="small" onClick={() => onChange?.({ ...value, file: undefined })}>
          {say('filings.field.document.drop')}
        </Button>
      )}
    </div>
  );
}

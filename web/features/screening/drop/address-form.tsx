import { LinkOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useId } from 'react';
import { explainProblem } from '../../../ui/problem-note.tsx';
import { useWords } from '../../../words/words.ts';
import { screenAddress } from '../calls.ts';
import { putIntoBatch } from './batch-rows.ts';
import { rememberBatch } from './batches.ts';

/** A file that lies elsewhere: the server fetches it. */
export function AddressForm(props: {
  value: string;
  onChange: (address: string) => void;
  organisation: string;
  declared: boolean;
  batch: () => string;
}) {
  const { value, onChange, organisation, declared, batch } = props;
  const say = useWords();
  const id = useId();
  const client = useQueryClient();
  const send = useMutation({
    mutationFn: async (address: string) => {
      const into = batch();
      putIntoBatch(client, into, await screenAddress({ address, declared, batch: into }));
      rememberBatch(organisation, into);
    },
    onSuccess: () => onChange(''),
  });
  const address = value.trim();
  const plausible = /^https?:\/\/[^\s/]+/i.test(address);
  const explained = send.error === null ? null : explainProblem(send.error, say);
  return (
    <form
      className="address"
      onSubmit={(event) => {
        event.preventDefault();
        if (plausible) send.mutate(address);
      }}
    >
      <label htmlFor={id}>{say('screening.address')}</label>
      <div className="address-line">
        <Input
          id={id}
          type="url"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          prefix={<LinkOutlined />}
          placeholder={say('screening.address.example')}
          value={value}
          status={explained || (address !== '' && !plausible) ? 'error' : ''}
          aria-describedby={`${id}-about`}
          onChange={({ target }) => {
            onChange(target.value);
            send.reset();
          }}
        />
        <Button htmlType="submit" loading={send.isPending} disabled={!plausible}>
          {say('screening.address.go')}
        </Button>
      </div>
      <p id={`${id}-about`} className={explained ? 'address-problem' : 'quiet'} role={explained ? 'alert' : undefined}>
        {explained ? [explained.title, explained.next].filter(Boolean).join(' ') : say('screening.address.about')}
      </p>
    </form>
  );
}

import { useMutation } from '@tanstack/react-query';
import { Button, Modal } from 'antd';
import type { Member } from '../../../src/contract/accounts.ts';
import { api, ask } from '../../api/api.ts';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { SecretOnce } from '../../ui/secret-once.tsx';
import { sayMoment } from '../../ui/time.tsx';
import { useLang, useWords } from '../../words/words.ts';

/** For somebody who cannot get in any more. The old password works until the link is used. */
export function NewPasswordDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const say = useWords();
  const lang = useLang();
  const issue = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/members/{id}/new-password-link', { params: { path: { id: member.id } } })),
  });
  return (
    <Modal
      open
      title={say('accounts.new-password.title', { name: member.name })}
      footer={null}
      onCancel={onClose}
      destroyOnHidden
    >
      {issue.data ? (
        <>
          <SecretOnce
            text={issue.data.address}
            warning={say('accounts.new-password.once', { until: sayMoment(issue.data.expiresAt, lang) })}
          />
          <Button type="primary" className="dialog-end" onClick={onClose}>
            {say('accounts.handed-on')}
          </Button>
        </>
      ) : (
        <div className="dialog-body">
          <p>{say('accounts.new-password.lead')}</p>
          {issue.error && <ProblemNote error={issue.error} />}
          <Button type="primary" onClick={() => issue.mutate()} loading={issue.isPending}>
            {say('accounts.new-password.action')}
          </Button>
        </div>
      )}
    </Modal>
  );
}

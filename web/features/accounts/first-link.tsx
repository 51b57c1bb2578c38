import { Button } from 'antd';
import type { IssuedLink } from '../../../src/contract/accounts.ts';
import { SecretOnce } from '../../ui/secret-once.tsx';
import { sayMoment } from '../../ui/time.tsx';
import { useLang, useWords } from '../../words/words.ts';

/** The link of a first administrator, to be handed over now: it is not shown again. */
export function FirstLink({ link, onClose }: { link: IssuedLink; onClose: () => void }) {
  const say = useWords();
  const lang = useLang();
  return (
    <>
      <SecretOnce
        text={link.address}
        warning={say('accounts.organisations.once', { until: sayMoment(link.expiresAt, lang) })}
      />
      <Button type="primary" className="dialog-end" onClick={onClose}>
        {say('accounts.handed-on')}
      </Button>
    </>
  );
}

import { useState } from 'react';
import { useMe } from '../../api/me.ts';
import { Note } from '../../ui/note.tsx';
import { Page } from '../../ui/page.tsx';
import { SecretOnce } from '../../ui/secret-once.tsx';
import { useWords } from '../../words/words.ts';
import { Enrol } from './second-factor-enrol.tsx';
import { ManageSecondFactor } from './second-factor-manage.tsx';

export function SecondFactor() {
  const say = useWords();
  const { person } = useMe();
  const [codes, setCodes] = useState<string[] | null>(null);
  return (
    <Page title={say('accounts.settings.second-factor')} lead={say('accounts.second-factor.lead')} width="text">
      {person.twoFactor && <Note kind="good">{say('accounts.second-factor.on')}</Note>}
      {codes && (
        <SecretOnce
          text={codes.join('\n')}
          fileName="clearmirror-backup-codes.txt"
          warning={say('accounts.second-factor.codes.once')}
        />
      )}
      {person.twoFactor ? <ManageSecondFactor onCodes={setCodes} /> : <Enrol onDone={setCodes} />}
    </Page>
  );
}

import { useQueryClient } from '@tanstack/react-query';
import { Button, Dropdown } from 'antd';
import { useNavigate } from 'react-router';
import { signOut } from '../api/auth.ts';
import { meQuery, type SignedIn } from '../api/me.ts';
import { useNotice } from '../ui/notice.tsx';
import { useWords } from '../words/words.ts';
import { openTour } from './tour-door.tsx';

export function AccountMenu({ me }: { me: SignedIn }) {
  const say = useWords();
  const navigate = useNavigate();
  const leave = useLeave();
  const { person, roles } = me;
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      menu={{
        items: [
          {
            key: 'who',
            type: 'group',
            label: (
              <span className="account-who">
                <strong>{person.name}</strong>
                <span>{person.email}</span>
                <span>{roles.map((role) => say(`frame.role.${role}`)).join(' · ')}</span>
              </span>
            ),
          },
          { key: 'settings', label: say('frame.account.settings'), onClick: () => void navigate('/settings/profile') },
          { key: 'tour', label: say('frame.account.tour'), onClick: openTour },
          { key: 'about', label: say('frame.account.about'), onClick: () => void navigate('/settings/about') },
          { type: 'divider' },
          { key: 'leave', label: say('frame.account.leave'), onClick: () => void leave() },
        ],
      }}
    >
      <Button
        type="text"
        shape="circle"
        className="account"
        data-tour="account"
        aria-label={say('frame.account', { name: person.name })}
        title={person.name}
      >
        <span aria-hidden="true">{firstCharacter(person.name)}</span>
      </Button>
    </Dropdown>
  );
}

/** Ends the session and forgets everything that was loaded in it. */
export function useLeave(): () => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  const notice = useNotice();
  return async () => {
    try {
      await signOut();
    } catch (error) {
      notice.failed(error);
      return;
    }
    await navigate('/sign-in');
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meQuery.queryKey[0] });
    await client.resetQueries({ queryKey: meQuery.queryKey });
  };
}

/** By graphemes, so that no character is cut in half. */
function firstCharacter(name: string): string {
  const [first] = new Intl.Segmenter().segment(name.trim());
  return first?.segment.toUpperCase() ?? '·';
}

import { useNavigate } from 'react-router';
import type { SignedIn } from '../api/me.ts';
import { Menu } from '../ui/menu.tsx';
import { useWords } from '../words/words.ts';
import { useLeave } from './leave.ts';
import { openTour } from './tour-door.tsx';

export function AccountMenu({ me }: { me: SignedIn }) {
  const say = useWords();
  const navigate = useNavigate();
  const leave = useLeave();
  const { person, roles } = me;
  return (
    <Menu
      className="account"
      label={say('frame.account', { name: person.name })}
      button={<span aria-hidden="true">{firstCharacter(person.name)}</span>}
      head={
        <span className="account-who">
          <strong>{person.name}</strong>
          <span>{person.email}</span>
          <span>{roles.map((role) => say(`frame.role.${role}`)).join(' · ')}</span>
        </span>
      }
      items={[
        { id: 'settings', label: say('frame.account.settings'), onChoose: () => void navigate('/settings/profile') },
        { id: 'tour', label: say('frame.account.tour'), onChoose: openTour },
        { id: 'about', label: say('frame.account.about'), onChoose: () => void navigate('/settings/about') },
        { id: 'leave', label: say('frame.account.leave'), apart: true, onChoose: () => void leave() },
      ]}
    />
  );
}

/** By graphemes, so that no character is cut in half. */
function firstCharacter(name: string): string {
  const [first] = new Intl.Segmenter().segment(name.trim());
  return first?.segment.toUpperCase() ?? '·';
}

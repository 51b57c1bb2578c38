import { NavLink } from 'react-router';
import { useWords } from '../../words/words.ts';

/** Between what is labelled, and what is said in labels each time. */
export function Tabs() {
  const say = useWords();
  return (
    <nav className="tabs" aria-label={say('labelling.title')}>
      <NavLink to="/label" end>
        {say('labelling.tab.files')}
      </NavLink>
      <NavLink to="/label/settings">{say('labelling.settings.title')}</NavLink>
    </nav>
  );
}

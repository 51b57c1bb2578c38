import { NavLink } from 'react-router';
import { useWords } from '../../words/words.ts';

/** Between the two lists: what is dropped now, and all that ever was. */
export function Tabs() {
  const say = useWords();
  return (
    <nav className="tabs" aria-label={say('screening.title')}>
      <NavLink to="/screen" end>
        {say('screening.tab.drop')}
      </NavLink>
      <NavLink to="/screen/history">{say('screening.history.title')}</NavLink>
    </nav>
  );
}

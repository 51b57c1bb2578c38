import { useEffect, useRef } from 'react';
import { Navigate, NavLink, Outlet, useLocation } from 'react-router';
import { useMe } from '../../api/me.ts';
import { useWords } from '../../words/words.ts';
import './settings.css';
import { settingsPages } from './settings-pages.ts';

/** The list of settings beside the page that was chosen. */
export function Settings() {
  const say = useWords();
  const me = useMe();
  const { pathname } = useLocation();
  const nav = useRef<HTMLElement>(null);
  // On a phone the list is one line that scrolls.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is another active line
  useEffect(() => {
    // Not returned: in newer browsers it is a promise.
    void nav.current?.querySelector('.active')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  if (/^\/settings\/?$/.test(pathname)) return <Navigate replace to="/settings/profile" />;
  const titles = {
    you: say('accounts.settings.group.you'),
    organisation: me.organisation?.name ?? '',
    installation: say('accounts.settings.group.installation'),
  };
  const pages = settingsPages.filter(({ may }) => may === undefined || may(me));
  return (
    <div className="settings">
      <nav ref={nav} className="settings-nav" aria-label={say('frame.settings')}>
        {(['you', 'organisation', 'installation'] as const).map((group) => {
          const own = pages.filter((page) => page.group === group);
          return own.length === 0 ? null : (
            <section key={group}>
              <h2>{titles[group]}</h2>
              <ul className="settings-list">
                {own.map(({ path, word }) => (
                  <li key={path}>
                    <NavLink to={path}>{say(word)}</NavLink>
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </nav>
      <div className="settings-page">
        <Outlet />
      </div>
    </div>
  );
}

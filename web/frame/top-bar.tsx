import { MenuOutlined, SearchOutlined } from '@ant-design/icons';
import type { SignedIn } from '../api/me.ts';
import '../ui/menu.css';
import { KeyHint } from '../ui/key-hint.tsx';
import { useWords } from '../words/words.ts';
import { AccountMenu } from './account-menu.tsx';
import { Bell } from './bell.tsx';
import { DemoMark } from './demo-mark.tsx';
import { LangSwitch } from './lang-switch.tsx';
import { OrganisationSwitch } from './organisation-switch.tsx';
import { openPalette } from './palette-door.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

export function TopBar({ me, onMenu }: { me: SignedIn; onMenu: () => void }) {
  const say = useWords();
  return (
    <header className="bar">
      <button type="button" className="quiet-button bar-menu" aria-label={say('frame.menu')} onClick={onMenu}>
        <MenuOutlined />
      </button>
      <OrganisationSwitch me={me} />
      <DemoMark />
      <button type="button" className="bar-find" onClick={openPalette} data-tour="find" aria-keyshortcuts="Control+K">
        <SearchOutlined />
        <span className="bar-find-text">{say('frame.find')}</span>
        <KeyHint keys={['Mod', 'K']} />
      </button>
      <div className="bar-end">
        <Bell me={me} />
        <LangSwitch signedIn />
        <ThemeSwitch signedIn />
        <AccountMenu me={me} />
      </div>
    </header>
  );
}

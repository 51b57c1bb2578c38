import { ApiOutlined, SettingOutlined } from '@ant-design/icons';
import { type ComponentType, useEffect, useRef } from 'react';
import { Link, NavLink } from 'react-router';
import type { Me } from '../../src/contract/accounts.ts';
import { Mirror } from '../ui/mirror.tsx';
import { useWords } from '../words/words.ts';
import { visibleEntries } from './visible.ts';

/** The way to everything, at the left; on a narrow page it comes out of the edge when asked. */
export function Rail({ me, open, onClose }: { me: Me; open: boolean; onClose: () => void }) {
  return (
    <>
      <div className="rail">
        <RailLines me={me} />
      </div>
      {open && <RailDrawer me={me} onClose={onClose} />}
    </>
  );
}

function RailLines({ me }: { me: Me }) {
  const say = useWords();
  return (
    <>
      <Link to="/" className="rail-name" aria-label={`Clearmirror 明鉴 · ${say('frame.home')}`}>
        <Mirror />
        <span>
          Clearmirror <span lang="zh-CN">明鉴</span>
        </span>
      </Link>
      <nav aria-label={say('frame.rail')} className="rail-nav" data-tour="rail">
        <ul className="rail-list">
          {visibleEntries(me).map(({ to, word, icon }) => (
            <RailLine key={to} to={to} icon={icon} text={say(word)} />
          ))}
        </ul>
        <ul className="rail-list">
          <RailLine to="/reference" icon={ApiOutlined} text={say('frame.reference')} />
          <RailLine to="/settings" icon={SettingOutlined} text={say('frame.settings')} />
        </ul>
      </nav>
    </>
  );
}

function RailLine({ to, icon: Icon, text }: { to: string; icon: ComponentType; text: string }) {
  return (
    <li>
      <NavLink to={to} className="rail-line">
        <Icon />
        <span>{text}</span>
      </NavLink>
    </li>
  );
}

function RailDrawer({ me, onClose }: { me: Me; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const say = useWords();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself; this is the click beside it
    <dialog
      ref={dialog}
      className="rail rail-drawer"
      aria-label={say('frame.rail')}
      onClose={onClose}
      onClick={({ target }) => target === dialog.current && dialog.current?.close()}
    >
      <RailLines me={me} />
    </dialog>
  );
}

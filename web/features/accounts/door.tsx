import type { ReactNode } from 'react';
import { LangSwitch } from '../../frame/lang-switch.tsx';
import { ReachLine } from '../../frame/reach-line.tsx';
import { ThemeSwitch } from '../../frame/theme-switch.tsx';
import { Mirror } from '../../ui/mirror.tsx';
import './door.css';

/** The quiet page in front of the house: signing in, setting up, following a link. */
export function Door({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <div className="door">
      <title>{`${title} · Clearmirror 明鉴`}</title>
      <header className="door-head">
        <LangSwitch />
        <ThemeSwitch />
      </header>
      <ReachLine />
      <main className="door-main">
        <div className="door-name">
          <Mirror sizePx={40} />
          <span>
            Clearmirror <span lang="zh-CN">明鉴</span>
          </span>
        </div>
        <h1>{title}</h1>
        {lead && <p className="quiet">{lead}</p>}
        {children}
      </main>
    </div>
  );
}

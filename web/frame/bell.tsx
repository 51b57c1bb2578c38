import { BellOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useId, useRef } from 'react';
import { Link } from 'react-router';
import type { SignedIn } from '../api/me.ts';
import type { Matter } from '../features/feature.ts';
import { features } from '../features/features.ts';
import { place } from '../ui/menu.tsx';
import { Time } from '../ui/time.tsx';
import { sayNow, useLang, useWords } from '../words/words.ts';

/** What needs this person now, gathered from all features. */
export function Bell({ me }: { me: SignedIn }) {
  const say = useWords();
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLElement>(null);
  const { matters, missing } = useMatters(me);
  const label = matters.length === 0 ? say('frame.bell.none') : say('frame.bell.some', { count: matters.length });
  return (
    <>
      <button
        ref={opener}
        type="button"
        className="quiet-button bell"
        popoverTarget={id}
        data-tour="bell"
        aria-label={label}
        title={label}
      >
        <BellOutlined />
        {matters.length > 0 && <span className="bell-count">{matters.length}</span>}
      </button>
      <section
        ref={panel}
        id={id}
        popover="auto"
        className="panel matters"
        aria-label={say('frame.bell.title')}
        onToggle={({ newState }) => {
          if (newState === 'open' && panel.current && opener.current) place(panel.current, opener.current);
        }}
      >
        <h2>{say('frame.bell.title')}</h2>
        <Matters matters={matters} missing={missing} onGo={() => panel.current?.hidePopover()} />
      </section>
    </>
  );
}

function Matters({ matters, missing, onGo }: { matters: Matter[]; missing: boolean; onGo: () => void }) {
  const say = useWords();
  return (
    <>
      {matters.length === 0 && <p className="quiet">{say('frame.bell.empty')}</p>}
      <ul className="matters-list">
        {matters.map(({ id, title, about, to, dueAt }) => (
          <li key={id}>
            <Link to={to} onClick={onGo}>
              {title}
            </Link>
            {about && <span className="quiet">{about}</span>}
            {dueAt && (
              <span className="quiet">
                {say('frame.bell.due')} <Time at={dueAt} />
              </span>
            )}
          </li>
        ))}
      </ul>
      {missing && <p className="quiet">{say('frame.bell.missing')}</p>}
    </>
  );
}

function useMatters(me: SignedIn): { matters: Matter[]; missing: boolean } {
  const lang = useLang();
  const { data } = useQuery({
    queryKey: ['attention', me.organisation?.id, me.person.twoFactor, lang],
    queryFn: () => gather(me),
    refetchInterval: 60_000,
  });
  return data ?? { matters: [], missing: false };
}

/** One feature that cannot say does not silence the others; the list then says that it is not complete. */
async function gather(me: SignedIn): Promise<{ matters: Matter[]; missing: boolean }> {
  const asked = features.flatMap(({ attention }) => (attention ? [attention] : []));
  const told = await Promise.allSettled(asked.map(async (load) => (await load()).attention(me, sayNow)));
  const matters = told.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  return { matters: matters.sort(byDue), missing: told.some(({ status }) => status === 'rejected') };
}

function byDue(one: Matter, other: Matter): number {
  return (one.dueAt ?? '9999').localeCompare(other.dueAt ?? '9999');
}

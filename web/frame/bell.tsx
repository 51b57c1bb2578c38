import { BellOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Badge, Button, Popover } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { SignedIn } from '../api/me.ts';
import type { Matter } from '../features/feature.ts';
import { features } from '../features/features.ts';
import { Time } from '../ui/time.tsx';
import { sayNow, useLang, useWords } from '../words/words.ts';

/** What needs this person now, gathered from all features. */
export function Bell({ me }: { me: SignedIn }) {
  const say = useWords();
  const [open, setOpen] = useState(false);
  const { matters, missing } = useMatters(me);
  const label = matters.length === 0 ? say('frame.bell.none') : say('frame.bell.some', { count: matters.length });
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomRight"
      arrow={false}
      title={say('frame.bell.title')}
      content={<Matters matters={matters} missing={missing} onGo={() => setOpen(false)} />}
    >
      <Button type="text" className="bell" data-tour="bell" aria-label={label} title={label} aria-expanded={open}>
        <Badge count={matters.length} size="small" offset={[2, -2]} color="var(--accent)">
          <BellOutlined />
        </Badge>
      </Button>
    </Popover>
  );
}

function Matters({ matters, missing, onGo }: { matters: Matter[]; missing: boolean; onGo: () => void }) {
  const say = useWords();
  return (
    <div className="matters">
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
    </div>
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

import { useQuery } from '@tanstack/react-query';
import type { Service } from '../../../src/contract/register.ts';
import { eventsQuery } from '../../api/register.ts';
import { Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Time } from '../../ui/time.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useWords, words } from '../../words/words.ts';

/** What was done to this service, the newest first. */
export function ActivityPart({ service }: { service: Service }) {
  const say = useWords();
  const { data, error, refetch } = useQuery(eventsQuery('service', service.id));
  return (
    <Section title={say('register.activity')}>
      {!data && (error ? <ProblemNote error={error} onRetry={() => void refetch()} /> : <Waiting lines={2} />)}
      {data?.items.length === 0 && <p className="quiet">{say('register.activity.none')}</p>}
      <ul className="activity-lines">
        {data?.items.map(({ id, kind, at }) => (
          <li key={id}>
            <span>{words.exists(`event.${kind}`) ? say(`event.${kind}`) : kind}</span>
            <span className="quiet">
              <Time at={at} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

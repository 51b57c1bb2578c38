import { useQuery } from '@tanstack/react-query';
import { Button, Segmented, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Hazard } from '../../../src/contract/hazards.ts';
import { assessmentsKey, listHazards } from '../../api/assessments.ts';
import { useMe } from '../../api/me.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { today } from '../rulebooks/days.tsx';
import { LinkButton } from '../rulebooks/link-button.tsx';
import { nameIn } from '../rulebooks/names.ts';
import './assessments.css';
import { HazardCard } from './hazard-card.tsx';
import { HazardStateMark } from './marks.tsx';
import { sayHazard } from './say.ts';

const columns = ['open', 'planned', 'done', 'verified'] as const;

/** Every hazard and its rectification: as a board by state, or as a calendar of what is due. */
export function HazardsPage() {
  const say = useWords();
  const lang = useLang();
  const { person } = useMe();
  const [view, setView] = useState<'board' | 'calendar'>('board');
  const [service, setService] = useState<string | undefined>();
  const [whose, setWhose] = useState<'all' | 'mine'>('all');
  const { data, error, refetch } = useQuery({
    queryKey: [...assessmentsKey, 'hazards'],
    queryFn: ({ signal }) => readAll(signal),
  });
  const services = new Map(data?.map((one) => [one.service.slug, nameIn(one.service.name, lang)]));
  const shown = (data ?? []).filter(
    (one) =>
      one.assessment.state !== 'abandoned' &&
      (service === undefined || one.service.slug === service) &&
      (whose === 'all' || one.owner?.id === person.id),
  );
  return (
    <Page title={say('assessments.hazards')} lead={say('assessments.hazards.lead')}>
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Waiting lines={6} />}
      {data?.length === 0 && (
        <EmptyState
          title={say('assessments.hazards.empty')}
          text={say('assessments.hazards.empty.text')}
          action={<LinkButton to="/assessments">{say('assessments.title')}</LinkButton>}
        />
      )}
      {data && data.length > 0 && (
        <>
          <div className="assess-filter">
            <Segmented
              value={view}
              options={(['board', 'calendar'] as const).map((value) => ({
                value,
                label: say(`assessments.hazards.${value}`),
              }))}
              onChange={setView}
            />
            <Segmented
              value={whose}
              options={(['all', 'mine'] as const).map((value) => ({
                value,
                label: say(`assessments.filter.${value}`),
              }))}
              onChange={setWhose}
            />
            <Select
              allowClear
              value={service ?? null}
              placeholder={say('assessments.hazards.service')}
              aria-label={say('assessments.hazards.service')}
              className="assess-filter-state"
              options={[...services].map(([value, label]) => ({ value, label }))}
              onChange={(value) => setService(value ?? undefined)}
            />
          </div>
          {view === 'board' ? <Board hazards={shown} /> : <Calendar hazards={shown} />}
        </>
      )}
    </Page>
  );
}

async function readAll(signal: AbortSignal): Promise<Hazard[]> {
  const all: Hazard[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listHazards>> = await listHazards(
      { limit: 100, ...(after !== null && { after }) },
      signal,
    );
    all.push(...page.items);
    after = page.next;
  } while (after !== null && all.length < 1_000);
  return all;
}

function Board({ hazards }: { hazards: Hazard[] }) {
  const say = useWords();
  const byDue = (one: Hazard, other: Hazard) => (one.dueOn ?? '9999').localeCompare(other.dueOn ?? '9999');
  return (
    <div className="board">
      {columns.map((state) => {
        const own = hazards.filter((one) => one.state === state).toSorted(byDue);
        return (
          <section key={state} className="board-column" aria-label={say(`assessments.hazard.${state}`)}>
            <h2>
              <HazardStateMark state={state} /> <span className="quiet">{own.length}</span>
            </h2>
            <ul className="hazard-cards">
              {own.map((hazard) => (
                <HazardCard key={hazard.id} hazard={hazard} withSubject />
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

/** A month, its weeks from Monday. */
function Calendar({ hazards }: { hazards: Hazard[] }) {
  const say = useWords();
  const lang = useLang();
  const [month, setMonth] = useState(today().slice(0, 7));
  const due = Map.groupBy(
    hazards.filter(({ dueOn }) => dueOn !== null),
    ({ dueOn }) => dueOn,
  );
  const locale = lang === 'zh' ? 'zh-CN' : 'en-GB';
  const title = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  );
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  const days = daysOf(month);
  return (
    <section className="calendar" aria-label={title}>
      <header>
        <Button
          size="small"
          onClick={() => setMonth(shifted(month, -1))}
          aria-label={say('assessments.calendar.before')}
        >
          ‹
        </Button>
        <h2>{title}</h2>
        <Button size="small" onClick={() => setMonth(shifted(month, 1))} aria-label={say('assessments.calendar.after')}>
          ›
        </Button>
      </header>
      <ol className="calendar-days">
        {days.slice(0, 7).map((day) => (
          <li key={`name ${day}`} className="calendar-name" aria-hidden="true">
            {weekday.format(new Date(`${day}T00:00:00Z`))}
          </li>
        ))}
        {days.map((day) => (
          <li
            key={day}
            className="calendar-day"
            data-other={!day.startsWith(month)}
            data-today={day === today()}
            data-some={due.has(day)}
          >
            <time dateTime={day}>{Number(day.slice(8))}</time>
            {due.get(day)?.map((hazard) => (
              <Link
                key={hazard.id}
                to={`/assessments/${hazard.assessment.id}#hazards`}
                className="calendar-due"
                data-late={day < today() && hazard.state !== 'verified' && hazard.state !== 'done'}
                title={`${sayHazard(hazard, say)} · ${hazard.owner?.name ?? ''}`}
              >
                <HazardStateMark state={hazard.state} /> {sayHazard(hazard, say)}
              </Link>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}

function shifted(month: string, by: number): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + by);
  return date.toISOString().slice(0, 7);
}

/** Whole weeks around a month. */
function daysOf(month: string): string[] {
  const first = new Date(`${month}-01T00:00:00Z`);
  const start = new Date(first.getTime() - ((first.getUTCDay() + 6) % 7) * 86_400_000);
  const next = new Date(`${shifted(month, 1)}-01T00:00:00Z`);
  const days: string[] = [];
  for (let at = start.getTime(); at < next.getTime() || days.length % 7 !== 0; at += 86_400_000) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}

import type { By, Derivation } from '../../../src/contract/question.ts';
import { useLang, useWords } from '../../words/words.ts';
import { addDays, sayDate, sayDayOrMoment } from './days.tsx';
import { list, sayFact, sayUnit } from './say.ts';
import './count-fold.css';

/** How a date was computed, so that anyone can count again: in words, as a strip of days, and with every day that was left out. */
export function CountFold({ by, derivation }: { by: Extract<By, { kind: 'date' }>; derivation: Derivation }) {
  const say = useWords();
  const lang = useLang();
  const { startFact, start, firstCounted, length, unit, timeZone, startWasOnlyADay, skipped, worked, projectedYears } =
    derivation;
  const fact = startFact === null ? '' : sayFact(startFact, say);
  const from = sayDayOrMoment(start, lang);
  const named = skipped.filter(({ name }) => name !== null);
  return (
    <details className="count">
      <summary>{say('question.count.how', { length, unit: sayUnit(unit, length, say), start: from })}</summary>
      <div className="count-body">
        <p>
          {firstCounted === null
            ? say('question.count.hours', { fact, start: from })
            : say('question.count.days', { fact, start: from, first: sayDate(firstCounted, lang) })}{' '}
          {startWasOnlyADay && say('rulebook.count.only-a-day')}
        </p>
        {unit === 'working-day' && firstCounted !== null && (
          <DayStrip first={firstCounted} last={by.date} derivation={derivation} />
        )}
        {skipped.length > 0 && (
          <p>
            {say('question.count.skipped', { count: skipped.length })}{' '}
            {named.length > 0
              ? list(
                  named.map(({ date, name }) => `${sayDate(date, lang)} ${name?.[lang] ?? ''}`),
                  lang,
                )
              : say('question.count.weekends')}
          </p>
        )}
        {worked.length > 0 && (
          <p>
            {say('question.count.worked')}{' '}
            {list(
              worked.map(({ date, name }) => `${sayDate(date, lang)} ${name[lang]}`),
              lang,
            )}
          </p>
        )}
        {projectedYears.length > 0 && (
          <p className="count-projected">{say('question.count.projected', { years: projectedYears.join(', ') })}</p>
        )}
        <p className="quiet">{say('question.count.zone', { zone: timeZone })}</p>
      </div>
    </details>
  );
}

/** One square a day, a line a week: full ones count, hollow ones do not, the framed one is the last. The words above say the same. */
function DayStrip({ first, last, derivation }: { first: string; last: string; derivation: Derivation }) {
  const lang = useLang();
  const rest = new Map(derivation.skipped.map((day) => [day.date, day]));
  const exchanged = new Set(derivation.worked.map(({ date }) => date));
  const monday = addDays(first, -((new Date(first).getUTCDay() + 6) % 7));
  const days: string[] = [];
  for (let day = monday; day <= last && days.length < 400; day = addDays(day, 1)) days.push(day);
  return (
    <div className="strip" aria-hidden="true">
      {days.map((day) => {
        const why = rest.get(day)?.why;
        const kind = day < first ? 'before' : (why ?? (exchanged.has(day) ? 'worked' : 'counts'));
        const title = `${sayDate(day, lang)} ${rest.get(day)?.name?.[lang] ?? ''}`.trim();
        return <span key={day} className={`day day-${kind}${day === last ? ' day-last' : ''}`} title={title} />;
      })}
    </div>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Gate } from '../../../src/contract/gate.ts';
import type { Service, ServiceFunction } from '../../../src/contract/register.ts';
import { useMay } from '../../api/me.ts';
import { versionsQuery } from '../../api/register.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { sayDate } from '../rulebooks/days.tsx';
import { LinkButton } from '../rulebooks/link-button.tsx';
import { nameIn } from '../rulebooks/names.ts';
import { list } from '../rulebooks/say.ts';
import { givenFacts } from './facts-part.tsx';
import { FunctionMoves } from './function-moves.tsx';
import { LifeLine } from './life-line.tsx';
import { GateMark } from './standing.tsx';
import { StateMark } from './state-mark.tsx';

/** What the service can do, each thing with its life. */
export function FunctionsPart(props: { service: Service; functions: ServiceFunction[]; gates: readonly Gate[] }) {
  const { service, functions, gates } = props;
  const say = useWords();
  const alive = service.state !== 'withdrawn';
  const shown = functions.toSorted((one, other) => rank(one) - rank(other));
  return (
    <Section title={say('register.functions')}>
      {functions.length === 0 ? (
        <EmptyState
          title={say('register.functions.empty')}
          text={say('register.functions.empty.text')}
          action={alive && <LinkButton to={`/services/${service.slug}/plan`}>{say('register.plan')}</LinkButton>}
        />
      ) : (
        <ul className="functions">
          {shown.map((one) => (
            <FunctionCard key={one.id} one={one} gate={gates.find((gate) => gate.function?.id === one.id)} />
          ))}
        </ul>
      )}
    </Section>
  );
}

const order = ['planned', 'changed', 'launched', 'withdrawn'] as const satisfies readonly ServiceFunction['state'][];
function rank({ state }: ServiceFunction): number {
  return order.indexOf(state);
}

function FunctionCard({ one, gate }: { one: ServiceFunction; gate: Gate | undefined }) {
  const say = useWords();
  const lang = useLang();
  const may = useMay('administrator', 'assessor', 'engineer');
  const [open, setOpen] = useState(false);
  const { id, name, slug, version, features, facts, state } = one;
  const given = givenFacts(facts).map(
    ({ fact, value }) =>
      `${say(`fact.${fact}`)}${lang === 'zh' ? '：' : ': '}${say(value ? 'question.yes' : 'question.no')}`,
  );
  return (
    <li className="function" id={`function-${id}`} data-function={slug} data-state={state}>
      <header>
        <h3>{nameIn(name, lang)}</h3>
        <StateMark state={state} />
        {version > 1 && <span className="quiet">{say('filings.version', { version })}</span>}
        <span className="function-gate">{gate && state !== 'withdrawn' && <GateMark open={gate.open} />}</span>
      </header>
      <p className="quiet">
        {features.length === 0
          ? say('question.none-of-these')
          : list(
              features.map((feature) => say(`fact-word.${feature}`)),
              lang,
            )}
        {given.length > 0 && ` · ${given.join(' · ')}`}
      </p>
      <LifeLine one={one} />
      <div className="function-ways">
        {may && <FunctionMoves one={one} gateOpen={gate?.open} />}
        <button type="button" className="tell" aria-expanded={open} onClick={() => setOpen(!open)}>
          {say('register.versions')}
        </button>
      </div>
      {open && <Versions id={id} />}
    </li>
  );
}

function Versions({ id }: { id: string }) {
  const say = useWords();
  const lang = useLang();
  const { data, error, refetch } = useQuery(versionsQuery(id));
  if (!data) return error ? <ProblemNote error={error} onRetry={() => void refetch()} /> : <Waiting lines={2} />;
  return (
    <ol className="versions">
      {data.items.map(({ version, features, reason, plannedLaunch, launchedOn, madeAt, madeBy }) => (
        <li key={version}>
          <strong>{say('filings.version', { version })}</strong>{' '}
          {list(
            features.map((feature) => say(`fact-word.${feature}`)),
            lang,
          )}
          {reason !== null && <p>{reason}</p>}
          <p className="quiet">
            {launchedOn !== null
              ? say('register.life.launched-on', { date: sayDate(launchedOn, lang) })
              : plannedLaunch !== null
                ? say('register.life.planned-for', { date: sayDate(plannedLaunch, lang) })
                : say('register.life.no-day')}
            {' · '}
            {madeBy === null
              ? say('register.made', { date: sayDate(madeAt, lang) })
              : say('register.made-by', { date: sayDate(madeAt, lang), name: madeBy })}
          </p>
        </li>
      ))}
    </ol>
  );
}

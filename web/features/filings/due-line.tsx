import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { GateDue } from '../../../src/contract/gate.ts';
import { useLang, useWords } from '../../words/words.ts';
import { CountFold } from '../rulebooks/count-fold.tsx';
import { today } from '../rulebooks/days.tsx';
import { sayDue, sayLeft } from '../rulebooks/days-left.ts';
import { Mark, type MarkKind } from '../rulebooks/mark.tsx';
import { list, markOf, sayFact, sayReason } from '../rulebooks/say.ts';
import { factValue } from './fact-value.ts';
import './due-line.css';

/** One thing that is due: what, by when and how that was counted, why, and what was filed about it. */
export function GateDueLine({ due, about, action }: { due: GateDue; about?: ReactNode; action?: ReactNode }) {
  const say = useWords();
  const lang = useLang();
  const { by, title, rulebook, rulebookTitle, because, missing, filing, settled, verified, triggers } = due;
  const left = settled ? null : sayLeft(by, today(), say);
  // Where it is offered is the same for every line of a rulebook's place.
  const telling = because.filter(({ fact }) => fact !== 'jurisdictions' && fact !== 'event');
  const reasons = [...new Set(telling.flatMap((one) => sayGateReason(one, say, lang)))].slice(0, 2);
  return (
    <li className="gate-due" data-due={due.due} data-settled={settled}>
      <div className="gate-due-main">
        <p className="due-what">
          <Mark of={settled ? 'done' : filing ? filingMarks[filing.state] : markOf(due)}>{title[lang]}</Mark>
        </p>
        <p className="gate-due-about">
          {about}
          <Link to={`/rulebooks/${rulebook}`}>{rulebookTitle[lang]}</Link>
          {triggers.length > 0 && ` · ${list([...new Set(triggers.map(({ clause }) => clause[lang]))], lang)}`}
          {!verified && <span className="due-tag gate-tag">{say('rulebook.unverified')}</span>}
        </p>
        {reasons.length > 0 && (
          <p className="gate-due-about">
            {say('filings.because', { because: reasons.join(lang === 'zh' ? '；' : '; ') })}
          </p>
        )}
        {missing.length > 0 && due.state === 'may-be-due' && (
          <p className="gate-due-about">
            {say('filings.missing', {
              facts: list(
                missing.map((fact) => sayFact(fact, say)),
                lang,
              ),
            })}
          </p>
        )}
        {by.kind === 'date' && by.derivation && <CountFold by={by} derivation={by.derivation} />}
      </div>
      <div className="gate-due-side">
        {left && (
          <span className={left.late ? 'gate-left gate-left-late' : 'gate-left'} title={sayDue(by, say, lang)}>
            {left.text}
          </span>
        )}
        <span className="quiet">{sayDue(by, say, lang)}</span>
        {filing ? (
          <Link to={`/filings/${filing.id}`}>
            <FilingMark state={filing.state} /> {filing.number ?? ''}
          </Link>
        ) : (
          action
        )}
      </div>
    </li>
  );
}

export const filingMarks = {
  filed: 'open',
  accepted: 'done',
  returned: 'due',
  withdrawn: 'none',
} as const satisfies Record<NonNullable<GateDue['filing']>['state'], MarkKind>;

export function FilingMark({ state }: { state: keyof typeof filingMarks }) {
  const say = useWords();
  return <Mark of={filingMarks[state]}>{say(`filings.state.${state}`)}</Mark>;
}

function sayGateReason(reason: GateDue['because'][number], ...[say, lang]: SayIn): string[] {
  const value = factValue(reason.value);
  return value === null ? [] : [sayReason({ fact: reason.fact, value }, say, lang)];
}

type SayIn = [Parameters<typeof sayReason>[1], Parameters<typeof sayReason>[2]];

import { type ReactNode, useId, useState } from 'react';
import type { FactName } from '../../../src/contract/facts.ts';
import type { Lang } from '../../../src/contract/lang.ts';
import type { DueAnswer, RulebookAnswer } from '../../../src/contract/question.ts';
import { type Say, useLang, useWords } from '../../words/words.ts';
import { CountFold } from '../rulebooks/count-fold.tsx';
import { sayDate } from '../rulebooks/days.tsx';
import { Mark, type MarkKind } from '../rulebooks/mark.tsx';
import { markOf, sayBy, sayFact, sayReason } from '../rulebooks/say.ts';
import { dueInOrder, missingIn, standingOf } from './answer-order.ts';
import { RulebookFold } from './rulebook-fold.tsx';
import { sayBecause } from './say.ts';

const marks = { waits: 'waits', due: 'due', open: 'open', quiet: 'none', not: 'none' } as const satisfies Record<
  ReturnType<typeof standingOf>,
  MarkKind
>;

/** One rulebook of the answer: what it makes due and why in a few lines; unfolded, every fact and clause. */
export function RulebookLines({ rulebook, onTell }: { rulebook: RulebookAnswer; onTell: (fact: FactName) => void }) {
  const say = useWords();
  const lang = useLang();
  const [open, setOpen] = useState(false);
  const id = useId();
  const standing = standingOf(rulebook);
  const due = dueInOrder(rulebook.due.filter(({ state }) => state === 'due'));
  const maybe = rulebook.due.filter(({ state }) => state === 'may-be-due');
  return (
    <li className={`rulebook rulebook-${standing}`} data-rulebook={rulebook.id} data-standing={standing}>
      <button
        type="button"
        className="rulebook-head"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Mark of={marks[standing]} />
        <span className="rulebook-name">
          {rulebook.shortTitle[lang]}{' '}
          <span className="rulebook-where">{say(`fact-word.${rulebook.jurisdiction}`)}</span>
        </span>
        <span className="rulebook-verdict">{say(`question.standing.${standing}`)}</span>
        <span className="rulebook-fold" aria-hidden="true">
          {open ? '–' : '+'}
        </span>
      </button>
      <div className="rulebook-lines">
        {standing === 'not' && <NotBecause rulebook={rulebook} />}
        {due.map((item, index) => (
          <DueLine key={item.id} due={item} before={due[index - 1]} rulebook={rulebook} />
        ))}
        {due.length === 0 && standing === 'quiet' && <p className="quiet">{say('question.quiet')}</p>}
        {(standing === 'open' || maybe.length > 0) && (
          <Missing facts={missingIn(rulebook)} maybe={maybe.length} first={due.length === 0} onTell={onTell} />
        )}
      </div>
      <div id={id} hidden={!open}>
        {open && <RulebookFold rulebook={rulebook} />}
      </div>
    </li>
  );
}

function DueLine(props: { due: DueAnswer; before: DueAnswer | undefined; rulebook: RulebookAnswer }) {
  const { due, before, rulebook } = props;
  const say = useWords();
  const lang = useLang();
  const { by, title, verified, blocks, clock } = due;
  const because = becauseOf(due, rulebook, say, lang);
  const isNew = before === undefined || because !== becauseOf(before, rulebook, say, lang);
  return (
    <div className="due" data-due={due.id} data-blocks={blocks}>
      <p className="due-what">
        <Mark of={markOf(due)}>{title[lang]}</Mark>
      </p>
      <p>
        <span className="due-by">{sayBy(by, say, lang)}</span>
        {by.kind === 'date' && by.projected && (
          <Tag title={say('question.projected.why')}>{say('question.projected')}</Tag>
        )}
        {blocks && <Tag strong>{say('rulebook.blocks')}</Tag>}
        {!verified && <Tag>{say(clock.verified ? 'rulebook.unverified' : 'rulebook.unverified-clock')}</Tag>}
      </p>
      {because !== '' && isNew && <p className="due-because">{say('question.because', { because })}</p>}
      {by.kind === 'date' && by.derivation && <CountFold by={by} derivation={by.derivation} />}
    </div>
  );
}

function becauseOf({ triggers }: DueAnswer, rulebook: RulebookAnswer, say: Say, lang: Lang): string {
  const fired = rulebook.triggers.filter(({ id }) => triggers.includes(id));
  return sayBecause([...fired, rulebook.scope], say, lang);
}

function Tag({ children, title, strong = false }: { children: ReactNode; title?: string; strong?: boolean }) {
  return (
    <span className={strong ? 'due-tag due-tag-strong' : 'due-tag'} title={title}>
      {children}
    </span>
  );
}

function Missing(props: { facts: FactName[]; maybe: number; first: boolean; onTell: (fact: FactName) => void }) {
  const { facts, maybe, first, onTell } = props;
  const say = useWords();
  if (facts.length === 0) return null;
  return (
    <p className="missing">
      <span>{maybe > 0 && !first ? say('question.missing.more', { count: maybe }) : say('question.missing')} </span>
      {facts.map((fact) => (
        <button key={fact} type="button" className="tell" onClick={() => onTell(fact)}>
          {sayFact(fact, say)}
        </button>
      ))}
    </p>
  );
}

function NotBecause({ rulebook }: { rulebook: RulebookAnswer }) {
  const say = useWords();
  const lang = useLang();
  const { because, clause, notInForce } = rulebook.scope;
  if (notInForce) {
    const over = notInForce.to !== null && notInForce.on > notInForce.to;
    const date = sayDate(over ? (notInForce.to ?? notInForce.from) : notInForce.from, lang);
    return <p className="due-because">{say(over ? 'question.not.over' : 'question.not.yet', { date })}</p>;
  }
  const reasons = because.map((reason) => sayReason(reason, say, lang));
  const text = [...new Set(reasons)].slice(0, 2).join(lang === 'zh' ? '；' : '; ');
  return <p className="due-because">{say('question.not.because', { because: text, clause: clause[lang] })}</p>;
}

import type { FactName } from '../../../src/contract/facts.ts';
import type { Answer } from '../../../src/contract/question.ts';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useLang, useWords } from '../../words/words.ts';
import './answer.css';
import { Mark, type MarkKind } from '../rulebooks/mark.tsx';
import { sayFact } from '../rulebooks/say.ts';
import { countDue, inOrder, standingOf } from './answer-order.ts';
import { AnswerWays } from './answer-ways.tsx';
import { RulebookLines } from './rulebook-lines.tsx';
import type { Answered } from './use-answer.ts';

/** The answer as it stands: one sentence, then every rulebook. */
export function AnswerPanel({ answered, onTell }: { answered: Answered; onTell: (fact: FactName) => void }) {
  const say = useWords();
  const { answer, error, behind, again } = answered;
  if (!answer) return error ? <ProblemNote error={error} onRetry={again} /> : <Waiting lines={5} />;
  const shown = inOrder(answer.rulebooks);
  const others = shown.filter((rulebook) => standingOf(rulebook) === 'not');
  return (
    <div className="answer" aria-busy={behind}>
      <Summary answer={answer} />
      {error !== null && <ProblemNote error={error} onRetry={again} />}
      <NextAsked answer={answer} onTell={onTell} />
      <ul className="answer-list">
        {shown
          .filter((rulebook) => !others.includes(rulebook))
          .map((rulebook) => (
            <RulebookLines key={rulebook.id} rulebook={rulebook} onTell={onTell} />
          ))}
      </ul>
      {others.length > 0 && (
        <section className="answer-others">
          <h3>{say('question.answer.others', { count: others.length })}</h3>
          <ul className="answer-list">
            {others.map((rulebook) => (
              <RulebookLines key={rulebook.id} rulebook={rulebook} onTell={onTell} />
            ))}
          </ul>
        </section>
      )}
      <AnswerWays answer={answer} />
    </div>
  );
}

export const summaryMarks = {
  blocked: 'waits',
  due: 'due',
  'may-be-due': 'open',
  'nothing-due': 'done',
} as const satisfies Record<Answer['summary'], MarkKind>;

function Summary({ answer }: { answer: Answer }) {
  const say = useWords();
  const { waits, due, open } = countDue(answer);
  const counts = [
    ...(waits > 0 ? [say('question.count.waits', { count: waits })] : []),
    ...(due > 0 ? [say('question.count.due', { count: due })] : []),
    ...(open > 0 ? [say('question.count.open', { count: open })] : []),
  ];
  return (
    <header className="answer-head">
      <p className="answer-summary">
        <Mark of={summaryMarks[answer.summary]}>{say(`question.summary.${answer.summary}`)}</Mark>
      </p>
      {counts.length > 0 && <p className="quiet">{counts.join(' · ')}</p>}
    </header>
  );
}

/** The one fact that settles most. */
function NextAsked({ answer, onTell }: { answer: Answer; onTell: (fact: FactName) => void }) {
  const say = useWords();
  const lang = useLang();
  const [first] = answer.ask;
  if (!first) return null;
  return (
    <p className="answer-next">
      {say('question.answer.next')}{' '}
      <button type="button" className="tell" onClick={() => onTell(first.fact)}>
        {sayFact(first.fact, say)}
      </button>{' '}
      <span className="quiet" lang={lang === 'zh' ? 'zh-CN' : 'en'}>
        {say('question.waiting', { count: first.rules.length })}
      </span>
    </p>
  );
}

import type { Signal } from '../../../../src/contract/screening.ts';
import { CopyButton } from '../../../ui/copy.tsx';
import { SignalMark } from '../../../ui/signal-mark.tsx';
import { useWords } from '../../../words/words.ts';
import { prettyJson } from '../plain.ts';
import { Foreign, Sentence } from '../sentence.tsx';
import { CheckTable, CheckTotals } from './checks.tsx';
import { ErrorRates } from './error-rates.tsx';
import { type Shown, signalAnchor } from './shown.ts';
import { Where } from './where.tsx';

/** One line of evidence: what it says, where it sits, how often this is wrong, and the evidence itself. */
export function SignalCard({ shown, signal, number }: { shown: Shown; signal: Signal; number: number }) {
  const say = useWords();
  const evidence = prettyJson(signal.evidence);
  return (
    <article
      className="card"
      id={signalAnchor(number)}
      tabIndex={-1}
      aria-label={say('screening.signal.number', { number })}
    >
      <h3 className="card-head">
        <span className="badge" aria-hidden="true">
          {number}
        </span>
        <SignalMark of={signal.strength}>{say(`screening.word.${signal.strength}`)}</SignalMark>
        <span className="card-claim">{say(`report.claim.${signal.claim}`)}</span>
        <code className="quiet card-method">
          <Foreign text={signal.method} most={80} />
        </code>
      </h3>
      <p className="card-what">
        <Sentence of={`signal.${signal.code}`} params={signal.params} />
      </p>
      <dl className="points">
        <dt>{say('report.where')}</dt>
        <dd>
          <Where shown={shown} place={signal.place} />
        </dd>
        <dt>{say('report.wrong')}</dt>
        <dd>
          <ErrorRates rates={signal.errorRate} />
        </dd>
        {signal.checks.length > 0 && (
          <>
            <dt>{say('report.checks')}</dt>
            <dd>
              <CheckTotals checks={signal.checks} />
            </dd>
          </>
        )}
      </dl>
      <details className="fold">
        <summary>{say('report.evidence')}</summary>
        {signal.checks.length > 0 && <CheckTable checks={signal.checks} />}
        <div className="with-copy">
          <CopyButton text={evidence} />
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable with the keyboard */}
          <pre tabIndex={0}>{evidence}</pre>
        </div>
      </details>
    </article>
  );
}
